"""A lesson of the judicial course that plays a sound and a film and gives a file to take along."""

import hashlib

from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from tests.training.recordings import CAPTIONS, mp3, mp4
from training import media
from training.models import Clip, Lesson

SOUND, FILM, SHEET = "screen-sound", "screen-film", "screen-sheet"
SAID = "<p><b>Officer:</b> Where are your papers?</p>"


def clip_of(content: bytes, language: str = "en", title: str = "Clip") -> Clip:
    """Store a clip as its form does."""
    found = media.bare(content)
    clip = Clip(title=title, language=language, kind=found.kind, content_type=found.content_type)
    clip.size, clip.sha256 = len(found.content), hashlib.sha256(found.content).hexdigest()
    clip.file.save(f"clip.{found.ending}", ContentFile(found.content))
    return clip


def sheet_of(content: bytes = b"Keep this sheet.") -> Document:
    """Store a document."""
    document = Document(title="Sheet", file=ContentFile(content, "sheet.txt"), file_size=len(content))
    document.save()
    return document


def played(lesson: Lesson, *, sounds=None, film=None, sheet=None) -> Lesson:
    """Publish a lesson with the three screens after its first one."""
    sounds, film, sheet = sounds or [clip_of(mp3())], film or clip_of(mp4()), sheet or sheet_of()
    items = [{"type": "item", "id": f"clip-{one.pk}", "value": one.pk} for one in sounds]
    only = [{"type": "item", "id": f"clip-{film.pk}", "value": film.pk}]
    screens = [
        ("audio", SOUND, {"heading": "Listen", "clips": items, "transcript": SAID}),
        ("video", FILM, {"heading": "Watch", "clips": only, "transcript": SAID, "captions": CAPTIONS}),
        ("download", SHEET, {"heading": "Take along", "text": "For the wall.", "document": sheet.pk}),
    ]
    body = lesson.body_en.get_prep_value()
    body[1:1] = [{"type": kind, "id": name, "value": value} for kind, name, value in screens]
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(body)
    lesson.go_live()
    return lesson
