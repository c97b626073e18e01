"""Courses in lists and on their own pages, and what each still needs in each country."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Country
from training.models import Course, Curriculum, Module
from training.queries.course_rows import CourseRow, LanguageState, Outline, Words
from training.queries.learning import CourseProgress, progress_in
from training.queries.lessons import around
from training.queries.offers import Closed, Gate, Offers, closed_for, closed_to, draft_for, gate, with_contacts
from training.queries.reading import Reader, courses
from training.queries.screens import Around


@dataclass(frozen=True)
class CourseCard:
    """A course in a list; `is_own` when it can be read in the reader's language, be it in part; `draft`: why it is one."""

    key: str
    url: str
    heading: Words
    summary: Words
    audience: Words
    minutes: int
    lessons: int
    languages: tuple[LanguageState, ...]
    kilobytes: int
    awaiting_native: bool
    is_own: bool
    draft: str


@dataclass(frozen=True)
class CourseView:
    """A course's own page; `mine` is where the reader is in it, None when she has not begun; `closed` when she cannot.

    `draft` is why it is one in the reader's country.
    """

    course: CourseRow
    mine: CourseProgress | None
    country_name: str
    draft: str
    closed: Closed | None
    country: str = ""

    @property
    def asked(self) -> tuple[Outline, ...]:
        """Return the lessons of her group of readers; those of all groups where she has chosen none."""
        track = self.mine.track if self.mine else ""
        return tuple(lesson for lesson in self.course.lessons if lesson.is_for(track))

    @property
    def minutes(self) -> int:
        """Return how long the course takes her, without the lessons of other groups."""
        asked = self.asked
        return self.course.minutes - sum(one.minutes for one in self.course.lessons if one not in asked)


@dataclass(frozen=True)
class CurriculumView:
    """A curriculum with its courses; of one that was taken off, those that stand."""

    heading: Words
    summary: Words
    cards: tuple[CourseCard, ...]
    is_off: bool = False


def catalogue(country: str, language: str, *, at: dt.datetime | None = None) -> list[CourseCard]:
    """Return the courses offered in a country, or everywhere when none is named, for a reader of a language.

    Those meant for the country come first, then those in the reader's language. In the demo a course that the country does not offer is shown as a draft; in production it is not listed, and where no country is named only what at least one country offers is shown.
    """
    return _cards(courses(language), country, language, at or timezone.now())


def _cards(rows: Iterable[CourseRow], country: str, language: str, at: dt.datetime) -> list[CourseCard]:
    offers = Offers(country, at)
    offered = [row for row in rows if offers.has(row)]
    meant = {row.key for row in offered if country in row.countries}
    cards = [_card(row, language, offers.draft(row)) for row in offered]
    return sorted(cards, key=lambda card: (card.key not in meant, not card.heading.is_own))


def _card(row: CourseRow, language: str, draft: str) -> CourseCard:
    own = next((state for state in row.languages if state.code == language), None)
    return CourseCard(
        key=row.key,
        url=row.url,
        heading=row.heading,
        summary=row.summary,
        audience=row.audience,
        minutes=row.minutes,
        lessons=len(row.lessons),
        languages=row.languages,
        kilobytes=row.kilobytes,
        awaiting_native=bool(own and own.awaiting_native),
        is_own=own is not None,
        draft=draft,
    )


@dataclass(frozen=True)
class GateRow:
    """A course in a country with everything that is missing there."""

    course: CourseRow
    country: Country
    faults: tuple[Gate, ...]

    @property
    def is_draft(self) -> bool:
        """Tell whether it is not on offer there; what is only due to be checked again takes no course away."""
        return any(fault.is_blocking for fault in self.faults)


def gates(user, language: str, at: dt.datetime) -> list[GateRow]:
    """Return each course in each country that a manager answers for, with what is missing; three queries."""
    countries = Country.objects.filter(is_active=True)
    if user.country_id:
        countries = countries.filter(pk=user.country_id)
    countries, contacts = with_contacts(countries)
    return [
        GateRow(row, country, tuple(gate(row, country, contacts[country.pk], at)))
        for row in courses(language)
        for country in countries
        if country.pk in row.countries or user.country_id
    ]


def course_view(page: Course, *, language: str, user, country: str, at: dt.datetime) -> CourseView | None:
    """Return a course's page for a reader, or None when it was never published."""
    found = courses(language, page=page.pk)
    if not found:
        return None
    row = found[0]
    mine = progress_in(user, row, at=at) if user.is_authenticated else None
    closed = None
    if not mine:
        closed = closed_for(row, user, at) if user.is_authenticated else closed_to(row, country, at)
    draft = "" if closed else draft_for(row, country, at)
    return CourseView(row, mine, row.country_names.get(country, ""), draft, closed, country)


def aide_of(key: str, language: str, country: str) -> tuple[CourseRow, Around] | None:
    """Return a course with what to do and not to do, and the numbers of a country; None when it has no such list."""
    row = next(iter(courses(language, page__course__key=key)), None)
    if row is None or not (row.aide_do or row.aide_dont):
        return None
    return row, around(row, country)


def curriculum_view(page: Curriculum, *, language: str, country: str, at: dt.datetime) -> CurriculumView:
    """Return a curriculum's page."""
    rows = courses(language, page__path__startswith=page.path)
    whole = Curriculum.objects.get(pk=page.pk)
    reader = Reader(language)
    heading = rows[0].curriculum if rows else reader.text(whole.heading, "")
    cards = tuple(_cards(rows, country, language, at))
    return CurriculumView(heading, reader.text(whole.summary or "", ""), cards, is_off=not whole.live)


def course_url_of(module: Module) -> str:
    """Return the address of the course that a module stands in."""
    return Course.objects.get(path=module.path[: -module.steplen]).url
