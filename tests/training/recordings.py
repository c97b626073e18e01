"""Sound and film made for tests: the smallest files that are what they say."""

import io
import math
import struct
import wave

PLACE = b"+18.5944-072.3074/"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nWhere are your papers?\n\n00:02.500 --> 00:04.000\nMy boss has them.\n"


def box(kind: bytes, *inside: bytes) -> bytes:
    """Return a box of MPEG-4."""
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(handler: bytes = b"vide", codec: bytes = b"avc1", *, moov: bool = True) -> bytes:
    """Return a film or a sound in MPEG-4 with a note of the place where it was made."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler), box(b"stsd", codec)), box(b"udta", PLACE))
    told = box(b"moov", track, box(b"udta", box(b"\xa9xyz", PLACE))) if moov else b""
    return box(b"ftyp", b"isom") + told + box(b"mdat", bytes(range(256)) * 4)


def mp3(*, tag: bool = False) -> bytes:
    """Return five frames of MP3, with a tag before them that names somebody."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    head = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"Somebody! " if tag else b""
    return head + frame * 5 + (b"TAG" + bytes(125) if tag else b"")


def wav(seconds: float = 0.1) -> bytes:
    """Return a tone."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (round(9000 * math.sin(number / 4)) for number in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in tone))
    return made.getvalue()
