"""Answers that a corrected right answer marks otherwise: whose they are, and what marking them anew would do."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from languages import table
from training import grading, progress
from training.choices import Form, Verb
from training.models import Attempt, Compiled, Course, CourseVersion, Event
from training.queries import versions
from training.queries.completion import countries_visible_to
from training.queries.worded import blocks_of_versions, corrections

AT_ONCE = 200  # tests that are in memory together
NAMED = 100  # people named of each kind


@dataclass(frozen=True)
class Marked:
    """One test with the answers that are marked otherwise.

    `will_pass` when its points, which rise and never fall, then make it a pass; `by_keys` when the corrected keys alone do.
    """

    attempt: Attempt
    event: uuid.UUID
    remarks: tuple[progress.Remark, ...]
    will_pass: bool
    by_keys: bool

    @property
    def gains_pass(self) -> bool:
        """Tell whether marking anew makes it a pass."""
        return self.will_pass and not self.attempt.passed

    @property
    def keeps_pass(self) -> bool:
        """Tell whether it stays a pass although by the corrected keys it would be none."""
        return bool(self.attempt.passed) and not self.by_keys

    @property
    def user(self):
        """Return whose test it is; None of who has no account."""
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
    """What marking anew would do in a course, question by question and in tests.

    `gaining` become a pass; `keeping` are passes that would be none by the corrected keys, and stay: how many, and the
    first hundred of each whose account has a name.
    """

    questions: tuple[Corrected, ...]
    tests: int
    gain: int
    gaining: tuple[Marked, ...]
    keep: int
    keeping: tuple[Marked, ...]


def regrading(user, course: Course) -> Regrading:
    """Return what marking anew would do to the tests of a manager's country; few tests are in memory at a time."""
    more, less, counts = Counter(), Counter(), Counter()
    asked: dict[str, str] = {}
    named: dict[str, list[Marked]] = {"gain": [], "keep": []}
    for test in tests_to_mark(user, course):
        counts["tests"] += 1
        more.update(one.item for one in test.remarks if one.after > one.before)
        less.update(one.item for one in test.remarks if one.after < one.before)
        asked |= {one.item: one.version for one in test.remarks}
        for name in [name for name, is_so in (("gain", test.gains_pass), ("keep", test.keeps_pass)) if is_so]:
            counts[name] += 1
            if test.user is not None and len(named[name]) < NAMED:
                named[name].append(test)
    items = sorted({*more, *less})
    words = _words(course, asked) if items else {}
    return Regrading(
        questions=tuple(Corrected(item, words.get(item, ""), more[item], less[item]) for item in items),
        tests=counts["tests"],
        gain=counts["gain"],
        gaining=tuple(named["gain"]),
        keep=counts["keep"],
        keeping=tuple(named["keep"]),
    )


def still_to_mark(user, tests: Iterable[Marked], course: Course) -> list[Marked]:
    """Return what of some tests is to be marked anew yet, as it stands: asked again once nobody else can change it."""
    keys = {one.attempt.pk for one in tests}
    return list(_to_mark(_handed_in(user).filter(pk__in=keys), course))


def tests_to_mark(user, course: Course) -> Iterator[Marked]:
    """Yield the tests of a manager's country with answers that are marked otherwise and were not marked so before.

    Only papers of editions that had another key are read, some at a time; three queries for each two hundred. Nobody
    marks her own: it waits for somebody else.
    """
    yield from _to_mark(_handed_in(user), course)


def has_own_waiting(user, course: Course) -> bool:
    """Tell whether a test of this person herself waits, which somebody else marks."""
    own = Attempt.objects.filter(submitted_at__isnull=False, enrolment__learner__user=user).exclude(form=Form.PRE)
    return any(True for _test in _to_mark(own, course))


def _to_mark(rows: QuerySet[Attempt], course: Course) -> Iterator[Marked]:
    attempts = rows.filter(enrolment__course=course).select_related("enrolment__learner__user", "enrolment__progress")
    newest = versions.newest(course.pk, None) if attempts.exists() else None
    if newest is None:
        return
    keys = _corrected_keys(attempts, versions.value_of(newest))
    for rows in _batches(attempts.filter(version__in=keys)) if keys else ():
        yield from _marked(rows, keys)


