"""The demo's draft of a lesson with a sound and a file: only editors see it."""

import io
import math
import struct
import wave

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model

from training.exchange import stable_id
from training.forms import ClipForm
from training.models import Course, Lesson, Module

DRAFT = "sound-and-a-file"


def draft_with_sound(course: Course) -> None:
    """Leave a draft with a sound and a file in the editor, once: a tone that says it is one, and the course's own sheet.

    Nobody's voice is made up, so readers meet neither: the draft is seen in the editor and its previews.
    """
    if Lesson.objects.filter(slug=DRAFT).exists():
        return
    values = {"title": "Test tone, two seconds", "language": ""}
    form = ClipForm(values, {"file": SimpleUploadedFile("tone.wav", _tone(), "audio/wav")})
    lines = "\n".join(f"- {block.value}" for block in course.aide)
    sheet = get_document_model()(title="Do and do not", file=ContentFile(lines.encode(), "do-and-do-not.txt"))
    sheet.save()
    heard = {"heading": "Before the session", "clips": [form.save().pk], "transcript": "<p>A tone of two seconds.</p>"}
    taken = {"heading": "For the wall", "text": "The sheet of this course.", "document": sheet.pk}
    body = [("audio", heard), ("download", taken), ("who", None)]
    lesson = Lesson(title="Draft: sound and a file", slug=DRAFT, heading_en="Does this phone play sound?", live=False)
    lesson.aim_en, lesson.required = "You know before the session whether everybody can hear it.", False
    lesson.body_en = [{"type": kind, "value": value, "id": str(stable_id(DRAFT, kind))} for kind, value in body]
    Module.objects.descendant_of(course).order_by("path").last().add_child(instance=lesson)
    lesson.save_revision()


def _tone() -> bytes:
    """Return two seconds of a soft tone."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        one = b"".join(struct.pack("<h", round(6000 * math.sin(math.tau * number / 20))) for number in range(20))
        file.writeframes(one * 800)
    return made.getvalue()
