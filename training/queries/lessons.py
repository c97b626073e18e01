"""A lesson as one reader sees it: her language, her country, her progress."""

import datetime as dt
from dataclasses import dataclass, replace

from accounts.models import PublicContact
from accounts.queries import contacts_of
from languages.statements import Prepared
from training import progress
from training.blocks import CHECK_TYPES
from training.choices import SourceKind
from training.models import Enrolment, Lesson, Progress
from training.queries.compiled import body_of, built_for, course_in
from training.queries.questions import Question, question_of
from training.queries.reading import (
    CourseRow,
    Entry,
    LanguageState,
    Outline,
    Reader,
    State,
    Words,
    date_of,
)


@dataclass(frozen=True)
class Screen:
    """One screen of a lesson."""

    id: str
    kind: str
    language: str
    direction: str
    is_own: bool
    language_name: str
    heading: str = ""
    text: str = ""
    html: str = ""
    stale: dt.date | None = None
    slot: str = ""
    optional: bool = False
    entry: Entry | None = None
    source_kind: str = ""
    skip_to: str = ""
    question: Question | None = None
    image: dict | None = None
    is_read: bool = False


@dataclass(frozen=True)
class LessonView:
    """Everything on a lesson's page."""

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
    country_name: str
    contacts: tuple[PublicContact, ...]
    place: "Place"
    turns: dict[str, int]
    glossary: tuple[tuple[Words, Words], ...]

    @property
    def done(self) -> int:
        """Return how many lessons of the course as it stands now she has done."""
        return self.course.done_in(self.place.done)


@dataclass(frozen=True)
class Place:
    """Where a learner is in a course: nothing kept for a visitor without an account."""

    is_enrolled: bool = False
    done: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    state: dict | None = None
    is_passed: bool = False

    def last(self, item: str) -> list | None:
        """Return the last practice answer to a question: turn, time, id, response."""
        return self.state["last"].get(f"practice/{item}") if self.state else None

    def has_read(self, lesson: str, screen: str) -> bool:
        """Tell whether a screen of a lesson was read."""
        return bool(self.state) and f"{lesson}/{screen}" in self.state["read"]


def _progress_rows(user: int, course_path: str):
    rows = Progress.objects.filter(enrolment__learner__user=user, enrolment__course__path=course_path)
    return rows.order_by("enrolment").values_list("state", "passed_at")[:1]


_PROGRESS = Prepared(_progress_rows, -7, "path of a course")


def place_of(user, course_path: str) -> Place:
    """Return where a person is in a course; one query, none for a visitor."""
    if not user.is_authenticated:
        return Place()
    row = next(iter(_PROGRESS.rows(user.pk, course_path)), None)
    return Place() if row is None else _place(*row)


def place_in(enrolment: Enrolment) -> Place:
    """Return the place that an enrolment's progress tells."""
    return _place(enrolment.progress.state, enrolment.progress.passed_at)


def _place(text: str, passed_at: dt.datetime | None) -> Place:
    state = progress.read(text)
    return Place(
        is_enrolled=True,
        done=frozenset([*state["ended"], *state["waived"]]),
        opened=frozenset(state["opened"]),
        state=state,
        is_passed=passed_at is not None,
    )


def lesson_view(
    page: Lesson, *, language: str, user, country: str = "", responses: dict[str, object] | None = None
) -> LessonView | None:
    """Return a lesson for a reader, or None when it was never published; three queries for a learner.

    `responses` are answers just given by somebody for whom nothing is kept.
    """
    course_path = page.path[: -2 * page.steplen]
    row, course_row = built_for(page.path, course_path, language)
    if row is None or course_row is None:
        return None
    course, place = course_in(course_row, language), place_of(user, course_path)
    return _Composer(Reader(language), page, row, course, place, country, responses).view()


