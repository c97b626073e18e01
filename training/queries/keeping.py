"""A course as a phone keeps it: the newest edition of a country in one language, the same for everybody."""

import datetime as dt
from dataclasses import dataclass

from training import grading, progress
from training.models import Attempt, Compiled, CourseVersion, Enrolment, Progress
from training.queries import versions
from training.queries.compiled import Built, course_in
from training.queries.lessons import LessonView, around, view_for_nobody
from training.queries.reading import CourseRow, chain_of
from training.queries.screens import Around, Screen, fixed_of


@dataclass(frozen=True)
class KeptPart:
    """One part of a question with its key, for a page that explains answers by itself."""

    id: str
    text: str
    right: str
    feedback: str


@dataclass(frozen=True)
class KeptCheck:
    """A question of a lesson with its key and every reason; practice only, never a test."""

    id: str
    kind: str
    question: str
    unit: str
    parts: tuple[KeptPart, ...]
    targets: tuple[tuple[str, str], ...]
    answer: str
    tolerance: str
    right_feedback: str
    wrong_feedback: str

    @property
    def numbers(self) -> range:
        """Return the places of an order question."""
        return range(1, len(self.parts) + 1)


@dataclass(frozen=True)
class KeptCourse:
    """A course to be kept: its newest edition for a country, its lessons, and since when its law stands checked."""

    course: CourseRow
    version: str
    country: str
    around: Around
    lessons: tuple[LessonView, ...]
    checks: dict[str, KeptCheck]
    law_checked: dt.date | None

    def lesson(self, key: str) -> LessonView | None:
        """Return a lesson by its id."""
        return next((lesson for lesson in self.lessons if lesson.id == key), None)


def kept_course(key: str, version: str, language: str) -> KeptCourse | None:
    """Return what a phone keeps, asked for by any edition of the course; None where there is none. Five queries."""
    edition = CourseVersion.objects.select_related("course").filter(
        public_id=version, course__key=key, course__live=True
    )
    asked = edition.first()
    newest = asked and versions.newest(asked.course_id, asked.country_id)
    if newest is None:
        return None
    country = asked.country_id or ""
    served = _served(asked.course.path, language)
    row = served.pop(asked.course_id, None)
    if row is None:
        return None
    course = course_in(row, language)
    found = {fixed.id: (fixed, page) for page, built in served.items() for fixed in [fixed_of(built, row, language)]}
    shown = [found[one.id] for one in course.lessons if one.id in found]
    return KeptCourse(
        course=course,
        version=str(newest.public_id),
        country=country,
        around=around(course, country),
        lessons=tuple(view_for_nobody(fixed, page, country) for fixed, page in shown),
        checks={
            screen.id: _check(fixed.entries[screen.id], screen)
            for fixed, _page in shown
            for screen in fixed.screens
            if screen.question
        },
        law_checked=min((entry.checked_at for entry in course.overlays.get(country, {}).values() if entry.checked_at), default=None),
    )  # fmt: skip


def _served(course_path: str, language: str) -> dict[int, Built]:
    """Return, by page, the row that serves a reader of a language best, for a course and its lessons."""
    chain = chain_of(language)
    rows = Compiled.objects.filter(page__path__startswith=course_path, page__live=True, part="", language__in=chain)
    found: dict[int, Built] = {}
    for values in sorted(
        rows.values_list("pk", "page_id", "language", "built_at"), key=lambda row: chain.index(row[2])
    ):
        found.setdefault(values[1], Built(*values))
    return found


def _check(entry: dict, screen: Screen) -> KeptCheck:
    question, item = screen.question, screen.question.item
    feedback = {part["id"]: part.get("feedback", "") for part in entry["parts"]}
    return KeptCheck(
        id=screen.id,
        kind=question.kind,
        question=question.question,
        unit=question.unit,
        parts=tuple(
            KeptPart(choice.id, choice.text, _key(item, choice.id), feedback[choice.id]) for choice in question.choices
        ),
        targets=question.targets,
        answer=entry["answer"],
        tolerance=entry["tolerance"],
        right_feedback=entry["right_feedback"],
        wrong_feedback=entry["wrong_feedback"],
    )


def _key(item: grading.Item, part: str) -> str:
    """Return what is right for a part: its place in an order, the group of a match, "1" for a right option."""
    if item.kind == "order":
        return str(item.options.index(part) + 1)
    if item.kind == "match":
        return dict(item.groups)[part]
    return "1" if part in item.right else ""


def store_of(enrolment: Enrolment) -> dict:
    """Return what the store of a phone begins with: whose it is, the lessons done, how often each question was answered."""
    state = progress.read_state(Progress.objects.get(enrolment=enrolment).state)
    last = {key.partition("/")[2]: entry[0] for key, entry in state["last"].items() if key.startswith("practice/")}
    return {
        "who": str(enrolment.learner.public_id),
        "done": sorted([*state["ended"], *state["waived"]]),
        "turns": last,
    }


def paper_of(attempt: Attempt) -> dict:
    """Return what a test handed in from a phone names: itself, its edition, its place in the course, its items."""
    paper = progress.read(attempt.paper)
    return {
        "attempt": str(attempt.public_id),
        "version": str(attempt.version.public_id),
        "activity": paper["activity"],
        "item_versions": {entry["id"]: entry["version"] for entry in paper["items"]},
    }
