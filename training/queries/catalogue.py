"""Courses on offer, and what stands between a course and a country."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from accounts.models import Country, PublicContact
from training.choices import MARKED_ONLY, REQUIRED_SLOTS, REVIEW_DAYS, GateFault
from training.models import Course, Curriculum, Module
from training.queries.learning import CourseProgress, progress_in
from training.queries.reading import CourseRow, LanguageState, Reader, Words, courses


@dataclass(frozen=True)
class CourseCard:
    """A course in a list."""

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
    is_draft: bool = False


@dataclass(frozen=True)
class Gate:
    """One thing that is missing before a course goes live in a country."""

    code: str
    what: str = ""

    @property
    def words(self) -> str:
        """Return the sentence for it."""
        return GateFault(self.code).label

    @property
    def is_blocking(self) -> bool:
        """Tell whether it keeps the course from the country's catalogue."""
        return self.code not in MARKED_ONLY


@dataclass(frozen=True)
class CourseView:
    """A course's own page; `mine` is where the reader is in it, None when she has not begun."""

    course: CourseRow
    mine: CourseProgress | None
    country_name: str
    is_draft: bool


@dataclass(frozen=True)
class CurriculumView:
    """A curriculum with its courses."""

    heading: Words
    summary: Words
    cards: tuple[CourseCard, ...]


def catalogue(country: str, language: str, *, at: dt.datetime | None = None) -> list[CourseCard]:
    """Return the courses offered in a country, or everywhere when none is named, for a reader of a language.

    Those meant for the country come first, then those in the reader's language. In the demo a course whose country entries are not confirmed is shown as a draft; in production it is not offered, and where no country is named only what at least one country offers is shown.
    """
    return _cards(courses(language), country, language, at or timezone.now())


def _cards(rows: Iterable[CourseRow], country: str, language: str, at: dt.datetime) -> list[CourseCard]:
    rows = list(rows)
    if not country:
        offered = rows if settings.DEMO else _live_somewhere(rows, at)
        return sorted((_card(row, language, False) for row in offered), key=lambda card: not card.heading.is_own)
    named = Country.objects.filter(pk=country).first()
    contacts = list(PublicContact.objects.filter(country_id=country)) if named else []
    found = []
    for row in rows:
        is_live = named is None or _is_live(row, named, contacts, at)
        if is_live or settings.DEMO:
            found.append(_card(row, language, not is_live and country in row.countries))
    meant = {row.key for row in rows if country in row.countries}
    return sorted(found, key=lambda card: (card.key not in meant, not card.heading.is_own))


def _live_somewhere(rows: Iterable[CourseRow], at: dt.datetime) -> list[CourseRow]:
    """Return the courses that at least one country offers."""
    countries, contacts = _with_contacts(Country.objects.filter(is_active=True))
    return [row for row in rows if any(_is_live(row, country, contacts[country.pk], at) for country in countries)]


def _is_live(row: CourseRow, country: Country, contacts: list[PublicContact], at: dt.datetime) -> bool:
    return not any(fault.is_blocking for fault in gate(row, country, contacts, at))


def _with_contacts(countries: Iterable[Country]) -> tuple[list[Country], dict[str, list[PublicContact]]]:
    """Return countries, and the public numbers of each by its code."""
    countries = list(countries)
    contacts: dict[str, list[PublicContact]] = {country.pk: [] for country in countries}
    for contact in PublicContact.objects.filter(country__in=countries):
        contacts[contact.country_id].append(contact)
    return countries, contacts


def _card(row: CourseRow, language: str, is_draft: bool) -> CourseCard:
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
        is_draft=is_draft,
    )


def gate(row: CourseRow, country: Country, contacts: list[PublicContact], at: dt.datetime) -> list[Gate]:
    """Return what stands between a course and a country; nothing means that it is live there."""
    since = at.date() - dt.timedelta(days=REVIEW_DAYS["number"])
    fresh = {
        contact.kind for contact in contacts if contact.number and contact.checked_at and contact.checked_at >= since
    }
    faults = [] if country.pk in row.countries else [Gate(GateFault.NOT_PLANNED)]
    faults += [] if "hotline" in fresh else [Gate(GateFault.NO_HOTLINE)]
    faults += [] if "referral" in fresh else [Gate(GateFault.NO_REFERRAL)]
    faults += _slot_faults(row, country.pk, at.date())
    whole = {state.code for state in row.languages if state.whole == len(row.lessons)}
    return faults if whole.intersection(country.languages) else [*faults, Gate(GateFault.NO_LANGUAGE)]


def _slot_faults(row: CourseRow, country: str, today: dt.date) -> list[Gate]:
    entries, faults = row.overlays.get(country, {}), []
    for slot in REQUIRED_SLOTS:
        entry = entries.get(slot)
        if entry is None:
            faults.append(Gate(GateFault.SLOT_EMPTY, slot))
        elif not entry.confirmed:
            faults.append(Gate(GateFault.SLOT_UNCONFIRMED, slot))
    overdue = [slot for slot, entry in entries.items() if entry.review_at and entry.review_at < today]
    return [*faults, *(Gate(GateFault.SLOT_OVERDUE, slot) for slot in overdue)]


@dataclass(frozen=True)
class GateRow:
    """A course in a country with everything that is missing there."""

    course: CourseRow
    country: Country
    faults: tuple[Gate, ...]


def gates(user, language: str, at: dt.datetime) -> list[GateRow]:
    """Return each course in each country that a manager answers for, with what is missing; three queries."""
    countries = Country.objects.filter(is_active=True)
    if user.country_id:
        countries = countries.filter(pk=user.country_id)
    countries, contacts = _with_contacts(countries)
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
    mine = progress_in(user, row) if user.is_authenticated else None
    drafts = _slot_faults(row, country, at.date()) if country in row.countries else []
    return CourseView(row, mine, row.country_names.get(country, ""), bool(drafts))


def curriculum_view(page: Curriculum, *, language: str, country: str, at: dt.datetime) -> CurriculumView:
    """Return a curriculum's page."""
    rows = courses(language, page__path__startswith=page.path)
    whole = Curriculum.objects.get(pk=page.pk)
    reader = Reader(language)
    heading = rows[0].curriculum if rows else reader.text(whole.heading, "")
    return CurriculumView(heading, reader.text(whole.summary or "", ""), tuple(_cards(rows, country, language, at)))


def course_url_of(module: Module) -> str:
    """Return the address of the course that a module stands in."""
    return Course.objects.get(path=module.path[: -module.steplen]).url
