"""A short tone as a sound file: what the simulated provider keeps of a recorded message."""

import io
import math
import struct
import wave

RATE = 8000


def tone(seconds: float = 1.0, pitch: float = 440.0, level: int = 9000) -> bytes:
    """Return a mono WAV file at 8 kHz; `level` is its loudest sample, 32767 at most."""
    samples = (int(level * math.sin(2 * math.pi * pitch * count / RATE)) for count in range(int(RATE * seconds)))
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return sound.getvalue()
