"""From whom a contact, and the case that it became, is hidden, and who could be among them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import OfficeKind
from accounts.models import Office, User
from accounts.queries import staff_of
from hotline.models import Contact, Shield
from referral.choices import AgencyKind, Need
from referral.models import AgencyContact, Organisation
from referral.queries.contacts import contacts_to_connect

OF_THE_LINE = ("operator", "supervisor", "interpreter", "focal_point", "manager")
OF_POLICE = (Need.EMERGENCY_POLICE, Need.POLICE_INVESTIGATION)


def shields_of(contact: Contact) -> list[Shield]:
    """Return the shields of a contact that hold, each with the accounts of the line that it keeps out as its `people`."""
    shields = list(contact.shields.filter(lifted_at=None).select_related("user", "office"))
    staff = people_to_name(contact.country_id) if shields else []
    for one in shields:
        one.people = [person for person in staff if one.names(person)]
    return shields


def offices_to_name(country: str) -> QuerySet[Office]:
    """Return the offices of a country that a contact can name."""
    return Office.objects.filter(country_id=country, closed_at=None).order_by("name")


def people_to_name(country: str) -> list[User]:
    """Return the accounts of a country that work on the line: those who could open a contact that names them."""
    return list(staff_of(country or "", *OF_THE_LINE).select_related("office").order_by("name"))


def contacts_that_hide(user, case) -> QuerySet[Contact]:
    """Return the contacts that hide a case from a person: those that became it or were joined to it, and name her."""
    hidden = Shield.objects.filter(Shield.meets(user), contact=OuterRef("pk"))
    return Contact.objects.filter(Exists(hidden), case=case)


def services_to_bring(contact: Contact, at: datetime) -> list[AgencyContact]:
    """Return the contacts of agencies with whom this caller may be connected: none of an agency that the contact names."""
    named = agencies_named(contact.shields.all())
    return [one for one in contacts_to_connect(contact.country_id or "", at) if one.organisation_id not in named]


def agencies_of_case(case) -> set[int]:
    """Return the keys of the agencies that the contacts of a case name: they are not asked for it."""
    return agencies_named(Shield.objects.filter(contact__case=case))


def agencies_named(shields: QuerySet[Shield]) -> set[int]:
    """Return the keys of the agencies from which some shields hide: the named person's, those of her office or its kind."""
    standing = list(shields.filter(lifted_at=None).select_related("user__office", "office"))
    return set(_agencies_of(standing).values_list("pk", flat=True)) if standing else set()


def _agencies_of(shields: Iterable[Shield]) -> QuerySet[Organisation]:
    named = Q(pk__in=[])
    for one in shields:
        office = one.office or (one.user.office if one.user else None)
        if one.user_id:
            named |= Q(focal_points=one.user_id)
        if office:
            same_name = Q(country=office.country_id, name__iexact=office.name)
            named |= Q(focal_points__office=office) | same_name
        if one.kind:
            named |= Q(focal_points__office__kind=one.kind)
        if one.kind == OfficeKind.POLICE:
            named |= Q(kind=AgencyKind.POLICE) | Q(services__term__in=OF_POLICE)
    return Organisation.objects.filter(named)


@dataclass(frozen=True)
class KeptOut:
    """Whom hiding a contact would keep out: accounts of the line, and agencies that would not be asked any more."""

    people: list[User]
    agencies: list[str]

    @property
    def mark(self) -> str:
        """Return a mark of it: another one says that it would keep out others than were shown."""
        told = repr(([one.pk for one in self.people], self.agencies))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def kept_out_by(
    contact: Contact, *, user: User | None = None, office: Office | None = None, kind: str = ""
) -> KeptOut:
    """Return whom hiding a contact from an account, an office or a kind of office would keep out; nothing is written."""
    shield = Shield(contact=contact, user=user, office=office, kind=kind)
    people = [person for person in people_to_name(contact.country_id or "") if shield.names(person)]
    agencies = (
        _agencies_of([shield]).filter(country=contact.country_id).order_by("name").values_list("name", flat=True)
    )
    return KeptOut(people, list(dict.fromkeys(agencies)))
