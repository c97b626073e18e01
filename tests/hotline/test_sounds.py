"""Which files a telephone can play: judged by what is in them, whatever their name."""

import io
import struct
import wave

import pytest

from hotline import sounds
from hotline.telephony.tones import tone


def wav(seconds=1.0, channels=1, width=2, rate=8000, sample=9000):
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        one = struct.pack("<h", sample) if width == 2 else b"\x50"
        file.writeframes(one * channels * int(rate * seconds))
    return held.getvalue()


def mp3(frames=40, mode=0b11, header=b"\xff\xf3\x40"):
    """MPEG 2 layer III, 32 kbit/s, 22,050 samples a second: frames of 104 bytes."""
    frame = header + bytes([mode << 6])
    return (frame + bytes(104 - len(frame))) * frames


def test_wav_is_kept_without_what_the_recorder_wrote_into_it():
    content = wav(2)
    named = (
        content[:4]
        + struct.pack("<I", len(content) - 8 + 24)
        + content[8:]
        + b"LIST"
        + struct.pack("<I", 16)
        + b"INFOIARTMyName\0\0"
    )

    sound = sounds.read(named)

    assert (sound.content_type, sound.seconds) == ("audio/wav", 2.0)
    assert b"MyName" not in sound.audio
    assert sound.audio == content


def test_mp3_is_kept_without_its_tags():
    tag = b"ID3\x03\x00\x00" + bytes([0, 0, 0, 20]) + b"TPE1 a name".ljust(20, b"\0")

    sound = sounds.read(tag + mp3() + b"TAG" + b"a name".ljust(125, b"\0"))

    assert sound.content_type == "audio/mpeg"
    assert sound.seconds == round(40 * 576 / 22050, 1)
    assert sound.audio == mp3()


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
        (wav(1, channels=2), "stereo"),
        (wav(1, width=1), "no_sound"),
        (wav(1, rate=96_000), "no_sound"),
        (wav(1, sample=0), "silent"),
        (wav(1, sample=sounds.QUIET - 1), "silent"),
        (wav(31), "length"),
        (wav(0), "length"),
        (wav(2)[:-9000], "broken"),
        (mp3(mode=0b01), "stereo"),
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


def test_the_quietest_sound_that_a_telephone_lets_through_is_taken():
    assert sounds.read(wav(1, sample=sounds.QUIET)).seconds == 1.0
