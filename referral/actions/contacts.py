"""The contact of an agency: enrolled once, changed by two people."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.models import AgencyContact, Organisation

WAIT = dt.timedelta(hours=72)


class EnrolledAlready(Exception):
    """Raised when an agency has an address for requests, perhaps since a moment; nothing is written."""

    def __init__(self):
        super().__init__(
            _("This agency has an address for requests already. Ask for a change if yours is the right one.")
        )


class SamePerson(Exception):
    """Raised when who asked for a new address would confirm it too; another manager must."""


class TooSoon(Exception):
    """Raised when a new address would be confirmed before three days are over."""


class NoChangeWaits(Exception):
    """Raised when no new address of this contact waits to be confirmed."""


@transaction.atomic
def enrol_contact(
    *, organisation: Organisation, name: str, by, at: dt.datetime, email: str = "", number: str = "",
    language: str = "en",
) -> AgencyContact:  # fmt: skip
    """Enrol the first contact of an organisation for requests; of two who enrol one at once, the second is refused."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if organisation.contacts.filter(is_active=True).exists():
        raise EnrolledAlready
    contact = AgencyContact(organisation=organisation, name=name, language=language)
    if email:
        accounts.seal(contact, "email", email)
    if number:
        accounts.seal(contact, "number", number)
        contact.number_index = accounts.index_of(number, "agency_contact")
    contact.save()
    accounts.record(by=by, verb="directory.contact_enrolled", thing=contact, at=at, country=organisation.country_id)
    return contact


@transaction.atomic
def ask_contact_change(
    *, contact: AgencyContact, by: User, at: dt.datetime, email: str = "", number: str = ""
) -> None:
    """Ask for a new address or number; it waits three days and for a second person, and the old address is told."""
    contact = AgencyContact.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=contact.pk)
    contact.new_email = contact.new_number = None
    if email:
        accounts.seal(contact, "new_email", email)
    if number:
        accounts.seal(contact, "new_number", number)
    contact.change_asked_by, contact.change_asked_at = str(by.public_id), at
    contact.save()
    country = contact.organisation.country_id
    accounts.record(by=by, verb="directory.contact_change_asked", thing=contact, at=at, country=country)
    if contact.email:
        _tell_old_address(contact, at)


def _tell_old_address(contact: AgencyContact, at: dt.datetime) -> None:
    with translation.override(contact.language):
        subject = _("A new address was asked for")
        text = _(
            "Somebody asked that requests to your office go to another address or number from now on.\n"
            "If this was not you, answer to the hotline within three days."
        )
    to = accounts.reveal(contact, "email", by="system", at=at, reason="contact_change")
    key = f"contact_change:{contact.public_id}:{at.isoformat()}"
    accounts.queue_letter(
        key=key, to=to, language=contact.language, subject=subject, text=text, at=at, receiver=contact
    )


@transaction.atomic
def confirm_contact_change(*, contact: AgencyContact, by: User, at: dt.datetime) -> AgencyContact:
    """Put a new address or number in force: another person, at least three days later."""
    contact = AgencyContact.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=contact.pk)
    if contact.change_asked_at is None:
        raise NoChangeWaits(_("No new address waits to be confirmed."))
    if contact.change_asked_by == str(by.public_id):
        raise SamePerson(_("You asked for this change. Another manager must confirm it."))
    if at - contact.change_asked_at < WAIT:
        raise TooSoon(_("A new address is put in force after three days at the earliest."))
    for new, old in (("new_email", "email"), ("new_number", "number")):
        if getattr(contact, new) is not None:
            words = accounts.reveal(contact, new, by=by, at=at, reason="contact_change")
            accounts.seal(contact, old, words)
            if old == "number":
                contact.number_index = accounts.index_of(words, "agency_contact")
            setattr(contact, new, None)
    contact.change_asked_by, contact.change_asked_at = "", None
    contact.save()
    country = contact.organisation.country_id
    accounts.record(by=by, verb="directory.contact_changed", thing=contact, at=at, country=country)
    return contact


@transaction.atomic
def drop_contact_change(*, contact: AgencyContact, by: User, at: dt.datetime) -> None:
    """Drop a change that waits; the enrolled address stays."""
    contact.new_email = contact.new_number = None
    contact.change_asked_by, contact.change_asked_at = "", None
    contact.save()
    country = contact.organisation.country_id
    accounts.record(by=by, verb="directory.contact_change_dropped", thing=contact, at=at, country=country)


@transaction.atomic
def numbers_to_call(*, organisations: Collection[Organisation], by: User, at: dt.datetime) -> dict[int, str]:
    """Open the numbers for call-backs of agencies for who calls them now, each reading recorded; by key of the agency.

    These are the only numbers at which a code is spoken: two people stand behind each change. An agency without one,
    or whose number cannot be opened, is left out.
    """
    contacts = AgencyContact.objects.filter(organisation__in=organisations, is_active=True).select_related(
        "organisation"
    )
    enrolled = [contact for contact in contacts if contact.number is not None]
    opened = accounts.reveal_many(enrolled, "number", by=by, at=at, reason="call_agency")
    found = {contact.organisation_id: opened.get(contact.public_id) for contact in enrolled}
    return {organisation: number for organisation, number in found.items() if number}
