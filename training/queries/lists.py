"""Who began what and how each test ended, row by row, for the files that managers take out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from training import progress
from training.choices import Form, Verb
from training.models import Attempt, Enrolment, Event
from training.queries.decisions import reason_of
from training.queries.learners import learners_visible_to

AT_ONCE = 500  # tests whose papers are in memory together


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a row is about."""

    name: str
    email: str | None
    office: str | None
    country: str | None


PERSON = ("name", "email", "office__name", "country")


@dataclass(frozen=True, slots=True)
class Begun:
    """A course that somebody began, with how far she is; `done` and what follows are None where nothing is folded yet."""

    person: Person
    public_id: UUID
    course: str
    edition: int
    edition_of: str | None
    started_at: datetime
    done: int | None
    of: int | None
    seconds: int | None
    passed_at: datetime | None
    completed_at: datetime | None
    language: str | None
    last_at: datetime | None


# Only the columns of the file are read: a course is a page of many columns, and an edition holds all that it teaches.
BEGUN = (
    *(f"learner__user__{name}" for name in PERSON), "public_id", "course__key", "version__number", "version__country",
    "started_at", "progress__done", "progress__of", "progress__seconds", "progress__passed_at",
    "progress__completed_at", "progress__language", "progress__last_at",
)  # fmt: skip


def enrolments_counted(user, course: str = "") -> int:
    """Return how many enrolments the file would hold."""
    return _enrolments(user, course).count()


def enrolments_listed(user, course: str = "") -> Iterator[Begun]:
    """Yield the enrolments of the learners whom a person may see, with their progress; one query."""
    order = ("learner__user__country", "learner__user__name", "learner__user__email", "course", "pk")
    for row in _enrolments(user, course).order_by(*order).values_list(*BEGUN).iterator():
        yield Begun(Person(*row[: len(PERSON)]), *row[len(PERSON) :])


def _enrolments(user, course: str) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(learner__user__in=learners_visible_to(user))
    return rows.filter(course__key=course) if course else rows


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A test that was handed in: how often this one was by then, and why it was set aside; "" where it counts."""

    person: Person
    public_id: UUID
    course: str
    edition: int
    edition_of: str | None
    form: str
    turn: int
    started_at: datetime
    submitted_at: datetime
    right: int
    questions: int
    passed: bool | None
    language: str
    aside: str


HANDED_IN = (
    *(f"enrolment__learner__user__{name}" for name in PERSON), "public_id", "enrolment__course__key",
    "version__number", "version__country", "form", "turn", "started_at", "submitted_at", "right", "paper", "passed",
    "language",
)  # fmt: skip


def results_counted(user, course: str = "") -> int:
    """Return how many tests the file would hold."""
    return _results(user, course).count()


def results_listed(user, course: str = "") -> Iterator[HandedIn]:
    """Yield the tests handed in by the learners whom a person may see, some in memory at a time; two queries."""
    aside = dict(_set_aside(user, course))
    person = "enrolment__learner__user"
    order = (f"{person}__country", f"{person}__name", f"{person}__email", "enrolment", "number")
    turn = Window(RowNumber(), partition_by=[F("enrolment"), F("form")], order_by=F("number").asc())
    rows = _results(user, course).annotate(turn=turn).order_by(*order).values_list(*HANDED_IN)
    for row in rows.iterator(chunk_size=AT_ONCE):
        told = dict(zip(HANDED_IN[len(PERSON) :], row[len(PERSON) :], strict=True))
        yield HandedIn(
            person=Person(*row[: len(PERSON)]),
            course=told.pop("enrolment__course__key"),
            edition=told.pop("version__number"),
            edition_of=told.pop("version__country"),
            form=str(Form(told.pop("form")).label),
            questions=len(progress.read(told.pop("paper"))["items"]),
            aside=aside.get(str(told["public_id"]), ""),
            **told,
        )


def _results(user, course: str) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(enrolment__learner__user__in=learners_visible_to(user), submitted_at__isnull=False)
    return rows.filter(enrolment__course__key=course) if course else rows


def _set_aside(user, course: str) -> Iterator[tuple[str, str]]:
    """Yield the tests of these learners that count for nothing, with the reason; a waiver taken back names no test."""
    rows = Event.objects.filter(verb=Verb.VOIDED, enrolment__learner__user__in=learners_visible_to(user))
    if course:
        rows = rows.filter(enrolment__course__key=course)
    for event in rows.order_by("received_at", "pk").only("verb", "activity", "payload"):
        for key in progress.read(event.payload)["attempts"]:
            yield key, reason_of(event)
