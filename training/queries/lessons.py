"""A lesson as one reader sees it: her language, her country, her progress."""

import datetime as dt
from dataclasses import dataclass, replace

from accounts.queries import contacts_of
from languages.choices import Freshness
from languages.queries import State
from languages.statements import Prepared
from training import progress
from training.choices import SourceKind
from training.models import Enrolment, Lesson, Progress
from training.queries import versions
from training.queries.compiled import built_for
from training.queries.course_rows import Behind, CourseRow, LanguageState, Outline, Words
from training.queries.entries import is_shown
from training.queries.holders import is_holder
from training.queries.left import Counts, counts_in
from training.queries.marking import Changes, changes_in
from training.queries.offers import Closed, closed_for, draft_for
from training.queries.questions import question_of
from training.queries.screens import Around, Fixed, Number, Screen, fixed_of


@dataclass(frozen=True)
class LessonView:
    """Everything on a lesson's page; `closed` when a learner reads a course that she cannot begin, `draft` why it is one.

    `is_risen`: a material change came since she read it to its end; `changed` are the screens that did, `changes` tells
    what else.
    """

    id: str
    page: int
    course: CourseRow
    version: str
    number: int
    of: int
    heading: Words
    aim: Words
    minutes: int
    screens: tuple[Screen, ...]
    state: State
    languages: tuple[LanguageState, ...]
    module: str
    outline: tuple[Outline, ...]
    previous: Outline | None
    next: Outline | None
    country: str
    around: Around
    place: "Place"
    turns: dict[str, int]
    glossary: tuple[tuple[Words, Words], ...]
    closed: Closed | None = None
    draft: str = ""
    is_risen: bool = False
    changed: tuple[Screen, ...] = ()
    changes: Changes = Changes()
    behind: Behind | None = None
    counts: Counts = Counts()

    @property
    def has_check(self) -> bool:
        """Tell whether something is asked in it."""
        return any(screen.question for screen in self.screens)

    @property
    def is_to_read(self) -> bool:
        """Tell whether its end is still asked for."""
        return self.id not in self.place.done or self.is_risen


@dataclass(frozen=True)
class Place:
    """Where a learner is in a course: nothing kept for a visitor without an account."""

    learner: str = ""
    is_enrolled: bool = False
    done: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    state: dict | None = None
    is_passed: bool = False
    counted: tuple[int, int] = (0, 0)
    version: str = ""
    track: str = ""

    @property
    def has_done_all(self) -> bool:
        """Tell whether she has passed the test, or done all lessons that her edition asks."""
        done, of = self.counted
        return self.is_passed or 0 < of <= done

    def last(self, item: str) -> list | None:
        """Return the last practice answer to a question: turn, time, id, response."""
        return self.state["last"].get(f"practice/{item}") if self.state else None

    def has_read(self, lesson: str, screen: str) -> bool:
        """Tell whether a screen of a lesson was read."""
        return bool(self.state) and f"{lesson}/{screen}" in self.state["read"]


def _progress_rows(user: int, course_path: str):
    return _columns(Progress.objects.filter(enrolment__learner__user=user, enrolment__course__path=course_path))


def _holders_rows(learner: int, course_path: str):
    return _columns(Progress.objects.filter(enrolment__learner=learner, enrolment__course__path=course_path))


def _columns(rows):
    columns = ("state", "passed_at", "done", "of", "track", "enrolment__learner__public_id")
    columns += ("enrolment__version__public_id",)
    return rows.order_by("enrolment").values_list(*columns)[:1]


_PROGRESS = Prepared(_progress_rows, -7, "path of a course")
_HOLDERS_PROGRESS = Prepared(_holders_rows, -7, "path of a course")


def place_of(user, course_path: str) -> Place:
    """Return where a person is in a course; one query, none for a visitor."""
    if not user.is_authenticated:
        return Place()
    rows = _HOLDERS_PROGRESS.rows(user.learner.pk, course_path) if is_holder(user) else None
    row = next(iter(_PROGRESS.rows(user.pk, course_path) if rows is None else rows), None)
    return Place() if row is None else _place(*row)


def place_in(enrolment: Enrolment) -> Place:
    """Return the place that an enrolment's progress tells."""
    row = enrolment.progress
    return _place(row.state, row.passed_at, row.done, row.of, row.track, version=enrolment.version.public_id)


def _place(
    text: str,
    passed_at: dt.datetime | None,
    done: int,
    of: int,
    track: str,
    learner: object = "",
    version: object = "",
) -> Place:
    state = progress.read_state(text)
    return Place(
        learner=str(learner),
        is_enrolled=True,
        done=frozenset([*state["ended"], *progress.waived(state)]),
        opened=frozenset(state["opened"]),
        state=state,
        is_passed=passed_at is not None,
        counted=(done, of),
        track=track,
        version=str(version),
    )


def lesson_view(
    page: Lesson,
    *,
    language: str,
    user,
    at: dt.datetime,
    country: str = "",
    responses: dict[str, object] | None = None,
) -> LessonView | None:
    """Return a lesson for a reader, or None when it was never published; three queries for a learner.

    Two more, outside the demo, for a person who has not begun the course: whether it is on offer to her; in the demo two
    every some seconds for readers of a country: whether it is a draft there.
    `responses` are answers just given by somebody for whom nothing is kept.
    """
    course_path = page.path[: -2 * page.steplen]
    row, course_row = built_for(page.path, course_path, language)
    if row is None or course_row is None:
        return None
    fixed, place = fixed_of(row, course_row, language), place_of(user, course_path)
    closed = closed_of(fixed.course, place, user, at)
    view = _view(fixed, page.pk, country, place, responses=responses or {}, closed=closed)
    return view if closed else replace(view, draft=draft_for(fixed.course, country, at))


