"""Which files a telephone can play: WAV (PCM, 16 bit) and MP3, mono, judged by what is in them, never by name. Pure.

What is kept is sound alone: the names, places and programmes that recorders write into a file are left out.
"""

import array
import io
import sys
import wave
from dataclasses import dataclass

MOST_BYTES = 5_000_000
LEAST_SECONDS, MOST_SECONDS = 0.2, 30
QUIET = 200  # of 32,767: below this a telephone lets nothing be heard
RATES = range(8_000, 48_001)
# MP3, layer III: kilobits a second by index, samples a second by version, of MPEG 1 and of MPEG 2 and 2.5.
_BITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MONO = 3


@dataclass(frozen=True)
class Sound:
    """What is kept of a file: the sound itself, its true type, how long it is."""

    audio: bytes
    content_type: str
    seconds: float


class SoundRefused(ValueError):
    """Raised when a telephone could not play a file; `code` is a key of choices.SOUND_FAULTS."""

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code, self.values = code, values


def read(content: bytes) -> Sound:
    """Return what is kept of a file, or raise SoundRefused with the reason."""
    if not content:
        raise SoundRefused("empty")
    if len(content) > MOST_BYTES:
        raise SoundRefused("large")
    if content[:4] == b"RIFF":
        sound = _wav(content)
    elif content[:3] == b"ID3" or _is_sync(content, 0):
        sound = _mp3(content)
    else:
        raise SoundRefused("no_sound")
    if not LEAST_SECONDS <= sound.seconds <= MOST_SECONDS:
        raise SoundRefused("length", seconds=sound.seconds, most=MOST_SECONDS)
    return sound


def _wav(content: bytes) -> Sound:
    try:
        with wave.open(io.BytesIO(content)) as file:
            channels, width, rate, count = file.getparams()[:4]
            frames = file.readframes(count)
    except (wave.Error, EOFError, ValueError, RuntimeError) as error:
        raise SoundRefused("no_sound") from error
    if channels != 1:
        raise SoundRefused("stereo")
    if width != 2 or rate not in RATES:
        raise SoundRefused("no_sound")
    if len(frames) < count * width:
        raise SoundRefused("broken")
    if count and _loudest(frames) < QUIET:
        raise SoundRefused("silent")
    return Sound(_wav_of(frames, rate), "audio/wav", round(count / rate, 1))


def _loudest(frames: bytes) -> int:
    samples = array.array("h", frames)
    if sys.byteorder == "big":
        samples.byteswap()
    return max(max(samples), -min(samples))


def _wav_of(frames: bytes, rate: int) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
    return made.getvalue()


def _is_sync(content: bytes, at: int) -> bool:
    """Tell whether a frame of layer III begins here."""
    return content[at : at + 1] == b"\xff" and len(content) > at + 3 and content[at + 1] & 0xE6 == 0xE2


def _after_tag(content: bytes) -> int:
    """Return where the sound begins: behind an ID3v2 tag, whose length is written in sevens of bits."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if content[5] & 0x10 else 0)


def _mp3(content: bytes) -> Sound:
    begins = at = _after_tag(content)
    seconds = 0.0
    while at < len(content) and content[at : at + 3] not in (b"TAG", b"APE"):
        length, lasts = _frame(content, at)
        at, seconds = at + length, seconds + lasts
    if at > len(content):
        raise SoundRefused("broken")
    return Sound(content[begins:at], "audio/mpeg", round(seconds, 1))


def _frame(content: bytes, at: int) -> tuple[int, float]:
    """Return how many bytes and seconds a frame takes; what is no frame is no sound."""
    if not _is_sync(content, at):
        raise SoundRefused("no_sound" if not at else "broken")
    version, bits = content[at + 1] >> 3 & 3, content[at + 2] >> 4
    rate, padding = content[at + 2] >> 2 & 3, content[at + 2] >> 1 & 1
    if version == 1 or bits in (0, 15) or rate == 3:
        raise SoundRefused("broken")
    if content[at + 3] >> 6 != _MONO:
        raise SoundRefused("stereo")
    samples, per_second = (1152 if version == 3 else 576), _RATES[version][rate]
    kilobits = _BITS[3 if version == 3 else 2][bits]
    return samples // 8 * kilobits * 1000 // per_second + padding, samples / per_second
