"""A course as a phone keeps it: the newest edition of a country in one language, the same for everybody."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from training import grading, progress
from training.models import Attempt, Compiled, CourseVersion
from training.queries import versions
from training.queries.compiled import Built, course_in
from training.queries.course_rows import CourseRow, ModuleOutline, Outline
from training.queries.learning import CourseProgress
from training.queries.lessons import LessonView, around, view_for_nobody
from training.queries.reading import chain_of
from training.queries.screens import Around, Screen, fixed_of
from training.queries.stories import built_story
from training.queries.story_rows import Story


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
    source_unit: str
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
    """A course to be kept: its newest edition for a country, lessons and stories, and when the law in them was checked, first and last."""

    course: CourseRow
    version: str
    country: str
    around: Around
    lessons: tuple[LessonView, ...]
    stories: tuple[Story, ...]
    checks: dict[str, KeptCheck]
    law_from: dt.date | None
    law_to: dt.date | None

    def lesson(self, key: str) -> LessonView | None:
        """Return a lesson by its id."""
        return next((lesson for lesson in self.lessons if lesson.id == key), None)

    def story(self, key: str) -> Story | None:
        """Return a story by its key."""
        return next((story for story in self.stories if story.key == key), None)

    @property
    def modules(self) -> tuple[ModuleOutline, ...]:
        """Return its modules with the lessons that are kept of each; one without any is left out."""
        kept = (
            replace(module, lessons=tuple(one for one in module.lessons if self.lesson(one.id)))
            for module in self.course.modules
        )
        return tuple(module for module in kept if module.lessons)

    @property
    def outline(self) -> tuple[Outline, ...]:
        """Return its lessons as lists name them, each with the groups of readers it is for."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)


def kept_course(key: str, version: str, language: str) -> KeptCourse | None:
    """Return what a phone keeps, asked for by any edition of the course; None where there is none.

    Five queries, and one more where it has stories.
    """
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
    lessons = tuple(view_for_nobody(fixed, page, country) for fixed, page in shown)
    law = [screen.entry for lesson in lessons for screen in lesson.screens if screen.entry]
    days = [entry.checked_at for entry in law if entry.checked_at]
    return KeptCourse(
        course=course,
        version=str(newest.public_id),
        country=country,
        around=around(course, country),
        lessons=lessons,
        stories=_stories(row, course, language),
        checks={
            screen.id: _check(fixed.entries[screen.id], screen)
            for fixed, _page in shown
            for screen in fixed.screens
            if screen.question
        },
        law_from=min(days, default=None),
        law_to=max(days, default=None),
    )


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


def _stories(row: Built, course: CourseRow, language: str) -> tuple[Story, ...]:
    """Return the stories of a course, each in the language that serves a reader best."""
    parts = [f"s{story.pk}" for story in course.stories]
    if not parts:
        return ()
    chain = chain_of(language)
    rows = Compiled.objects.filter(page=row.page, part__in=parts, language__in=chain)
    found: dict[str, Built] = {}
    for part, *built in sorted(
        rows.values_list("part", "pk", "page_id", "language", "built_at"), key=lambda one: chain.index(one[3])
    ):
        found.setdefault(part, Built(*built))
    return tuple(built_story(found[part], row, language, get_language()) for part in parts if part in found)


def _check(entry: dict, screen: Screen) -> KeptCheck:
    question, item = screen.question, screen.question.item
    feedback = {part["id"]: part.get("feedback", "") for part in entry["parts"]}
    return KeptCheck(
        id=screen.id,
        kind=question.kind,
        question=question.question,
        unit=question.unit,
        source_unit=question.source_unit,
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


def store_of(mine: CourseProgress) -> dict:
    """Return what the store of a phone begins with: whose it is, and where she is in the course.

    The lessons and stories done, how often each question was answered, how far each story was played last, her group of
    readers, and what a refresher asks; null where none does.
    """
    state = mine.place.state
    last = {key.partition("/")[2]: entry[0] for key, entry in state["last"].items() if key.startswith("practice/")}
    return {
        "who": str(mine.enrolment.learner.public_id),
        "done": sorted(mine.place.done),
        "turns": last,
        "plays": _plays(state),
        "track": mine.track,
        "refresher": _refresher(mine),
    }


def _plays(state: dict) -> dict[str, dict]:
    """Return, by story, the play that was moved last and its path."""
    latest: dict[str, tuple] = {}
    for key, (length, at, event, path) in state.get("plays", {}).items():
        story, _sign, play = key.partition("/")
        latest[story] = max(latest.get(story, ()), (at, length, event, play, path))
    return {story: {"play": found[3], "path": found[4]} for story, found in latest.items()}


def _refresher(mine: CourseProgress) -> dict | None:
    """Return what a refresher asks: the lessons and stories, whether the test again, how long it takes, until when."""
    if not mine.refresher and not mine.asks_test_again:
        return None
    asked = [one.id for one in mine.refresher]
    return {
        "asked": asked,
        "test": mine.asks_test_again,
        "minutes": mine.standing.minutes,
        "until": mine.until.isoformat() if mine.until else "",
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