def view_for_nobody(fixed: Fixed, page: int, country: str) -> LessonView:
    """Return a lesson as it is for everybody in a country: no answers, no progress."""
    return _view(fixed, page, country, Place(), responses={}, closed=None)


def _view(
    fixed: Fixed, page: int, country: str, place: Place, *, responses: dict, closed: Closed | None
) -> LessonView:
    course, version = fixed.course, fixed.course.version_for(country)
    outline = tuple(one for one in fixed.outline if one.id == fixed.id or one.is_for(place.track))
    number = next((number for number, one in enumerate(outline, 1) if one.id == fixed.id), 1)
    screens = tuple(_for_reader(screen, fixed, place, country, responses) for screen in fixed.screens)
    read = read_before(fixed.id, version, place)
    changes = changes_in(fixed.id, read, version) if read else Changes()
    return LessonView(
        id=fixed.id,
        page=page,
        course=course,
        version=version,
        number=number,
        of=len(outline),
        heading=fixed.heading,
        aim=fixed.aim,
        minutes=fixed.minutes,
        screens=screens,
        state=state_with_law(fixed.state, screens),
        languages=fixed.languages,
        module=fixed.module,
        outline=outline,
        previous=outline[number - 2] if number > 1 else None,
        next=outline[number] if number < len(outline) else None,
        country=country,
        around=around(course, country),
        place=place,
        turns={screen.id: _turn(place, screen.id) for screen in screens if screen.question},
        glossary=fixed.glossary,
        closed=closed,
        is_risen=bool(read),
        changed=tuple(screen for screen in screens if screen.id in changes.screens),
        changes=changes,
        behind=fixed.behind,
        counts=_counts(course, place),
    )


def _counts(course: CourseRow, place: Place) -> Counts:
    """Return how many lessons she has done of her edition, and of how many.

    A newest edition holds what the course holds; of an earlier one a query where it is not in memory.
    """
    if not place.is_enrolled or place.version in course.versions.values():
        return Counts(*place.counted)
    version = versions.values_of([place.version])[place.version]
    return counts_in(version, course, track=place.track, done=place.done, row=place.counted)


def read_before(lesson: str, version: str, place: Place) -> str:
    """Return the edition in which she last did a lesson that asks more now; "" where it does not; seldom a query."""
    under = progress.under(place.state) if place.state else {}
    keys = [key.partition("/")[2] for key in under if key.startswith(f"{lesson}/")]
    if not keys or version in keys:
        return ""
    found = {key: value.activity(lesson) for key, value in versions.values_of([version, *keys]).items()}
    numbers = {key: found[key].material for key in keys if found.get(key)}
    if not numbers or not found.get(version) or found[version].is_done_at(max(numbers.values())):
        return ""
    return max(numbers, key=lambda key: (numbers[key], under[f"{lesson}/{key}"]))


def closed_of(course: CourseRow, place: Place, user, at: dt.datetime) -> Closed | None:
    """Return what keeps a person from beginning a course; a visitor begins nothing, so it is not asked for her."""
    if place.is_enrolled or not user.is_authenticated:
        return None
    return closed_for(course, user, at)


def around(course: CourseRow, country: str) -> Around:
    """Return where a reader is: her country with its public numbers, and those from which she may choose."""
    numbers = tuple(
        Number(one.shown_name, one.hours, one.number, one.is_free, one.checked_at, one.source_kind)
        for one in (contacts_of(country) if country else ())
        if one.number or not one.line  # a line that is switched off publishes no number
    )
    offered = tuple((code, name) for code, name in course.country_names.items() if code in course.countries)
    return Around(country, course.country_names.get(country, ""), numbers, offered)


def _turn(place: Place, item: str) -> int:
    last = place.last(item)
    return last[0] + 1 if last else 1


def _for_reader(screen: Screen, fixed: Fixed, place: Place, country: str, responses: dict) -> Screen:
    """Return a screen with the law of the reader's country, or with what she answered."""
    if screen.kind == "law":
        return law_of(screen, fixed.course, country)
    if screen.question is None:
        return screen
    last = place.last(screen.id)
    response = responses.get(screen.id, last[3] if last else None)
    return replace(screen, question=question_of(fixed.entries[screen.id], response)) if response else screen


def state_with_law(state: State, screens: tuple[Screen, ...]) -> State:
    """Return how a lesson stands for a reader, with the law of her country in it: behind since when, if that is earlier."""
    dates = [one.entry.behind.date for one in screens if one.entry and one.entry.behind]
    if not dates:
        return state
    return replace(state, stale=max(state.stale, Freshness.MINOR), date=min([*dates, *filter(None, [state.date])]))


def law_of(screen: Screen, course: CourseRow, country: str) -> Screen:
    """Return a screen with the law of a country, where it is shown."""
    entry = course.overlays.get(country, {}).get(screen.slot)
    if not is_shown(entry):
        return screen
    return replace(screen, entry=entry, source_kind=str(SourceKind(entry.source_kind).label))
