"""Who began what and how each test ended, row by row, for the files that managers take out."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from training import progress
from training.choices import Form, Verb
from training.models import Attempt, Enrolment, Event
from training.queries.decisions import reason_of
from training.queries.learners import learners_visible_to

PEOPLE = ("learner__user__office", "learner__user__country", "course", "version")


def enrolments_listed(user, course: str = "") -> QuerySet[Enrolment]:
    """Return the enrolments of the learners whom a person may see, with their progress; one query."""
    rows = Enrolment.objects.filter(learner__user__in=learners_visible_to(user)).select_related(*PEOPLE, "progress")
    if course:
        rows = rows.filter(course__key=course)
    return rows.order_by("learner__user__country", "learner__user__name", "learner__user__email", "course", "pk")


@dataclass(frozen=True)
class HandedIn:
    """A test that was handed in: how often this one was by then, and why it was set aside; "" where it counts."""

    attempt: Attempt
    turn: int
    aside: str

    @property
    def public_id(self):
        """Return the id by which the audit log names the row."""
        return self.attempt.public_id

    @property
    def form(self) -> str:
        """Return which test it is, in words."""
        return str(Form(self.attempt.form).label)


def results_listed(user, course: str = "") -> list[HandedIn]:
    """Return the tests handed in by the learners whom a person may see; two queries, however many."""
    people = tuple(f"enrolment__{name}" for name in PEOPLE[:3])
    rows = Attempt.objects.filter(enrolment__learner__user__in=learners_visible_to(user), submitted_at__isnull=False)
    if course:
        rows = rows.filter(enrolment__course__key=course)
    person = "enrolment__learner__user"
    order = (f"{person}__country", f"{person}__name", f"{person}__email", "enrolment", "number")
    turn = Window(RowNumber(), partition_by=[F("enrolment"), F("form")], order_by=F("number").asc())
    rows = rows.annotate(turn=turn).select_related(*people, "version").order_by(*order)
    aside = dict(_set_aside(user, course))
    return [HandedIn(row, row.turn, aside.get(str(row.public_id), "")) for row in rows]


def _set_aside(user, course: str) -> Iterator[tuple[str, str]]:
    """Yield the tests of these learners that count for nothing, with the reason; a waiver taken back names no test."""
    rows = Event.objects.filter(verb=Verb.VOIDED, enrolment__learner__user__in=learners_visible_to(user))
    if course:
        rows = rows.filter(enrolment__course__key=course)
    for event in rows.order_by("received_at", "pk").only("verb", "activity", "payload"):
        for key in progress.read(event.payload)["attempts"]:
            yield key, reason_of(event)
