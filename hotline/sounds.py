"""What a telephone plays: any WAV or MP3 of a voice becomes 8 kHz, mono, 16 bit, at one loudness. Judged by what is in it. Pure.

What is kept is sound alone: the names, places and programmes that recorders write into a file are left out, and silence
before and after the words. Loudness is measured over the parts in which somebody speaks (after ITU-T P.56, simplified to
frames of twenty milliseconds) and brought to one level, so that no prompt is whispered and the next one shouted.
"""

import array
import io
import math
import struct
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass

import miniaudio

MOST_BYTES = 5_000_000
LEAST_SECONDS, MOST_SECONDS = 0.2, 30
SIGNS_A_SECOND = 125  # of a text: five times as many as who reads it fast says
RATE, FRAME = 8_000, 160  # a telephone's samples a second, and those of twenty milliseconds
RATES, MOST_CHANNELS = range(4_000, 192_001), 8
FULL = 32_767
QUIET = 200  # the loudest sample is below this: a telephone lets nothing be heard
LEVEL = 3_277  # 20 dB below the loudest that can be written
MOST_GAIN = 20  # more would lift the noise of the room to the level of a voice
LOUDEST = 29_000
CLIPPED = 0.01  # share of samples at the upper edge from which a voice is torn
SPEAKS = 0.1  # a frame with less than this of the loudest frame is a pause
KEPT_PAUSE = 8  # frames of silence that stay before and after the words
# MP3, layer III: kilobits a second by index, samples a second by version, of MPEG 1 and of MPEG 2 and 2.5.
_BITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


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
        _check_wav(content)
    elif content[:3] == b"ID3" or _is_sync(content, 0):
        content = _mp3(content)
    else:
        raise SoundRefused("no_sound")
    samples = _decoded(content)
    _check_length(len(samples) / RATE)
    return _kept(_spoken(samples))


def says_all(sound: Sound, words: str) -> bool:
    """Tell whether somebody could say these words within a sound; one that is far too short is cut off, or another one."""
    return sound.seconds * SIGNS_A_SECOND >= len(words)


def _check_length(seconds: float) -> None:
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise SoundRefused("length", seconds=round(seconds, 1), most=MOST_SECONDS)


def _check_wav(content: bytes) -> None:
    """Refuse what is no WAV, what says that it holds more than it does, and what lasts too long before it is decoded.

    The head says how many bytes a second takes (the average of a compressed file), so how long the sound is: few samples
    a second would let a small file become a very long one.
    """
    if content[8:12] != b"WAVE":
        raise SoundRefused("no_sound")
    at, a_second = 12, 0
    while at + 8 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name == b"fmt ":
            channels, rate, a_second = struct.unpack("<HII", content[at + 10 : at + 20].ljust(10, b"\0"))
            if not 1 <= channels <= MOST_CHANNELS or rate not in RATES or a_second < rate // 2:
                raise SoundRefused("no_sound")
        if name == b"data":
            if not a_second:
                raise SoundRefused("no_sound")
            if at + 8 + length > len(content):
                raise SoundRefused("broken")
            _check_length(length / a_second)
            return
        at += 8 + length + length % 2
    raise SoundRefused("no_sound")


def _decoded(content: bytes) -> array.array:
    """Return the samples as a telephone hears them, channels mixed to one."""
    try:
        made = miniaudio.decode(content, nchannels=1, sample_rate=RATE)
    except miniaudio.DecodeError as error:
        raise SoundRefused("no_sound") from error
    samples = array.array("h", made.samples)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _spoken(samples: array.array) -> array.array:
    """Return the words at the level of every prompt, without the silence around them."""
    loudest = max(max(samples), -min(samples))
    if loudest < QUIET:
        raise SoundRefused("silent")
    if sum(abs(one) >= FULL - 50 for one in samples) > CLIPPED * len(samples):
        raise SoundRefused("torn")
    frames = list(_loudness(samples))
    speaks = [place for place, level in enumerate(frames) if level >= SPEAKS * max(frames)]
    level = math.sqrt(sum(frames[place] ** 2 for place in speaks) / len(speaks))
    if level * MOST_GAIN < LEVEL:
        raise SoundRefused("quiet")
    gain = min(LEVEL / level, LOUDEST / loudest)
    first, last = max(0, speaks[0] - KEPT_PAUSE) * FRAME, (speaks[-1] + 1 + KEPT_PAUSE) * FRAME
    return array.array("h", (round(one * gain) for one in samples[first:last]))


def _loudness(samples: array.array) -> Iterator[float]:
    """Yield the effective level of each frame."""
    for at in range(0, len(samples), FRAME):
        part = samples[at : at + FRAME]
        yield math.sqrt(sum(one * one for one in part) / len(part))


def _kept(samples: array.array) -> Sound:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return Sound(made.getvalue(), "audio/wav", round(len(samples) / RATE, 1))


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


def _mp3(content: bytes) -> bytes:
    """Return the frames of an MP3 without its tags; its length is told by them before anything is decoded."""
    begins = at = _after_tag(content)
    seconds = 0.0
    while at < len(content) and content[at : at + 3] not in (b"TAG", b"APE"):
        length, lasts = _frame(content, at)
        at, seconds = at + length, seconds + lasts
    if at > len(content):
        raise SoundRefused("broken")
    _check_length(seconds)
    return content[begins:at]


def _frame(content: bytes, at: int) -> tuple[int, float]:
    """Return how many bytes and seconds a frame takes; what is no frame is no sound."""
    if not _is_sync(content, at):
        raise SoundRefused("no_sound" if not at else "broken")
    version, bits = content[at + 1] >> 3 & 3, content[at + 2] >> 4
    rate, padding = content[at + 2] >> 2 & 3, content[at + 2] >> 1 & 1
    if version == 1 or bits in (0, 15) or rate == 3:
        raise SoundRefused("broken")
    samples, per_second = (1152 if version == 3 else 576), _RATES[version][rate]
    kilobits = _BITS[3 if version == 3 else 2][bits]
    return samples // 8 * kilobits * 1000 // per_second + padding, samples / per_second
