"""Writes about the offices in which officials work. None is ever deleted: people belong to it, and reports name it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record, record_many
from accounts.actions.countries import hold_numbers
from accounts.models import Country, Office, User
from accounts.officials import office_key
from accounts.queries.marks import office_mark

FACTS = ("name", "kind", "area", "staff_count", "staff_counted_on")


class OfficeChangedMeanwhile(Exception):
    """Raised when somebody else changed an office after it was shown; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed this while you had it open. Look at what stands now."))


class OfficeStandsAlready(Exception):
    """Raised when a country would have two offices of one name; `office` is the one that stands, `is_same` in all."""

    def __init__(self, office: Office, is_same: bool):
        words = _("This country has an office of this name already. Open it there, or choose another name.")
        if office.closed_at:
            words = _("An office of this name was closed. Open it again instead, or choose another name.")
        super().__init__(words)
        self.office, self.is_same = office, is_same


class OfficeClosed(Exception):
    """Raised when somebody new would come into an office that is closed; nothing is written."""

    def __init__(self):
        super().__init__(_("This office is closed and takes no new people. Choose another one."))


def _standing(country: str) -> dict[str, Office]:
    """Return the offices of a country by the key of their names; the country is held, so none is added meanwhile."""
    hold_numbers(country)
    return {office_key(row.name): row for row in Office.objects.filter(country=country)}


@transaction.atomic
def add_office(*, country: Country, facts: Mapping[str, object], by, at: datetime) -> Office:
    """Add an office to a country; one of the same name, however it is written, is refused."""
    office = Office(country=country, **facts)
    same = _standing(country.pk).get(office_key(office.name))
    if same is not None:
        raise OfficeStandsAlready(same, is_same=office_mark(same) == office_mark(office) and not same.closed_at)
    office.save()
    record(by=by, verb="office.added", thing=office, at=at, country=country.pk)
    return office


def put_offices(*, country: str, offices: Iterable[Mapping[str, object]]) -> tuple[list[Office], list[Office]]:
    """Write the offices that a country does not have; return all that were named, in order, and which are new.

    Part of a larger act, which records them (`acts_of`) when it has taken its other locks.
    """
    named = [Office(country_id=country, **facts) for facts in offices]
    standing = _standing(country)
    new = {office_key(office.name): office for office in named if office_key(office.name) not in standing}
    Office.objects.bulk_create(new.values())
    return [(standing | new)[office_key(office.name)] for office in named], list(new.values())


def acts_of(offices: Iterable[Office]) -> list[tuple[str, Office, str, dict]]:
    """Return what is recorded of offices that were added."""
    return [("office.added", office, office.country_id, {}) for office in offices]


@transaction.atomic
def add_offices(*, country: Country, offices: Iterable[Mapping[str, object]], by, at: datetime) -> list[Office]:
    """Add several offices to a country at once and return them in order; one that stands is returned as it is."""
    rows, new = put_offices(country=country.pk, offices=offices)
    if new:
        record_many(by=by, at=at, acts=acts_of(new))
    return rows


@transaction.atomic
def change_office(*, office: Office, facts: Mapping[str, object], by, at: datetime, seen: str | None = None) -> Office:
    """Correct the name, kind, region or size of an office; its people stay in it.

    `seen` is the mark of the office as the form showed it; without one nobody looked before.
    """
    standing = _standing(office.country_id)
    office = Office.objects.get(pk=office.pk)
    stood, before = office_mark(office), {name: getattr(office, name) for name in FACTS}
    for name, value in facts.items():
        setattr(office, name, value)
    if office_mark(office) == stood:
        return office
    if seen not in {None, stood}:
        raise OfficeChangedMeanwhile
    same = standing.get(office_key(office.name))
    if same is not None and same.pk != office.pk:
        raise OfficeStandsAlready(same, is_same=False)
    office.save(update_fields=FACTS)
    changed = [name for name in FACTS if getattr(office, name) != before[name]]
    record(by=by, verb="office.changed", thing=office, at=at, country=office.country_id, fields=changed)
    return office


@transaction.atomic
def close_office(*, office: Office, by, at: datetime, seen: str | None = None) -> Office:
    """Close an office: it takes no new people. Who is in it stays, and so does it in reports; twice is once."""
    office = _held(office)
    if office.closed_at:
        return office
    if seen not in {None, office_mark(office)}:
        raise OfficeChangedMeanwhile
    office.closed_at = at
    office.save(update_fields=["closed_at"])
    record(by=by, verb="office.closed", thing=office, at=at, country=office.country_id)
    return office


@transaction.atomic
def reopen_office(*, office: Office, by, at: datetime) -> Office:
    """Open a closed office again; it takes people as before."""
    office = _held(office)
    if office.closed_at:
        office.closed_at = None
        office.save(update_fields=["closed_at"])
        record(by=by, verb="office.reopened", thing=office, at=at, country=office.country_id)
    return office


def _held(office: Office) -> Office:
    hold_numbers(office.country_id)
    return Office.objects.get(pk=office.pk)


def refuse_closed(office: Office | None, person: User | None = None) -> None:
    """Raise when somebody would come into a closed office; who is in it already stays."""
    if office is None or (person is not None and person.office_id == office.pk):
        return
    if Office.objects.filter(pk=office.pk, closed_at__isnull=False).exists():
        raise OfficeClosed
