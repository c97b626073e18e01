"""What somebody sent with a message: its type by its bytes, and a picture without what the camera wrote into it. Pure."""

import io
import struct
import warnings
import zlib

from PIL import Image, ImageOps

MOST_BYTES = 16 * 1024 * 1024
MAX_PIXELS = 24_000_000
OTHER = "application/octet-stream"
# What a browser shows or plays by itself, without running anything; all else is only handed over as a file.
SHOWN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
PLAYED = ("audio/ogg", "audio/mpeg", "audio/amr", "audio/wav", "audio/mp4", "video/mp4", "video/3gpp")
# What Pillow and its decoders raise at files that are cut off, changed or made up.
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def plain_file(content: bytes) -> tuple[bytes, str]:
    """Return what is kept of a file, and its type: a picture is written anew, without place, device or comments.

    What claims to be a picture and cannot be written anew is kept as it came, and is no picture to anybody.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(SHOWN)) as picture:
                return _bare(picture)
    except BROKEN:
        return content, _sound(content)


def _bare(picture: Image.Image) -> tuple[bytes, str]:
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    is_photo = picture.format == "JPEG"
    upright = ImageOps.exif_transpose(picture).convert("RGB" if is_photo else "RGBA")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    target = io.BytesIO()
    bare.save(target, format="JPEG" if is_photo else "PNG", **({"quality": 90} if is_photo else {}))
    return target.getvalue(), SHOWN["JPEG" if is_photo else "PNG"]


def _sound(content: bytes) -> str:
    """Return the type of sound or film by the first bytes; anything else is only bytes."""
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith(b"ID3") or content[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return "audio/mpeg"
    if content.startswith(b"#!AMR"):
        return "audio/amr"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return "audio/mp4" if brand == b"M4A " else "video/3gpp" if brand.startswith(b"3g") else "video/mp4"
    return OTHER


def is_picture(content_type: str) -> bool:
    """Tell whether a browser may show it."""
    return content_type in SHOWN.values()


def is_played(content_type: str) -> bool:
    """Tell whether a browser may play it."""
    return content_type in PLAYED