def courses_with_corrections(user, courses: Iterable[Course]) -> set[int]:
    """Return the courses with tests of a manager's country that were handed in under keys corrected since.

    Whether such a test is worth more by it, or was marked anew, is not asked: five queries, however many tests there are.
    """
    rows = list(
        CourseVersion.objects.filter(course__in=courses)
        .order_by("number")
        .values_list("pk", "course", "country", "public_id")
    )
    newest = {course: str(key) for _pk, course, country, key in rows if country is None}
    values = versions.values_of(str(key) for _pk, _course, _country, key in rows)
    pairs = {pk: (values[str(key)], values[newest[course]]) for pk, course, _country, key in rows if course in newest}
    editions = corrections(pairs)
    handed_in = Exists(_handed_in(user).filter(version=OuterRef("pk")))
    found = CourseVersion.objects.filter(handed_in, pk__in=editions) if editions else CourseVersion.objects.none()
    return set(found.values_list("course", flat=True))


def _handed_in(user) -> QuerySet[Attempt]:
    """Return the graded tests of others that were handed in where a manager answers for them.

    Of who learns with a progress code the country is the one she chose; no name is known.
    """
    countries = countries_visible_to(user).values("pk")
    there = Q(enrolment__learner__user__country__in=countries) | Q(enrolment__learner__country__in=countries)
    rows = Attempt.objects.filter(there, submitted_at__isnull=False)
    return rows.exclude(form=Form.PRE).exclude(enrolment__learner__user=user.pk)


def _corrected_keys(attempts: QuerySet[Attempt], newest: progress.Version) -> dict[int, dict[str, grading.Item]]:
    """Return the corrected questions of each edition that some tests are of, where there are any."""
    editions = dict(
        CourseVersion.objects.filter(pk__in=attempts.order_by().values("version")).values_list("pk", "public_id")
    )
    values = versions.values_of(map(str, editions.values()))
    return corrections({pk: (values[str(key)], newest) for pk, key in editions.items()})


def _batches(attempts: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    """Yield tests some at a time, in the order of their keys."""
    last, rows = 0, [None] * AT_ONCE
    while len(rows) == AT_ONCE:
        rows = list(attempts.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        if rows:
            last = rows[-1].pk
            yield rows


def _marked(rows: list[Attempt], keys: dict[int, dict[str, grading.Item]]) -> Iterator[Marked]:
    wanted = [row.public_id for row in rows]
    events = {one.attempt: one for one in Event.objects.filter(verb=Verb.SUBMITTED, attempt__in=wanted)}
    anew = set(Event.objects.filter(verb=Verb.REGRADED, attempt__in=wanted).values_list("pk", flat=True))
    for row in rows:
        found = _of(row, events[row.public_id], keys[row.version_id], anew)
        if found.remarks:
            yield found


def _of(attempt: Attempt, event: Event, keys: dict[str, grading.Item], anew: Iterable[uuid.UUID]) -> Marked:
    key = str(attempt.public_id)
    paper, state = progress.paper_of(key, attempt.paper), progress.read_state(attempt.enrolment.progress.state)
    answers = {one["item"]: one["response"] for one in progress.read(event.payload)["answers"]}
    if key in state["voided"]:
        return Marked(attempt, event.pk, (), will_pass=False, by_keys=False)
    found = progress.remarks(paper, answers, keys)
    points = state["points"][key]
    alone = dict(points) | {one.item: one.after for one in found}
    return Marked(
        attempt,
        event.pk,
        tuple(one for one in found if regraded_id(event.pk, one) not in anew),
        will_pass=progress.passes_anew(points, found, paper.rule),
        by_keys=grading.passes(alone, paper.rule),
    )


def regraded_id(event: uuid.UUID, remark: progress.Remark) -> uuid.UUID:
    """Return the id of the event that marks an answer anew: the same for the same answer and key, whoever asks."""
    return uuid.uuid5(event, f"{remark.item}/{remark.key}")


def _words(course: Course, asked: Mapping[str, str]) -> dict[str, str]:
    """Return what each question asks, in the source language; one put in anew since in the words in which it was asked."""
    row = Compiled.objects.filter(page=course.pk, part="test", language=table.SOURCE).first()
    today = {key: one["question"] for key, one in progress.read(row.body)["items"].items()} if row else {}
    said = blocks_of_versions(version for item, version in asked.items() if item not in today)
    before = {item: said[version]["value"]["question"] for item, version in asked.items() if version in said}
    return before | today
