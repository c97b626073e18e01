"""Documents that editors upload: a short list of kinds, judged by what is in the file and by its name (trust.md §12).

The browser's word for the kind is not asked. Nothing is unpacked to disk, and no document is served but as what its
name says.
"""

import re
import zipfile
import zlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from cms.shown import KnowsWhatItShowed

MAX_PARTS, MAX_UNPACKED, MAX_RATIO = 2_000, 200 * 1024 * 1024, 100
CHUNK = 256 * 1024

KINDS = _(
    "Files of this kind are not taken. Choose a PDF, a text in TXT or CSV, or a document in DOCX, XLSX, PPTX or ODT; "
    "pictures are uploaded as images."
)
TAKEN = _("A PDF, a text in TXT or CSV, or a document in DOCX, XLSX, PPTX or ODT, of at most %(most)s MB.")
INSIDE = _(
    "What is in this file is not what its name says, or it is damaged or locked by a password. Open it in the program "
    "it was made with, save it anew in the same format, and choose it again."
)
ENCODING = _("This text cannot be read. Save it as plain text in UTF-8, and choose it again.")
ACTIVE = _(
    "This file holds a program (a macro or a script) or another file inside it. Save it without, and choose it again."
)
PACKED = _(
    "This file unpacks to far more than its size says. Save it anew with smaller pictures, and choose it again."
)

# What the first part of a document must say, by the ending of its name; what a program is called inside one.
OFFICE = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
PROGRAMS = re.compile(r"vbaproject|(^|/)(activex|macrosheets|basic|scripts)/|oleobject", re.IGNORECASE)
PDF_PROGRAMS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?)\b")
MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)


class NotADocument(ValueError):
    """Raised when a file is no document that we take; it says why and what to do."""


def check(name: str, file) -> None:
    """Refuse a file whose kind is not on the list, or whose content is not what its name says."""
    judge = JUDGES.get(name.rpartition(".")[2].lower())
    if judge is None:
        raise NotADocument(KINDS)
    file.seek(0)
    judge(file)
    file.seek(0)


def _pdf(file) -> None:
    content = file.read()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise NotADocument(INSIDE)
    if PDF_PROGRAMS.search(content):
        raise NotADocument(ACTIVE)


def _text(file) -> None:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotADocument(ENCODING) from error
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        raise NotADocument(ENCODING)
    if MARKUP.match(text):
        raise NotADocument(INSIDE)


def _office(ending: str):
    """Return the judge of a Word, Excel or PowerPoint file."""
    part, kind = OFFICE[ending]

    def judge(file) -> None:
        parts = _parts(file)
        if part not in parts.namelist() or kind not in _first(parts, "[Content_Types].xml"):
            raise NotADocument(INSIDE)

    return judge


def _open_text(file) -> None:
    parts = _parts(file)
    if "content.xml" not in parts.namelist() or _first(parts, "mimetype").strip() != OPEN_TEXT:
        raise NotADocument(INSIDE)


def _first(parts: zipfile.ZipFile, name: str) -> bytes:
    """Return what the part says that names the kind; nothing when it is not there."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as part:
        return part.read(CHUNK)


def _parts(file) -> zipfile.ZipFile:
    """Return the packed parts of a document, each of which was read to its end."""
    if file.read(4) != b"PK\x03\x04":
        raise NotADocument(INSIDE)
    try:
        parts = zipfile.ZipFile(file)
        _bounded(parts.infolist(), file.size)
        for info in parts.infolist():
            _read(parts, info)
    # What zipfile and zlib raise at damaged, locked or oddly packed files.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, NotADocument):
            raise
        raise NotADocument(INSIDE) from error
    return parts


def _bounded(infos: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse, before anything is unpacked, too many or too large parts, names that lead out, and programs."""
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise NotADocument(PACKED)
    for info in infos:
        is_link = info.external_attr >> 16 & 0o170000 == 0o120000
        if is_link or info.filename.startswith("/") or ".." in info.filename.split("/"):
            raise NotADocument(INSIDE)
        if PROGRAMS.search(info.filename):
            raise NotADocument(ACTIVE)


def _read(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Read a part to its end: its checksum is compared there."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotADocument(INSIDE)
    with parts.open(info) as part:
        while part.read(CHUNK):
            pass


JUDGES = {
    "pdf": _pdf,
    "txt": _text,
    "csv": _text,
    "odt": _open_text,
    **{ending: _office(ending) for ending in OFFICE},
}


class DocumentForm(KnowsWhatItShowed, BaseDocumentForm):
    """The form of every way into the store: one file, several at once, a chooser's, another file for an old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            most = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // 1024**2
            self.fields["file"].help_text = TAKEN % {"most": most}

    def clean_file(self):
        """Return the chosen file when it is a document that we take."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                check(file.name, file)
            except NotADocument as error:
                raise ValidationError(error.args[0]) from error
        return file
