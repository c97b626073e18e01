"""Where a learner is in each of her courses, and her tests."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from training import progress
from training.models import Attempt, Compiled, CourseVersion, Enrolment, Event, Progress
from training.queries.changes import added_lessons, changed_lessons
from training.queries.lessons import Place, place_in
from training.queries.questions import Question, question_of
from training.queries.reading import CourseRow, Outline, Reader, Story, best, chain_of, courses


@dataclass(frozen=True)
class CourseProgress:
    """A learner's place in one course as it stands now; `completed_at` stays true whatever is added later."""

    enrolment: Enrolment
    course: CourseRow
    place: Place
    done: int
    of: int
    next_lesson: Outline | None
    next_story: Story | None
    passed_at: dt.datetime | None
    completed_at: dt.datetime | None
    changed: tuple[Outline, ...] = ()
    added: tuple[Outline, ...] = ()


def progress_of(user, language: str = "en") -> list[CourseProgress]:
    """Return a person's courses, the one she was last in first; three queries, one more a finished course followed on."""
    last_first = (F("progress__last_at").desc(nulls_last=True), "-started_at")
    enrolments = list(_begun(user).order_by(*last_first))
    if not enrolments:
        return []
    rows = {row.page: row for row in courses(language, page__in=[one.course_id for one in enrolments])}
    newest = _newest(rows, user.country_id)
    return [
        _progress(enrolment, rows[enrolment.course_id], newest.get(enrolment.course_id))
        for enrolment in enrolments
        if enrolment.course_id in rows
    ]


def progress_in(user, course: CourseRow) -> CourseProgress | None:
    """Return where a person is in one course, or None when she has not begun it; two queries."""
    enrolment = _begun(user).filter(course=course.page).first()
    if enrolment is None:
        return None
    return _progress(enrolment, course, _newest({course.page: course}, user.country_id).get(course.page))


def _begun(user):
    return Enrolment.objects.filter(learner__user=user).select_related("progress", "version")


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
        done=course.done_in(place.done),
        of=len(course.lessons),
        next_lesson=following,
        next_story=next((story for story in course.stories if story.required and story.id not in place.done), None),
        passed_at=row.passed_at,
        completed_at=row.completed_at,
        changed=changed_lessons(enrolment, course, place, newest),
        added=added_lessons(enrolment, course, place),
    )


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
    page, parts = attempt.enrolment.course_id, ("", "test")
    found = Compiled.objects.filter(page=page, part__in=parts, language__in=chain_of(language))
    rows = best(found, language)
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
