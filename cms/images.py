"""Pictures that editors upload: written anew without the camera's notes (place, device), and served by us.

Originals and renditions would otherwise keep GPS tags (trust.md §12). The form of every way in judges the file and
hands on the bare one; what is saved past a form is written anew by the signal, which is the last guard.
"""

import io
import struct
import zlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.models import UploadedFile

from cms.shown import KnowsWhatItShowed

MAX_PIXELS = 24_000_000
MAY_MOVE = frozenset({"GIF", "PNG", "WEBP"})
# What Pillow and its decoders raise at files that are cut off, changed or made up.
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    MemoryError, struct.error, zlib.error,
)  # fmt: skip
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)

TAKEN = _("A picture in JPEG, PNG, GIF or WebP that does not move, of at most %(most)s MB and 24 million pixels.")
DAMAGED = _(
    "This picture is damaged or cut off. Open it where it came from, save it anew as JPEG or PNG, and choose it again."
)
TOO_LARGE = _(
    "This picture is larger than 24 million pixels. Make it smaller (2000 pixels on the longer side are enough for a "
    "page), and choose it again."
)
NO_PICTURE = _(
    "This file is no picture in JPEG, PNG, GIF or WebP, or it is damaged, or it moves. Save one still picture as JPEG or "
    "PNG, and choose that."
)
MOVES = _(
    "This picture moves, and on our pages nothing moves by itself. Save one still picture of it, and choose that."
)


class NotAPicture(ValueError):
    """Raised when a file is no picture that we take; it says why and what to do."""


def without_notes(content: bytes) -> bytes:
    """Return the picture upright and without EXIF, XMP or comments, in its own format."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            _check(picture)
            picture.verify()  # every checksum; the picture must be opened again for its pixels
        with Image.open(io.BytesIO(content)) as picture:
            return _bare(picture)
    except BOMB as error:
        raise NotAPicture(TOO_LARGE) from error
    except BROKEN as error:
        if isinstance(error, NotAPicture):
            raise
        raise NotAPicture(DAMAGED) from error


def _check(picture: Image.Image) -> None:
    """Refuse, before any pixel is unpacked, what is too large and what moves."""
    if picture.width * picture.height > MAX_PIXELS:
        raise NotAPicture(TOO_LARGE)
    if picture.format in MAY_MOVE and getattr(picture, "is_animated", False):
        raise NotAPicture(MOVES)


def _bare(picture: Image.Image) -> bytes:
    """Return the pixels, their palette and what is transparent in them, and nothing else of the file."""
    # Telephones put a second picture or a film behind the first one and call both together MPO: the first is kept.
    kind = "JPEG" if picture.format == "MPO" else picture.format
    upright = ImageOps.exif_transpose(picture)
    bare = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        bare.putpalette(upright.getpalette())
    if "transparency" in upright.info:
        bare.info["transparency"] = upright.info["transparency"]
    bare.paste(upright)
    target = io.BytesIO()
    bare.save(target, format=kind)
    return target.getvalue()


class BarePicture(SimpleUploadedFile):
    """A chosen file that was judged and written anew."""


class PictureField(WagtailImageField):
    """The file of a picture: a name and size that Wagtail takes, and a content that we do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.help_text = TAKEN % {"most": self.max_upload_size // 1024**2}
        self.error_messages["invalid_image"] = NO_PICTURE
        self.max_image_pixels = None  # Wagtail opens the file to count them, and raises where it is damaged

    @classmethod
    def instead_of(cls, field):
        """Return a field of ours that looks like one of theirs."""
        return cls(label=field.label, required=field.required, widget=field.widget, max_length=field.max_length)

    def to_python(self, data):
        """Return the chosen file without the camera's notes, when it is a picture that we take."""
        if hasattr(data, "seek"):
            data.seek(0)  # a form that is shown again with its faults reads the file a second time
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return BarePicture(file.name, without_notes(file.read()), file.content_type)
        except NotAPicture as error:
            raise ValidationError(error.args[0]) from error


class ImageForm(KnowsWhatItShowed, BaseImageForm):
    """The form of every way into the store: one file, several at once, a chooser's, another file for an old picture."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"] = PictureField.instead_of(self.fields["file"])


def judge_profile_pictures():
    """Let the editor's own page of a person take no other pictures; Wagtail has no setting for its form."""
    fields = AvatarPreferencesForm.base_fields
    fields["avatar"] = PictureField.instead_of(fields["avatar"])


def strip_before_save(sender, instance, **kwargs):
    """Write a newly chosen file anew before the row is stored: a picture, or one that waits for the rest of its form."""
    if isinstance(instance, UploadedFile) and instance.for_content_type.model != "image":
        return
    upload = instance.file
    if not upload or getattr(upload, "_committed", True) or isinstance(upload.file, BarePicture):
        return
    upload.seek(0)
    bare = without_notes(upload.read())
    instance.file = ContentFile(bare, name=upload.name)
    instance.file_size, instance.file_hash = len(bare), ""
