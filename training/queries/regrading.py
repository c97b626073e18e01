"""Answers that a corrected right answer marks otherwise: whose they are, and what marking them anew would do."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from languages import table
from training import grading, progress
from training.choices import Form, Verb
from training.models import Attempt, Compiled, Course, CourseVersion, Event
from training.queries import versions
from training.queries.completion import countries_visible_to


@dataclass(frozen=True)
class Marked:
    """One test with the answers that are marked otherwise; `would_pass` when it is a pass by the corrected keys alone."""

    attempt: Attempt
    event: uuid.UUID
    remarks: tuple[progress.Remark, ...]
    would_pass: bool

    @property
    def gains_pass(self) -> bool:
        """Tell whether marking anew makes it a pass."""
        return self.would_pass and not self.attempt.passed

    @property
    def keeps_pass(self) -> bool:
        """Tell whether it stays a pass although by the corrected keys it would be none."""
        return bool(self.attempt.passed) and not self.would_pass

    @property
    def user(self):
        """Return whose test it is."""
        return self.attempt.enrolment.learner.user


@dataclass(frozen=True)
class Corrected:
    """A question whose right answer was corrected: its words, and how many answers are worth more or less by it."""

    item: str
    question: str
    more: int
    less: int


@dataclass(frozen=True)
class Regrading:
    """What marking anew would do in a course: question by question, and test by test."""

    questions: tuple[Corrected, ...]
    tests: tuple[Marked, ...]

    @property
    def gaining(self) -> tuple[Marked, ...]:
        """Return the tests that become a pass."""
        return tuple(one for one in self.tests if one.gains_pass)

    @property
    def keeping(self) -> tuple[Marked, ...]:
        """Return the passes that would be none by the corrected keys, and stay."""
        return tuple(one for one in self.tests if one.keeps_pass)


def regrading(user, course: Course) -> Regrading:
    """Return what marking anew would do to the tests of a manager's country; five queries however many there are."""
    newest = versions.newest(course.pk, None)
    tests = tuple(_marked(_attempts(user, course), versions.value_of(newest))) if newest else ()
    found = [one for test in tests for one in test.remarks]
    words = _words(course) if found else {}
    return Regrading(
        tuple(
            Corrected(
                item,
                words.get(item, ""),
                sum(1 for one in found if one.item == item and one.after > one.before),
                sum(1 for one in found if one.item == item and one.after < one.before),
            )
            for item in sorted({one.item for one in found})
        ),
        tests,
    )


def _attempts(user, course: Course) -> QuerySet[Attempt]:
    """Return the graded tests of a course that were handed in where a manager answers for them."""
    who = "enrolment__learner__user__country__in"
    rows = Attempt.objects.filter(
        enrolment__course=course, submitted_at__isnull=False, **{who: countries_visible_to(user)}
    )
    return rows.exclude(form=Form.PRE).select_related("enrolment__learner__user", "enrolment__progress").order_by("pk")


def _marked(attempts: QuerySet[Attempt], newest: progress.Version) -> Iterable[Marked]:
    """Yield the tests with answers that are marked otherwise and were not marked by these keys before.

    Only papers of editions that had another key are read.
    """
    editions = dict(
        CourseVersion.objects.filter(pk__in=attempts.order_by().values("version")).values_list("pk", "public_id")
    )
    values = versions.values_of(map(str, editions.values()))
    keys = {pk: progress.corrected(values[str(key)], newest) for pk, key in editions.items()}
    rows = list(attempts.filter(version__in=[pk for pk, found in keys.items() if found]))
    wanted = [row.public_id for row in rows]
    events = (
        {one.attempt: one for one in Event.objects.filter(verb=Verb.SUBMITTED, attempt__in=wanted)} if rows else {}
    )
    anew = (
        set(Event.objects.filter(verb=Verb.REGRADED, attempt__in=wanted).values_list("pk", flat=True)) if rows else ()
    )
    for row in rows:
        found = _of(row, events[row.public_id], keys[row.version_id], anew)
        if found.remarks:
            yield found


def _of(attempt: Attempt, event: Event, keys: dict[str, grading.Item], anew: Iterable[uuid.UUID]) -> Marked:
    key = str(attempt.public_id)
    paper, state = progress.paper_of(key, attempt.paper), progress.read_state(attempt.enrolment.progress.state)
    answers = {one["item"]: one["response"] for one in progress.read(event.payload)["answers"]}
    if key in state["voided"]:
        return Marked(attempt, event.pk, (), False)
    found = progress.remarks(paper, answers, keys)
    alone = dict(state["points"][key]) | {one.item: one.after for one in found}
    fresh = tuple(one for one in found if regraded_id(event.pk, one) not in anew)
    return Marked(attempt, event.pk, fresh, grading.passes(alone, paper.rule))


def regraded_id(event: uuid.UUID, remark: progress.Remark) -> uuid.UUID:
    """Return the id of the event that marks an answer anew: the same for the same answer and key, whoever asks."""
    return uuid.uuid5(event, f"{remark.item}/{remark.key}")


def _words(course: Course) -> dict[str, str]:
    """Return what each question asks, in the source language."""
    row = Compiled.objects.filter(page=course.pk, part="test", language=table.SOURCE).first()
    return {key: one["question"] for key, one in progress.read(row.body)["items"].items()} if row else {}
