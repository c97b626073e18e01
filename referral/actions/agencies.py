"""Writes of an agency: what it is, how far it was checked, and its people, who keep its services and see its requests."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.actions.addresses import address_of
from referral.actions.directory import AlreadyThere
from referral.models import AgencyContact, Organisation
from referral.queries.agencies import agency_mark

LETTER = "agency_person"
FACTS = ("name", "description", "kind", "identifiers", "website")


class NotAFocalPoint(Exception):
    """Raised when somebody would be put down for an agency who is no focal point of its country any more."""

    def __init__(self):
        super().__init__(
            _("This person is no focal point of this country any more. Choose somebody else, or ask an administrator.")
        )


class AgencyChangedMeanwhile(Exception):
    """Raised when somebody else changed an agency after the form was opened; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed this agency while you had it open. Look at what stands now."))


@dataclass(frozen=True)
class AgencyFacts:
    """What is written about an agency."""

    name: str
    description: str
    kind: str
    identifiers: str = ""
    website: str = ""


@transaction.atomic
def add_focal_point(*, organisation: Organisation, person: User, by, at: dt.datetime) -> bool:
    """Put a focal point down for an agency and write to her; who is with it already stays so, and nobody is told again.

    She may be with several agencies: for each she keeps the services and sees the requests. Tells whether she is new.
    """
    stands = _locked(organisation)
    person = User.objects.get(pk=person.pk)
    if not (person.has_role("focal_point") and person.country_id == stands.country_id):
        raise NotAFocalPoint
    if stands.focal_points.filter(pk=person.pk).exists():
        return False
    stands.focal_points.add(person)
    accounts.record(
        by=by,
        verb="directory.focal_point_added",
        thing=stands,
        at=at,
        country=stands.country_id,
        person=str(person.public_id),
    )
    _write_to(person, stands, at)
    return True


@transaction.atomic
def take_off_focal_point(*, organisation: Organisation, person: User, by, at: dt.datetime) -> bool:
    """Take somebody off an agency: from now on she neither edits its services nor sees its requests.

    Tells whether she was with it.
    """
    stands = _locked(organisation)
    if not stands.focal_points.filter(pk=person.pk).exists():
        return False
    stands.focal_points.remove(person)
    accounts.record(
        by=by,
        verb="directory.focal_point_taken_off",
        thing=stands,
        at=at,
        country=stands.country_id,
        person=str(person.public_id),
    )
    return True


@transaction.atomic
def change_agency(
    *, organisation: Organisation, facts: AgencyFacts, by, at: dt.datetime, seen: str | None = None
) -> Organisation:
    """Correct what stands of an agency. `seen` is the mark of what the form showed.

    Who sends what stands already is told that it is kept; a name that another agency of the country has is refused.
    """
    stands = _locked(organisation)
    same = all(getattr(stands, name) == getattr(facts, name) for name in FACTS)
    if same:
        return stands
    if seen is not None and seen != agency_mark(stands):
        raise AgencyChangedMeanwhile
    others = Organisation.objects.filter(country_id=stands.country_id, name__iexact=facts.name).exclude(pk=stands.pk)
    if other := others.first():
        raise AlreadyThere(other)
    changed = [name for name in FACTS if getattr(stands, name) != getattr(facts, name)]
    for name in changed:
        setattr(stands, name, getattr(facts, name))
    stands.changed_at = at
    stands.save(update_fields=[*changed, "changed_at"])
    accounts.record(
        by=by, verb="directory.organisation_changed", thing=stands, at=at, country=stands.country_id, fields=changed
    )
    return stands


@transaction.atomic
def set_trust(*, organisation: Organisation, trust: str, by, at: dt.datetime, seen: str | None = None) -> Organisation:
    """Write how far an agency was checked. `seen` is what stood when the form was opened."""
    stands = _locked(organisation)
    if stands.trust == trust:
        return stands
    if seen is not None and seen != stands.trust:
        raise AgencyChangedMeanwhile
    before, stands.trust, stands.changed_at = stands.trust, trust, at
    stands.save(update_fields=["trust", "changed_at"])
    accounts.record(
        by=by,
        verb="directory.trust_changed",
        thing=stands,
        at=at,
        country=stands.country_id,
        before=before,
        after=trust,
    )
    return stands


@transaction.atomic
def set_language(
    *, organisation: Organisation, language: str, by, at: dt.datetime, seen: str | None = None
) -> AgencyContact:
    """Write in which language the letters and texts to an agency are. `seen` is what stood when the form was opened.

    What is on its way already stays as it was written. One person may: the address and the number stay the same.
    """
    contact = AgencyContact.objects.select_for_update(no_key=True).get(organisation=organisation)
    if contact.language == language:
        return contact
    if seen is not None and seen != contact.language:
        raise AgencyChangedMeanwhile
    before, contact.language = contact.language, language
    contact.save(update_fields=["language"])
    accounts.record(
        by=by,
        verb="directory.language_changed",
        thing=contact,
        at=at,
        country=organisation.country_id,
        before=before,
        after=language,
    )
    return contact


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _write_to(person: User, organisation: Organisation, at: dt.datetime) -> None:
    """Tell a person, in her language, what she can do from now on; nothing of any case."""
    with translation.override(person.language):
        subject = _("You were put down for an agency")
        text = _(
            "From now on you keep the services of %(agency)s in the directory, and see the requests that wait for it. "
            "Sign in:\n%(address)s"
        ) % {"agency": organisation.name, "address": address_of("referral:requests")}
    accounts.queue_letter(
        key=f"{LETTER}:{organisation.public_id}:{person.public_id}:{at:%Y%m%d%H%M%S%f}", to=person.email,
        language=person.language, subject=subject, text=text, at=at, receiver=person,
    )  # fmt: skip
