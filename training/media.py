"""Which sounds and films lessons take: what every phone's browser plays, judged by what is in the file. Pure.

MP3, M4A (AAC) and WAV are sound; MP4 with H.264 is film. What recorders write beside it (place, device, names) is taken
out: such notes may tell where a person was.
"""

import io
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass

AUDIO, VIDEO = "audio", "video"
MOST_BYTES = {AUDIO: 20 * 1024 * 1024, VIDEO: 60 * 1024 * 1024}
MOST = max(MOST_BYTES.values())
_NOTES = (b"udta", b"meta", b"uuid")
_INSIDE = (b"moov", b"trak")
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
    except (wave.Error, EOFError, ValueError, RuntimeError) as error:
        raise MediaRefused("broken") from error
    if not frames or len(frames) < form.nframes * form.nchannels * form.sampwidth:
        raise MediaRefused("broken")
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(form.nchannels)
        file.setsampwidth(form.sampwidth)
        file.setframerate(form.framerate)
        file.writeframes(frames)
    return made.getvalue()


def _mp3(content: bytes) -> bytes:
    """Return the frames without the tags before and behind them; three frames in a row are a sound."""
    begins = _after_tag(content)
    at = begins
    for _frame in range(3):
        if not _is_sync(content, at):
            raise MediaRefused("broken" if begins else "unknown")
        following = (here for here in range(at + 24, at + _LARGEST_FRAME) if _is_sync(content, here, content[at + 1]))
        at = next(following, len(content))
    ends = len(content) - 128 if content[-128:-125] == b"TAG" else len(content)
    return content[begins:ends]


def _after_tag(content: bytes) -> int:
    """Return where the sound begins: behind an ID3v2 tag, whose length is written in sevens of bits."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if content[5] & 0x10 else 0)


def _is_sync(content: bytes, at: int, like: int | None = None) -> bool:
    """Tell whether a frame of layer III begins here, of the same version as another where one is named."""
    if len(content) < at + 4 or content[at] != 0xFF or content[at + 1] & 0xE6 != 0xE2:
        return False
    bits, rate = content[at + 2] >> 4, content[at + 2] >> 2 & 3
    return bits not in (0, 15) and rate != 3 and (like is None or content[at + 1] == like)


def _mp4(content: bytearray) -> Media:
    """Return a sound or film in MPEG-4 without its notes: their room stays, emptied, so that nothing else moves."""
    _empty_notes(content, 0, len(content))
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


def _empty_notes(content: bytearray, at: int, end: int) -> None:
    for kind, begins, ends in list(_boxes(content, at, end)):
        if kind in _NOTES:
            content[begins:ends] = bytes(ends - begins)
            name = content.rindex(kind, 0, begins)
            content[name : name + 4] = b"free"
        elif kind in _INSIDE:
            _empty_notes(content, begins, ends)