class _Composer:
    """Puts one lesson together."""

    def __init__(self, reader, page, row, course, place, country, responses):
        self.reader, self.page, self.row, self.course, self.place = reader, page, row, course, place
        self.country, self.responses = country, responses or {}
        self.body = body_of(row)
        self.id = self.body["id"]

    def view(self) -> LessonView:
        """Return the whole page."""
        lessons = self.course.lessons
        number = next((lesson.number for lesson in lessons if lesson.id == self.id), 1)
        module = next(module for module in self.course.modules if any(one.id == self.id for one in module.lessons))
        screens = _with_skips([self._screen(entry) for entry in self.body["screens"]])
        return LessonView(
            id=self.id,
            page=self.page.pk,
            course=self.course,
            version=self.course.version_for(self.country),
            number=number,
            of=len(lessons),
            heading=self.reader.words(self.body["heading"]),
            aim=self.reader.words(self.body["aim"]),
            minutes=self.body["minutes"],
            screens=screens,
            state=self.reader.state(self.body["state"], self.row.language),
            languages=self._languages(),
            module=str(module.heading),
            outline=lessons,
            previous=lessons[number - 2] if number > 1 else None,
            next=lessons[number] if number < len(lessons) else None,
            country=self.country,
            country_name=self.course.country_names.get(self.country, ""),
            contacts=self._contacts(),
            place=self.place,
            turns={screen.id: self._turn(screen.id) for screen in screens if screen.question},
            glossary=self._glossary(),
        )

    def _turn(self, item: str) -> int:
        last = self.place.last(item)
        return last[0] + 1 if last else 1

    def _languages(self) -> tuple[LanguageState, ...]:
        whole = {language.code: language for language in self.course.languages}
        return tuple(
            replace(whole[entry["code"]], state=entry["state"])
            for entry in self.body["languages"]
            if entry["code"] != self.reader.language and entry["code"] in whole
        )

    def _contacts(self) -> tuple[PublicContact, ...]:
        return tuple(contacts_of(self.country)) if self.country else ()

    def _glossary(self) -> tuple[tuple[Words, Words], ...]:
        """Return the words of the course that this lesson uses."""
        text = " ".join(f"{entry.get('html', '')} {entry.get('question', '')}" for entry in self.body["screens"])
        folded = text.casefold()
        return tuple(pair for pair in self.course.glossary if pair[0].text.casefold() in folded)[:4]

    def _screen(self, entry: dict) -> Screen:
        words = self.reader.text("", entry["lang"] or self.row.language)
        screen = Screen(
            id=entry["id"],
            kind="check" if entry["kind"] in CHECK_TYPES else entry["kind"],
            language=words.language,
            direction=words.direction,
            is_own=words.is_own or entry["kind"] in {"law", "who"},
            language_name=words.language_name,
            heading=entry.get("heading", ""),
            text=entry.get("text", ""),
            html=entry.get("html", ""),
            stale=date_of(entry.get("stale", "")),
            is_read=self.place.has_read(self.id, entry["id"]),
        )
        if entry["kind"] == "law":
            return self._law(screen, entry)
        if entry["kind"] == "image":
            return replace(screen, image=entry)
        if entry["kind"] in CHECK_TYPES:
            return replace(screen, question=question_of(entry, self._response(entry["id"])))
        return screen

    def _law(self, screen: Screen, entry: dict) -> Screen:
        found = self.course.overlays.get(self.country, {}).get(entry["slot"])
        kind = str(SourceKind(found.source_kind).label) if found else ""
        return replace(screen, slot=entry["slot"], optional=entry["optional"], entry=found, source_kind=kind)

    def _response(self, item: str):
        if item in self.responses:
            return self.responses[item]
        last = self.place.last(item)
        return last[3] if last else None


def _with_skips(screens: list[Screen]) -> tuple[Screen, ...]:
    """Return the screens; each content note with the screen that follows what it warns of: the next question, if any."""
    shown = []
    for place, screen in enumerate(screens):
        after = [one.id for one in screens[place + 1 :] if one.kind in {"check", "takeaway"}]
        shown.append(replace(screen, skip_to=after[0]) if screen.kind == "note" and after else screen)
    return tuple(shown)
