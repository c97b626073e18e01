"""Where a course is on offer: one rule for the lists, the pages, enrolment, progress and the test.

A country offers a course once nothing stands between them (`gate`). Anybody may read a lesson whose address she has;
begun is only what is on offer. The rule is asked before somebody begins and never afterwards: a number that was not
checked for a month takes a course out of the list, and nothing away from who is in the middle of it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.cache import cache

from accounts.models import Country, PublicContact
from accounts.queries.clocks import day_in
from languages import table
from training.choices import MARKED_ONLY, REQUIRED_SLOTS, REVIEW_DAYS, GateFault
from training.queries.course_rows import CourseRow
from training.queries.holders import is_holder
from training.queries.reading import courses


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
class Closed:
    """A course that a reader cannot begin: her country does not offer it, or no country does when she has none.

    `needs_account`: it is on offer, and begun with an account only.
    """

    country: str
    country_name: str
    needs_account: bool = False


# Why a course is shown as a draft: its entries are not confirmed, or something else stands between it and the country.
ENTRIES, NOT_OFFERED = "entries", "offer"
KEPT_SECONDS = 20


class Offers:
    """What is on offer to readers of a country; to those of no known country, what at least one offers.

    In the demo every course is. Two queries once the rule is asked, however many courses it is asked about.
    """

    def __init__(self, country: str | None, at: dt.datetime):
        self.code, self.at = country or "", at

    def has(self, row: CourseRow) -> bool:
        """Tell whether a course is on offer."""
        return settings.DEMO or self.is_live(row)

    def is_live(self, row: CourseRow) -> bool:
        """Tell whether nothing stands between a course and a country in which it could be on offer."""
        return is_live_among(row, *self._places, self.at)

    def draft(self, row: CourseRow) -> str:
        """Return why a course is a draft for the country that is named; "" where it is live or no country is known.

        The rule is asked only where the course itself does not tell, by the numbers as they stood some seconds ago at
        most: a mark that each page of who has begun bears costs no query.
        """
        if self.code not in row.country_names:
            return ""
        if self.code not in row.countries:
            return NOT_OFFERED
        return entries_draft(row, self.code) or (
            "" if is_live_among(row, *self._kept_places, self.at) else NOT_OFFERED
        )

    @cached_property
    def country(self) -> Country | None:
        """The country that is named, where there is such a one."""
        return Country.objects.filter(pk=self.code).first() if self.code else None

    @cached_property
    def _places(self) -> tuple[list[Country], dict[str, list[PublicContact]]]:
        return with_contacts([self.country] if self.country else Country.objects.filter(is_active=True))

    @cached_property
    def _kept_places(self) -> tuple[list[Country], dict[str, list[PublicContact]]]:
        kept = cache.get(_kept_under(self.code))
        if kept is None:
            kept = self._places
            cache.set(_kept_under(self.code), kept, KEPT_SECONDS)
        return kept


def forget_places(country: str) -> None:
    """Forget what is kept of a country and its numbers, as they have changed."""
    cache.delete(_kept_under(country))


def _kept_under(country: str) -> str:
    return f"training.places.{country}"


def is_live_among(
    row: CourseRow, countries: Iterable[Country], contacts: Mapping[str, list[PublicContact]], at: dt.datetime
) -> bool:
    """Tell whether nothing stands between a course and at least one of some countries."""
    return any(
        not any(fault.is_blocking for fault in gate(row, country, contacts[country.pk], at)) for country in countries
    )


def is_planned(row: CourseRow, country: str) -> bool:
    """Tell whether a course is meant for a country, on offer there or about to be; in the demo each is. No query.

    One that was taken off is meant for none.
    """
    return not row.is_off and (settings.DEMO or country in row.countries)


def may_begin(course: int, country: str | None, at: dt.datetime) -> bool:
    """Tell whether somebody of a country may begin a course; three queries, none in the demo."""
    offers = Offers(country, at)
    return settings.DEMO or any(offers.has(row) for row in courses(table.SOURCE, page=course))


def closed_to(row: CourseRow, country: str | None, at: dt.datetime) -> Closed | None:
    """Return what a reader of a country is told who cannot begin a course, or None when it is on offer to her."""
    offers = Offers(country, at)
    if offers.has(row):
        return None
    return Closed(offers.country.pk, offers.country.name) if offers.country else Closed("", "")


def closed_for(row: CourseRow, user, at: dt.datetime) -> Closed | None:
    """Return what keeps somebody known from beginning a course, as `closed_to`; a progress code opens only some."""
    closed = closed_to(row, user.country_id, at)
    return Closed("", "", needs_account=True) if not closed and is_holder(user) and not row.without_account else closed


def entries_draft(row: CourseRow, country: str) -> str:
    """Tell whether entries of a country that a course is made for are missing or not confirmed. No query."""
    return ENTRIES if country in row.countries and slots_lacking(row, country) else ""


def draft_for(row: CourseRow, country: str, at: dt.datetime) -> str:
    """Return why a reader of a country is told that a course is a draft there; no query, but that in the demo the
    country and its numbers are read once in some seconds.

    Outside the demo nobody begins a draft (`closed_to`). Who began it before is told of its entries alone: that a number
    was not checked for a month takes nothing away from her.
    """
    return Offers(country, at).draft(row) if settings.DEMO else entries_draft(row, country)


def with_contacts(countries: Iterable[Country]) -> tuple[list[Country], dict[str, list[PublicContact]]]:
    """Return countries, and the public numbers of each by its code."""
    countries = list(countries)
    contacts: dict[str, list[PublicContact]] = {country.pk: [] for country in countries}
    for contact in PublicContact.objects.filter(country__in=countries):
        contacts[contact.country_id].append(contact)
    return countries, contacts


def gate(row: CourseRow, country: Country, contacts: list[PublicContact], at: dt.datetime) -> list[Gate]:
    """Return what stands between a course and a country; nothing means that it is live there."""
    today = day_in(country, at)
    since = today - dt.timedelta(days=REVIEW_DAYS["number"])
    fresh = {
        contact.kind for contact in contacts if contact.number and contact.checked_at and contact.checked_at >= since
    }
    faults = [] if country.pk in row.countries else [Gate(GateFault.NOT_PLANNED)]
    if "hotline" not in fresh:
        has_one = any(contact.kind == "hotline" and contact.number for contact in contacts)
        faults.append(Gate(GateFault.NO_HOTLINE if has_one else GateFault.HOTLINE_LACKING))
    faults += [] if "referral" in fresh else [Gate(GateFault.NO_REFERRAL)]
    faults += [*slots_lacking(row, country.pk), *_slots_overdue(row, country.pk, today)]
    whole = {state.code for state in row.languages if state.whole == len(row.lessons)}
    return faults if whole.intersection(country.languages) else [*faults, Gate(GateFault.NO_LANGUAGE)]


def slots_lacking(row: CourseRow, country: str) -> list[Gate]:
    """Return what a course still lacks among the entries of a country; no query."""
    entries, faults = row.overlays.get(country, {}), []
    for slot in REQUIRED_SLOTS:
        entry = entries.get(slot)
        if entry is None:
            faults.append(Gate(GateFault.SLOT_EMPTY, slot))
        elif not entry.confirmed:
            faults.append(Gate(GateFault.SLOT_UNCONFIRMED, slot))
    return faults


def _slots_overdue(row: CourseRow, country: str, today: dt.date) -> list[Gate]:
    entries = row.overlays.get(country, {})
    overdue = [slot for slot, entry in entries.items() if entry.review_at and entry.review_at < today]
    return [Gate(GateFault.SLOT_OVERDUE, slot) for slot in overdue]
