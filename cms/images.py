"""Pictures that editors upload: written anew without the camera's notes (place, device), and served by us.

Originals and renditions would otherwise keep GPS tags (trust.md §12).
"""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 24_000_000


class NotAPicture(ValueError):
    """Raised when a file is no picture that can be shown; choose a JPEG, PNG, GIF or WebP file."""


def without_notes(content: bytes) -> bytes:
    """Return the picture upright and without EXIF, XMP or comments, in its own format."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAPicture("The picture is too large; make it smaller than 24 million pixels.")
            kind = picture.format
            upright = ImageOps.exif_transpose(picture)
            bare = Image.new(upright.mode, upright.size)
            if upright.mode == "P":
                bare.putpalette(upright.getpalette())
            bare.paste(upright)
            target = io.BytesIO()
            bare.save(target, format=kind)
            return target.getvalue()
    except (UnidentifiedImageError, OSError) as error:
        raise NotAPicture("This file is not a picture that can be shown.") from error


def strip_before_save(sender, instance, **kwargs):
    """Write a newly chosen file anew before the row is stored."""
    upload = instance.file
    if not upload or getattr(upload, "_committed", True):
        return
    upload.seek(0)
    bare = without_notes(upload.read())
    instance.file = ContentFile(bare, name=upload.name)
    instance.file_size, instance.file_hash = len(bare), ""
