"""Where a learner is in each of her courses, and her tests."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from training import progress
from training.models import Attempt, Compiled, CourseVersion, Enrolment, Event, Progress
from training.queries import versions
from training.queries.lessons import Place, place_in
from training.queries.questions import Question, question_of
from training.queries.reading import CourseRow, Outline, Reader, best, chain_of, courses


@dataclass(frozen=True)
class CourseProgress:
    """A learner's place in one course."""

    enrolment: Enrolment
    course: CourseRow
    place: Place
    done: int
    of: int
    next_lesson: Outline | None
    passed_at: dt.datetime | None
    completed_at: dt.datetime | None
    changed: tuple[Outline, ...] = ()
    best: int = 0
    can_move: bool = False

    @property
    def percent(self) -> int:
        """Return the share of lessons done, rounded down; 100 only when all are done."""
        return 100 * self.done // self.of if self.of else 0


def progress_of(user, language: str = "en") -> list[CourseProgress]:
    """Return a person's courses, the one she was last in first; three queries."""
    enrolments = list(
        Enrolment.objects.filter(learner__user=user)
        .select_related("progress", "version", "learner")
        .order_by(F("progress__last_at").desc(nulls_last=True), "-started_at")
    )
    if not enrolments:
        return []
    rows = {row.page: row for row in courses(language, page__in=[one.course_id for one in enrolments])}
    newest = _newest(rows, user.country_id)
    return [
        _progress(enrolment, rows[enrolment.course_id], newest.get(enrolment.course_id))
        for enrolment in enrolments
        if enrolment.course_id in rows
    ]


def _newest(rows: dict[int, CourseRow], country: str | None) -> dict[int, CourseVersion]:
    keys = [row.version_for(country) for row in rows.values()]
    return {version.course_id: version for version in CourseVersion.objects.filter(public_id__in=keys)}


def _progress(enrolment: Enrolment, course: CourseRow, newest: CourseVersion | None) -> CourseProgress:
    row, place = enrolment.progress, place_in(enrolment)
    following = next((lesson for lesson in course.lessons if lesson.id not in place.done), None)
    return CourseProgress(
        enrolment=enrolment,
        course=course,
        place=place,
        done=row.done,
        of=row.of,
        next_lesson=following,
        passed_at=row.passed_at,
        completed_at=row.completed_at,
        changed=changed_lessons(enrolment, course, place, newest),
        best=row.best,
        can_move=newest is not None and newest.pk != enrolment.version_id,
    )


def changed_lessons(enrolment, course: CourseRow, place: Place, newest: CourseVersion | None) -> tuple[Outline, ...]:
    """Return the lessons she has done of which law, procedure or an answer changed since her edition."""
    if newest is None or newest.pk == enrolment.version_id:
        return ()
    before = {activity.id: activity.material for activity in versions.value_of(enrolment.version).activities}
    risen = {
        activity.id
        for activity in versions.value_of(newest).lessons
        if activity.material > before.get(activity.id, activity.material)
    }
    return tuple(lesson for lesson in course.lessons if lesson.id in risen and lesson.id in place.done)


def enrolments_of(user):
    """Return the enrolments that a person may act on: her own."""
    return Enrolment.objects.filter(learner__user=user).select_related(
        "learner__user", "version", "course", "progress"
    )


def attempts_of(user):
    """Return the tests that a person may open: her own."""
    return Attempt.objects.filter(enrolment__learner__user=user).select_related("enrolment__learner__user", "version")


@dataclass(frozen=True)
class PaperItem:
    """A question of a test, asked or explained."""

    number: int
    question: Question
    critical: bool
    language: str
    direction: str
    is_own: bool
    source: Question | None = None


@dataclass(frozen=True)
class PaperView:
    """A test as its page shows it."""

    attempt: Attempt
    course: CourseRow
    items: tuple[PaperItem, ...]
    minimum: int
    has_critical: bool

    @property
    def wrong(self) -> int:
        """Return how many questions were not wholly right."""
        return sum(1 for item in self.items if not item.question.is_right)

    @property
    def missed_critical(self) -> int:
        """Return how many critical questions were not wholly right."""
        return sum(1 for item in self.items if item.critical and not item.question.is_right)


def paper_view(attempt: Attempt, language: str, responses: dict | None = None) -> PaperView:
    """Return a test in a language; with responses, or once handed in, each question is explained."""
    rows = best(Compiled.objects.filter(page=attempt.enrolment.course_id, language__in=chain_of(language)), language)
    page = attempt.enrolment.course_id
    words, reader = progress.read(rows[(page, "test")].body)["items"], Reader(language)
    paper = progress.read(attempt.paper)
    given = responses if responses is not None else _handed_in(attempt)
    items = tuple(
        _paper_item(number, entry, words[entry["id"]], attempt.seed, given, reader)
        for number, entry in enumerate(paper["items"], 1)
        if entry["id"] in words
    )
    return PaperView(attempt, reader.course(rows[(page, "")]), items, paper["minimum"], bool(paper["critical"]))


def _handed_in(attempt: Attempt) -> dict:
    if attempt.submitted_at is None:
        return {}
    event = Event.objects.get(verb="submitted", attempt=attempt.public_id)
    return {answer["item"]: answer["response"] for answer in progress.read(event.payload)["answers"]}


def _paper_item(number: int, entry: dict, words: dict, seed: str, given: dict, reader: Reader) -> PaperItem:
    key = progress.item_of(entry)
    text = reader.text("", words["lang"])
    source = words["state"] and words.get("source")
    return PaperItem(
        number=number,
        question=question_of(words, given.get(entry["id"]), seed, key),
        critical=entry["critical"],
        language=text.language,
        direction=text.direction,
        is_own=text.is_own,
        source=question_of(source | {"id": words["id"], "kind": words["kind"]}, None, seed, key) if source else None,
    )


def kept_answers(attempt: Attempt) -> dict:
    """Return the answers of an open test that were kept on the way, by item."""
    last = progress.read(Progress.objects.get(enrolment=attempt.enrolment_id).state)["last"]
    found = {key.partition("/")[2]: entry for key, entry in last.items() if key.startswith(f"{attempt.public_id}/")}
    return {item: entry[3] for item, entry in found.items()}


def items_of(attempt: Attempt) -> list:
    """Return the keys of a test's questions, in order."""
    return list(progress.paper_of(str(attempt.public_id), attempt.paper).items)
