"""The bank as files see it: its questions as items, coming and going."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models

from languages import table
from languages.models import Unit
from training import question_files
from training.choices import Track
from training.models import Course, Question
from training.queries.bank import with_schedules
from training.question_files import Item, Outgoing, Place
from training.question_files.wording import worded


@dataclass(frozen=True)
class Standing:
    """A question of the bank as it was last written: its block, its item in the source, its facts.

    Of a draft that was emptied the block is what it had before, if anything, and the item says nothing. `texts` are what
    each place of it says in another language: to readers, and as draft.
    """

    question: Question
    block: dict | None
    item: Item
    facts: dict[str, str]
    texts: dict[Place, frozenset[str]]


def courses_with_bank():
    """Return the courses, each with how many questions it has and how many of them are published."""
    live = models.Count("questions", filter=models.Q(questions__live=True))
    return models.QuerySet(Course).annotate(bank=models.Count("questions"), asked=live).order_by("path")


def standing_in(course: Course) -> list[Standing]:
    """Return every question of a course as it was last written, drafts too; a few queries, whatever their number."""
    bank = models.QuerySet(Question).filter(course=course).select_related("latest_revision", "locked_by")
    questions = list(with_schedules(bank))
    texts: dict[int, dict[Place, frozenset[str]]] = {}
    for pk, *place, draft, live in _texts_of(questions):
        texts.setdefault(pk, {})[Place(*place)] = said_at(draft, live)
    return [_standing(question, texts.get(question.pk, {})) for question in questions]


def said_at(*told: str) -> frozenset[str]:
    """Return what one place says in another language, as files say it."""
    return frozenset(worded(text, "plain") for text in told if text)


def _standing(question: Question, texts: dict[Place, frozenset[str]]) -> Standing:
    drafted = question.latest_revision.content if question.latest_revision and question.has_unpublished_changes else {}
    stored = question.body_en.get_prep_value()
    body = json.loads(drafted["body_en"]) if drafted.get("body_en") else stored
    item = question_files.item_of(body[0]) if body else Item("", {})
    drafted = {
        name: drafted.get(name, getattr(question, name)) for name in ("objective", "critical", "form", "tracks")
    }
    return Standing(question, next(iter(body or stored), None), item, _said(**drafted), texts)


def _said(objective: str, critical: bool, form: int, tracks: Collection[str]) -> dict[str, str]:
    """Return what the bank knows of a question besides its words, as a file says it."""
    told = {"objective": objective, "critical": "yes" if critical else "no", "form": str(form)}
    return told | {"tracks": tracks_said(tracks)}


def tracks_said(tracks: Iterable[str]) -> str:
    """Return groups of readers as a file names them."""
    return ", ".join(code for code in Track.values if code in tracks)


def _texts_of(questions: Collection[Question]):
    """Return the texts of questions in other languages: question, language, path, what is draft, what is live."""
    kind = ContentType.objects.get_for_model(Question)
    units = Unit.objects.filter(content_type=kind, object_id__in=[question.pk for question in questions])
    rows = units.filter(is_retired=False, segment__retired_at=None).order_by()
    return rows.values_list("object_id", "language", "segment__path", "draft", "live")


def outgoing(course: Course, *, translated: bool) -> list[Outgoing]:
    """Return the published questions of a course as they go out, with what readers see in other languages if wanted."""
    questions = list(models.QuerySet(Question).filter(course=course, live=True).order_by("position", "key"))
    texts: dict[int, dict[str, dict[str, str]]] = {}
    for pk, language, path, _draft, live in _texts_of(questions) if translated else ():
        if live:
            texts.setdefault(pk, {}).setdefault(language, {})[path] = live
    return [_outgoing(course, question, texts.get(question.pk, {})) for question in questions]


def _outgoing(course: Course, question: Question, texts: dict) -> Outgoing:
    item = question_files.item_of(question.body_en.get_prep_value()[0], texts)
    facts = _said(question.objective, question.critical, question.form, question.tracks)
    return Outgoing(question.key, item, course.key, facts)


def digest_of(item: Item) -> str:
    """Return the hash by which a question without idnumber is known again: what it says in the source, and its key."""
    source = item.in_languages({table.SOURCE})
    parts = [[*part.text.values(), *part.match.values(), part.right, *part.feedback.values()] for part in source.parts]
    told = [item.kind, [list(words.values()) for words in source.told()[:5]], parts, item.answer, item.tolerance]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
