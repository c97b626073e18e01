"""What players ask for: a clip by its address, the captions of a film in a language."""

from django.db import models

from training.models import Clip, Lesson
from training.queries.compiled import body_of, built_for


def clip_at(public_id, ending: str) -> Clip | None:
    """Return a clip by its address; one query."""
    clip = Clip.objects.filter(public_id=public_id).first()
    return clip if clip and clip.ending == ending else None


def captions_of(lesson, screen: str, language: str) -> str:
    """Return the captions of a film as readers of a language get them; "" where there are none. Two queries."""
    page = models.QuerySet(Lesson).filter(translation_key=lesson, live=True).only("path").first()
    row = page and built_for(page.path, page.path[: -2 * page.steplen], language)[0]
    if not row:
        return ""
    return next((one.get("captions", "") for one in body_of(row)["screens"] if one["id"] == screen), "")
