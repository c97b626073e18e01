"""Writes of the directory: agencies, a service with its groups and free places, its date of check."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Country
from accounts.queries.clocks import day_in
from languages import actions as languages
from referral.actions.contacts import enrol_contact
from referral.actions.places import lock_places
from referral.choices import AgencyKind, TrustState
from referral.models import Area, Capacity, Count, Eligibility, Organisation, Service
from referral.queries.sendings import SentOtherwise, twins


class AlreadyThere(Exception):
    """Raised for an organisation or service of a name that the directory has; holds the other record to be linked."""

    def __init__(self, other):
        self.other = other
        super().__init__(_("The directory has “%(name)s” already. Edit that one.") % {"name": other})


class ServiceChangedMeanwhile(Exception):
    """Raised when somebody else saved the service after the form was opened; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed this service while you had it open. Look at what stands now."))


class NumberChangedMeanwhile(Exception):
    """Raised when somebody else changed an agency after its number was shown; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed this number while you had it open. Look at what stands now."))


class LimitsWrong(Exception):
    """Raised when limits lie the wrong way round: ages, dates, or more free places than places."""


@dataclass(frozen=True)
class ServiceDetails:
    """What is written about a service. Groups that are not in `taken` are not stated."""

    name: str
    term: str
    description: str = ""
    status: str = "active"
    areas: Sequence[Area] = ()
    languages: Sequence[str] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    fees: str = ""
    papers_needed: str = ""
    is_round_the_clock: bool = False
    available: int | None = None
    maximum: int | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    taken: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def count(self) -> Count:
        """Return what is said about places; places in all alone are no count."""
        return Count() if self.available is None else Count(self.available, self.maximum)


@transaction.atomic
def add_organisation(
    *, country: Country, name: str, description: str, by, at: dt.datetime, kind: str = AgencyKind.NGO,
    is_example: bool = False, public_number: str = "", trust: str = TrustState.UNCONFIRMED,
) -> Organisation:  # fmt: skip
    """Write a new organisation into the directory; one of the same name is refused and named."""
    other = Organisation.objects.filter(country=country, name__iexact=name).first()
    if other is not None:
        raise AlreadyThere(other)
    row = Organisation.objects.create(
        country=country, name=name, description=description, kind=kind, is_example=is_example, trust=trust,
        public_number=public_number, created_at=at, changed_at=at,
    )  # fmt: skip
    accounts.record(by=by, verb="directory.organisation_added", thing=row, at=at, country=country.code)
    return row


@transaction.atomic
def change_public_number(
    *, organisation: Organisation, number: str, by, at: dt.datetime, seen: dt.datetime | None = None
) -> Organisation:
    """Write the number that everybody sees of an agency, or none. `seen` is when the agency that the writer had before
    them was last changed; who sends the number that stands already is told that it is kept.

    One person may do so: nobody speaks a code at this number. The one for call-backs changes in `contacts.py`, by two.
    """
    stands = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if seen and stands.changed_at != seen:
        if stands.public_number == number:
            return stands
        raise NumberChangedMeanwhile
    stands.public_number, stands.changed_at = number, at
    stands.save(update_fields=["public_number", "changed_at"])
    accounts.record(
        by=by, verb="directory.public_number_changed", thing=stands, at=at, country=stands.country_id,
        has_number=bool(number),
    )  # fmt: skip
    return stands


@transaction.atomic
def save_service(
    *, organisation: Organisation, details: ServiceDetails, by, at: dt.datetime, service: Service | None = None,
    seen: dt.datetime | None = None, counted: Count | None = None, key: str = "",
) -> Service:  # fmt: skip
    """Write a service, new or changed, with its groups, regions and free places.

    `seen` is when the service that the writer had before them was last changed, `counted` the count that stood there.
    Who sends what stands already, as with a second click, is told that it is saved.
    """
    _refuse_wrong_limits(details)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one name at a time
    if service:
        stands = _stands(service)
        if seen and stands.changed_at != seen:
            if _says(stands, details) and details.count in {counted, stands.count}:
                return stands
            raise ServiceChangedMeanwhile
        if counted not in {None, details.count, stands.count}:
            raise ServiceChangedMeanwhile
        service.assured_date = stands.assured_date
    same = Service.objects.filter(organisation=organisation).filter(
        Q(name__iexact=details.name) | Q(name_en__iexact=details.name)
    )
    if other := same.exclude(pk=service.pk if service else None).first():
        raise AlreadyThere(other)
    row = service or Service(organisation=organisation, key=key)
    row.name_en, row.description_en, row.term, row.status = (
        details.name, details.description, details.term, details.status,
    )  # fmt: skip
    row.minimum_age, row.maximum_age = details.minimum_age, details.maximum_age
    row.language_codes = " ".join(details.languages)
    row.fees, row.papers_needed = details.fees, details.papers_needed
    row.is_round_the_clock = details.is_round_the_clock
    row.valid_from, row.valid_until, row.changed_at = details.valid_from, details.valid_until, at
    row.save()
    row.areas.set(details.areas)
    _write_groups(row, details.taken)
    if counted != details.count:  # a count that nobody touched may be older than the last place that an agency took
        _write_capacity(row, details, at)
    languages.refresh_segments(row, by=accounts.actor_id(by), at=at)
    accounts.record(
        by=by, verb="directory.service_saved", thing=row, at=at, country=organisation.country_id, new=service is None
    )
    return row


@transaction.atomic
def add_service(
    *, country: Country, organisation: Organisation | None, details: ServiceDetails, by, at: dt.datetime,
    organisation_name: str = "", organisation_description: str = "", kind: str = AgencyKind.NGO,
    public_number: str = "", email: str = "", number: str = "", language: str = "", key: str = "",
) -> Service:  # fmt: skip
    """Write a new service, and its organisation with what is enrolled for requests and call-backs when that is new too.

    A repeat with the same key returns the service that is there; the same form sent with other answers is refused.
    """
    Country.objects.select_for_update(no_key=True).get(pk=country.pk)  # twins of one click wait here for each other
    known = Service.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    if twins(Service.objects.all(), key).exists():
        raise SentOtherwise
    if organisation is None:
        organisation = add_organisation(
            country=country, name=organisation_name, description=organisation_description, kind=kind, by=by,
            at=at, public_number=public_number,
        )  # fmt: skip
        if email or number:
            enrol_contact(
                organisation=organisation, name=_("Desk for requests"), email=email, number=number, language=language,
                by=by, at=at,
            )  # fmt: skip
    return save_service(organisation=organisation, details=details, by=by, at=at, key=key)


def _refuse_wrong_limits(details: ServiceDetails) -> None:
    pairs = (
        (details.minimum_age, details.maximum_age), (details.valid_from, details.valid_until),
        (details.available, details.maximum),
    )  # fmt: skip
    if any(low is not None and high is not None and low > high for low, high in pairs):
        raise LimitsWrong(_("A lower limit lies above its upper limit."))
    if details.available is not None and (details.available < 0 or details.maximum is None):
        raise LimitsWrong(_("Say how many places are free and how many there are in all."))


def _stands(service: Service) -> Service:
    """Lock a service and its count, and return it as it stands."""
    stands = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    lock_places([stands.pk])  # who takes a place waits here
    return stands


def _says(service: Service, details: ServiceDetails) -> bool:
    """Tell whether a service stands as it is written here, its count of places apart."""
    same = ("description", "term", "status", "minimum_age", "maximum_age", "fees", "papers_needed",
            "is_round_the_clock", "valid_from", "valid_until")  # fmt: skip
    columns = {"description": "description_en"}
    stated = service.eligibilities.values_list("criterion", "value", "is_taken")
    return (
        service.name_en == details.name
        and all(getattr(service, columns.get(name, name)) == getattr(details, name) for name in same)
        and set(service.languages) == set(details.languages)
        and set(service.areas.all()) == set(details.areas)
        and {(criterion, group): answer for criterion, group, answer in stated} == dict(details.taken)
    )


def _write_groups(service: Service, taken: Mapping[tuple[str, str], bool]) -> None:
    Eligibility.objects.filter(service=service).delete()
    Eligibility.objects.bulk_create(
        Eligibility(service=service, criterion=criterion, value=group, is_taken=answer)
        for (criterion, group), answer in taken.items()
    )


def _write_capacity(service: Service, details: ServiceDetails, at: dt.datetime) -> None:
    if details.available is None:
        Capacity.objects.filter(service=service).delete()
        return
    counted = {"available": details.available, "maximum": details.maximum, "updated_at": at}
    Capacity.objects.update_or_create(service=service, unit="bed", defaults=counted)


@transaction.atomic
def confirm_service(
    *, service: Service, by, at: dt.datetime, seen: dt.datetime | None = None, counted: Count | None = None
) -> Service:
    """Write down that a service was checked today, by the clock of its country, and is right as it stands, its count too.

    `seen` and `counted` are as in `save_service`. Nothing of the service changes: a second click is no change meanwhile.
    """
    stands = _stands(service)
    if (seen and stands.changed_at != seen) or counted not in {None, stands.count}:
        raise ServiceChangedMeanwhile
    service.assured_date = day_in(service.organisation.country, at)
    service.save(update_fields=["assured_date"])
    service.capacities.filter(updated_at__lt=at).update(updated_at=at)
    accounts.record(
        by=by, verb="directory.service_confirmed", thing=service, at=at, country=service.organisation.country_id
    )
    return service
