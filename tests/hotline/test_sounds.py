"""What a telephone plays: judged by what is in a file, whatever its name, and brought to one loudness."""

import array
import io
import math
import struct
import wave

import pytest
from django.conf import settings

from hotline import sounds
from hotline.telephony.tones import tone


def wav(seconds=1.0, channels=1, width=2, rate=8000, sample=9000):
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        one = struct.pack("<h", sample) if width == 2 else bytes(width - 1) + b"\x40"
        file.writeframes(one * channels * int(rate * seconds))
    return held.getvalue()


def voice(*parts, rate=8000):
    """A tone of some (seconds, level) parts after one another, as a person speaks and pauses."""
    samples = [
        max(-32768, min(32767, round(level * math.sin(number * 2 * math.pi * 300 / rate))))
        for seconds, level in parts
        for number in range(int(seconds * rate))
    ]
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", samples).tobytes())
    return held.getvalue()


def mp3(frames=40, mode=0b11, header=b"\xff\xf3\x40"):
    """MPEG 2 layer III, 32 kbit/s, 22,050 samples a second: frames of 104 bytes, all silence."""
    frame = header + bytes([mode << 6])
    return (frame + bytes(104 - len(frame))) * frames


def heard(sound):
    """Return rate, channels and samples of what is kept."""
    with wave.open(io.BytesIO(sound.audio)) as file:
        return file.getframerate(), file.getnchannels(), array.array("h", file.readframes(file.getnframes()))


def level(samples):
    return math.sqrt(sum(one * one for one in samples) / len(samples))


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize(("channels", "width"), [(1, 2), (2, 2), (2, 3)])
def test_whatever_a_recorder_writes_becomes_what_a_telephone_plays(rate, channels, width):
    sound = sounds.read(wav(2, channels, width, rate))

    at, count, samples = heard(sound)
    assert (sound.content_type, at, count) == ("audio/wav", 8000, 1)
    assert abs(sound.seconds - 2) <= 0.1
    assert abs(level(samples) - sounds.LEVEL) < sounds.LEVEL * 0.1


def test_what_the_recorder_wrote_into_a_file_is_left_out():
    content = voice((2, 9000))
    named = (
        content[:4]
        + struct.pack("<I", len(content) + 16)
        + content[8:]
        + b"LIST"
        + struct.pack("<I", 16)
        + b"INFOIARTMyName\0\0"
    )

    assert b"MyName" not in sounds.read(named).audio
    assert sounds.read(named) == sounds.read(content)


@pytest.mark.parametrize("loud", [700, 3000, 20000])
def test_whoever_whispers_and_whoever_shouts_is_heard_alike(loud):
    _rate, _count, samples = heard(sounds.read(voice((1, loud), (0.5, loud // 50), (1, loud))))

    spoken = samples[: 8000 - 400]
    assert abs(level(spoken) - sounds.LEVEL) < sounds.LEVEL * 0.1


def test_silence_around_the_words_goes_and_pauses_between_them_stay():
    sound = sounds.read(voice((3, 0), (1, 9000), (0.6, 0), (1, 9000), (4, 0)))

    assert 2.6 <= sound.seconds <= 3.1


@pytest.mark.parametrize("name", ["tone-mono.mp3", "tone-stereo.mp3"])
def test_an_mp3_is_read_without_its_tags_and_with_one_channel_or_two(name):
    """The files: a tone of one second, made by us with an encoder, since the product has none."""
    content = (settings.BASE_DIR / "tests" / "data" / "sounds" / name).read_bytes()

    sound = sounds.read(content + b"TAG" + b"a name".ljust(125, b"\0"))

    _rate, _count, samples = heard(sound)
    assert abs(sound.seconds - 1) <= 0.15
    assert abs(level(samples[1000:-1000]) - sounds.LEVEL) < sounds.LEVEL * 0.1
    assert b"name" not in sound.audio


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"RIFF" + bytes(5_000_001), "large"),
        (b"<html>not a sound</html>", "no_sound"),
        (b"RIFF1234WAVE no sound", "no_sound"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "no_sound"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "no_sound"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x05hello<html></html>", "broken"),
        (wav(1, sample=0), "silent"),
        (wav(1, sample=sounds.QUIET - 60), "silent"),
        (voice((1, sounds.QUIET + 10)), "quiet"),
        (voice((1, 60_000)), "torn"),
        (wav(31), "length"),
        (wav(40, rate=1), "no_sound"),
        (wav(1).replace(struct.pack("<I", 16000), struct.pack("<I", 100)), "no_sound"),
        (wav(0), "length"),
        (wav(2)[:-9000], "broken"),
        (mp3(), "silent"),
        (mp3()[:-30], "broken"),
        (mp3(5) + b"<script>alert(1)</script>" + mp3(5), "broken"),
        (mp3(2000), "length"),
        (b"\xff\xf3\xf0\xc0" + bytes(300), "broken"),
    ],
)
def test_what_a_telephone_cannot_play_is_refused(content, code):
    with pytest.raises(sounds.SoundRefused) as refused:
        sounds.read(content)

    assert refused.value.code == code


def test_our_own_tone_can_be_played():
    assert sounds.read(tone(1)).seconds == 1.0


@pytest.mark.parametrize(
    ("seconds", "signs", "is_whole"),
    [(0.3, 30, True), (0.3, 60, False), (1, 125, True), (1, 126, False), (9, 999, True)],
)
def test_a_sound_that_is_far_shorter_than_its_words_does_not_say_them(seconds, signs, is_whole):
    assert sounds.says_all(sounds.read(tone(seconds)), "w" * signs) == is_whole
