"""What is missing in a draft before it should go to readers."""

from django.db import models
from django.utils.html import strip_tags

from training import grading
from training.blocks import PLAYED
from training.choices import Lacking
from training.models import Course, Lesson
from training.queries.proposals import blocks_of


def faults_in(draft: models.Model) -> tuple[str, ...]:
    """Return what is missing in a lesson or question, in words, each once."""
    body = [] if isinstance(draft, Course) else blocks_of(draft)
    found = [Lacking.FEEDBACK for block in body if _lacks_feedback(block)]
    found += [Lacking.ALT for block in body if block["type"] == "image" and _lacks_alt(block["value"])]
    found += [Lacking.TRANSCRIPT for block in body if block["type"] in PLAYED and not _said(block["value"])]
    found += [Lacking.CAPTIONS for block in body if block["type"] == "video" and not block["value"].get("captions")]
    if isinstance(draft, Lesson):
        kinds = {block["type"] for block in body}
        found += [] if kinds.intersection(grading.KINDS) else [Lacking.CHECK]
        found += [code for kind, code in (("takeaway", Lacking.TAKEAWAY), ("who", Lacking.WHO)) if kind not in kinds]
        found += [] if 10 <= draft.minutes <= 15 else [Lacking.MINUTES]
    return tuple(str(code.label) for code in dict.fromkeys(found))


def _lacks_feedback(block: dict) -> bool:
    told = [part["value"].get("feedback") for part in grading.parts_of(block)]
    if block["type"] in grading.TYPED:
        told = [block["value"].get(name) for name in ("right_feedback", "wrong_feedback")]
    return not all((text or "").strip() for text in told)


def _said(value: dict) -> str:
    return strip_tags(value.get("transcript") or "").strip()


def _lacks_alt(value: dict) -> bool:
    return not value.get("decorative") and not (value.get("alt") or "").strip()
