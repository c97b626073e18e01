"""Which sounds and films lessons take: what every phone's browser plays, judged by what is in the file. Pure.

MP3, M4A (AAC) and WAV are sound; MP4 with H.264 is film. What recorders write beside it (place, device, names) is taken
out: such notes may tell where a person was.
"""

import io
import re
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass

AUDIO, VIDEO = "audio", "video"
MOST_BYTES = {AUDIO: 20 * 1024 * 1024, VIDEO: 60 * 1024 * 1024}
MOST = max(MOST_BYTES.values())
_NOTES = (b"udta", b"meta", b"uuid", b"free", b"skip", b"gps ")
_INSIDE = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf")
_DEEPEST, _MOST_BOXES = 8, 10_000
# Tracks beside picture and sound tell where a camera went (meta, camm, gpmd; text and sbtl of drones); time codes do not.
_TRACKS = (b"vide", b"soun", b"hint", b"tmcd")
_OTHER_FILMS = re.compile(rb"hvc1|hev1|dvh1|av01|vp0[89]|mp4v")
_LARGEST_FRAME = 1500  # no frame of MP3 is longer


@dataclass(frozen=True)
class Media:
    """What is kept of a file: sound or film, the ending of its name, its true type, its bytes without notes."""

    kind: str
    ending: str
    content_type: str
    content: bytes


class MediaRefused(ValueError):
    """Raised when a file is not taken; `code` is a key of `training.choices.MEDIA_FAULTS`."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def bare(content: bytes) -> Media:
    """Return what is kept of a file, or raise MediaRefused: `empty`, `unknown`, `broken`, `codec`, `large`."""
    if not content:
        raise MediaRefused("empty")
    if content[4:8] == b"ftyp":
        found = _mp4(bytearray(content))
    elif content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        found = Media(AUDIO, "wav", "audio/wav", _wav(content))
    else:
        found = Media(AUDIO, "mp3", "audio/mpeg", _mp3(content))
    if len(found.content) > MOST_BYTES[found.kind]:
        raise MediaRefused("large")
    return found


def _wav(content: bytes) -> bytes:
    """Return the sound alone, written anew."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            form = file.getparams()
            frames = file.readframes(form.nframes)
        if not frames or len(frames) < form.nframes * form.nchannels * form.sampwidth:
            raise MediaRefused("broken")
        return _wav_of(form, frames)
    except (wave.Error, struct.error, EOFError, ValueError, RuntimeError) as error:
        raise MediaRefused("broken") from error


def _wav_of(form, frames: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(form.nchannels)
        file.setsampwidth(form.sampwidth)
        file.setframerate(form.framerate)
        file.writeframes(frames)
    return made.getvalue()


def _mp3(content: bytes) -> bytes:
    """Return the frames without the tags before and behind them; three frames in a row are a sound."""
    begins = _after_tags(content)
    sound = content[begins : _before_tags(content, begins)]
    at = 0
    for _frame in range(3):
        if not _is_sync(sound, at):
            raise MediaRefused("broken" if begins else "unknown")
        following = (here for here in range(at + 24, at + _LARGEST_FRAME) if _is_sync(sound, here, sound[at + 1]))
        at = next(following, len(sound))
    return sound


def _after_tags(content: bytes) -> int:
    """Return where the sound begins: behind the tags ID3v2 and APEv2, however many."""
    at = 0
    while length := _length_of_tag(content[at : at + 32]):
        at += length
    return at


def _length_of_tag(head: bytes) -> int:
    """Return how long the tag is that begins so; 0 where none does. ID3v2 writes its length in sevens of bits."""
    if head[:8] == b"APETAGEX" and len(head) == 32:
        return 32 + int.from_bytes(head[12:16], "little")
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _before_tags(content: bytes, begins: int) -> int:
    """Return where the sound ends: before the tags ID3v1, "TAG+" (227 bytes) and APEv2, in whatever order they stand."""
    at = len(content)
    while at > begins:
        if content.startswith(b"TAG", at - 128):
            at -= 128
        elif content.startswith(b"TAG+", at - 227):
            at -= 227
        elif content.startswith(b"APETAGEX", at - 32):
            at -= _length_of_ape(content, at)
        else:
            return at
    raise MediaRefused("broken")


def _length_of_ape(content: bytes, ends: int) -> int:
    """Return how long an APEv2 tag is that ends here: its foot tells the length without the head, which may be there."""
    size = max(32, int.from_bytes(content[ends - 20 : ends - 16], "little"))
    head = ends - size - 32
    return size + 32 if head >= 0 and content.startswith(b"APETAGEX", head) else size


def _is_sync(content: bytes, at: int, like: int | None = None) -> bool:
    """Tell whether a frame of layer III begins here, of the same version as another where one is named."""
    if len(content) < at + 4 or content[at] != 0xFF or content[at + 1] & 0xE6 != 0xE2:
        return False
    bits, rate = content[at + 2] >> 4, content[at + 2] >> 2 & 3
    return bits not in (0, 15) and rate != 3 and (like is None or content[at + 1] == like)


def _mp4(content: bytearray) -> Media:
    """Return a sound or film in MPEG-4 without its notes: their room stays, emptied, so that nothing else moves."""
    _empty_notes(content, 0, len(content), iter(range(_MOST_BOXES)))
    told = next(
        (bytes(content[begins:ends]) for kind, begins, ends in _boxes(content, 0, len(content)) if kind == b"moov"),
        b"",
    )
    if not told:
        raise MediaRefused("broken")
    if b"vide" in told and b"avc1" in told and not _OTHER_FILMS.search(told):
        return Media(VIDEO, "mp4", "video/mp4", bytes(content))
    if b"vide" not in told and b"soun" in told and b"mp4a" in told:
        return Media(AUDIO, "m4a", "audio/mp4", bytes(content))
    raise MediaRefused("codec")


def _boxes(content: bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes between two places: kind, where its inside begins, where it ends; one that ends too late is broken."""
    while at < end:
        head, size = 8, int.from_bytes(content[at : at + 4])
        if size == 1:
            head, size = 16, int.from_bytes(content[at + 8 : at + 16])
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise MediaRefused("broken")
        yield bytes(content[at + 4 : at + 8]), at + head, at + size
        at += size


def _empty_notes(content: bytearray, at: int, end: int, left: Iterator[int], path: tuple[bytes, ...] = ()) -> None:
    """Empty the notes between two places; refuse other tracks, and boxes nested deeper or more than recorders write."""
    if len(path) >= _DEEPEST:
        raise MediaRefused("broken")
    for kind, begins, ends in _boxes(content, at, end):
        if next(left, None) is None:
            raise MediaRefused("broken")
        if kind in _NOTES:
            content[begins:ends] = bytes(ends - begins)
            name = content.rindex(kind, 0, begins)
            content[name : name + 4] = b"free"
        elif kind in _INSIDE:
            _empty_notes(content, begins, ends, left, (*path, kind))
        elif kind == b"hdlr" and path[-1:] == (b"mdia",) and content[begins + 8 : begins + 12] not in _TRACKS:
            raise MediaRefused("codec")
