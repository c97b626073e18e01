"""The contact of an agency: enrolled once, changed by two people."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.actions.contact_news import tell_old
from referral.models import AgencyContact, Organisation
from referral.queries.contacts import CHANGE_WAIT, last_settled

SETTLES = ["new_email", "new_number", "change_asked_by", "change_asked_at"]
PAIRS = (("new_email", "email"), ("new_number", "number"))
NAMES = ("email", "number", "new_email", "new_number")
SHOWN = Signer(salt="referral.contact_change_shown")


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

    def __init__(self):
        super().__init__(_("No new address waits to be confirmed."))


class InForceMeanwhile(NoChangeWaits):
    """Raised when the change that a page showed was put in force since; nothing is written."""

    def __init__(self):
        Exception.__init__(self, _("It was put in force meanwhile. Nothing was written: the new address stands."))


class DroppedMeanwhile(NoChangeWaits):
    """Raised when the change that a page showed was dropped since; nothing is written."""

    def __init__(self):
        Exception.__init__(self, _("It was dropped meanwhile. Nothing was written: the old address stands."))


class ChangeWaits(Exception):
    """Raised when another change would be asked for while one waits; nothing is written, nobody is told."""

    def __init__(self):
        super().__init__(
            _("A change waits already. Drop it, or let another manager put it in force, before you ask for another.")
        )


class OtherChange(Exception):
    """Raised when another change waits than the one that was shown; `before` is what was shown, where it is known."""

    def __init__(self, before: "ShownChange | None" = None):
        super().__init__(_("Another change waits now than the one that you were shown. Nothing was written."))
        self.before = before


class NotShown(Exception):
    """Raised when a change would be put in force by somebody who was not shown it, or of whom no part can be shown."""

    def __init__(self):
        super().__init__(_("Look at what would change first, then put it in force."))


@dataclass(frozen=True)
class ShownChange:
    """What stands and what would change, opened: "" is none, None cannot be opened. `seen` proves what was shown to whom."""

    email: str | None
    number: str | None
    new_email: str | None
    new_number: str | None
    seen: str = ""


@transaction.atomic
def enrol_contact(
    *, organisation: Organisation, name: str, by, at: dt.datetime, email: str = "", number: str = "",
    language: str = "",
) -> AgencyContact:  # fmt: skip
    """Enrol the first contact of an organisation for requests; of two who enrol one at once, the second is refused.

    `language` is that of the letters and texts to it; without one, the first of its country.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if organisation.contacts.exists():
        raise EnrolledAlready
    language = language or organisation.country.languages[0]
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
    *, contact: AgencyContact, by: User, at: dt.datetime, email: str = "", number: str = "",
    seen: dt.datetime | None = None,
) -> bool:  # fmt: skip
    """Ask for a new address or number; it waits three days and for a second person, and the old ones are told.

    `seen` is when the change was asked for that the asker's page showed. Asking for what waits already writes nothing
    and tells nobody; returns whether something was asked.
    """
    contact = _locked(contact)
    if contact.change_asked_at is not None:
        waits = _opened(contact, by="system", at=at, names=("new_email", "new_number"))
        if (waits.new_email, waits.new_number) == (email, number):
            return False
        raise ChangeWaits
    if seen:
        _refuse_settled(contact)
    if email:
        accounts.seal(contact, "new_email", email)
    if number:
        accounts.seal(contact, "new_number", number)
    contact.change_asked_by, contact.change_asked_at = str(by.public_id), at
    contact.save(update_fields=SETTLES)
    old = _opened(contact, by="system", at=at, names=("email", "number"))
    told = tell_old(contact=contact, news="contact_change", email=old.email, number=old.number, at=at)
    _record("directory.contact_change_asked", contact, by, at, told=" ".join(told))
    return True


@transaction.atomic
def show_contact_change(*, contact: AgencyContact, by: User, at: dt.datetime) -> ShownChange:
    """Open what stands and what would change for a manager, each reading recorded."""
    contact = AgencyContact.objects.select_related("organisation").get(pk=contact.pk)
    if contact.change_asked_at is None:
        _refuse_settled(contact)
    return _opened(contact, by=by, at=at)


@transaction.atomic
def confirm_contact_change(*, contact: AgencyContact, by: User, at: dt.datetime, seen: str) -> AgencyContact:
    """Put a new address or number in force: another person, at least three days later, who was shown it.

    `seen` is that of `show_contact_change`. The old address and number are told.
    """
    contact = _locked(contact)
    if contact.change_asked_at is None:
        _refuse_settled(contact)
    if contact.change_asked_by == str(by.public_id):
        raise SamePerson(_("You asked for this change. Another manager must confirm it."))
    if at - contact.change_asked_at < CHANGE_WAIT:
        raise TooSoon(_("A new address is put in force after three days at the earliest."))
    stands = _opened_as_shown(contact, by, at, seen)
    told = tell_old(contact=contact, news="contact_changed", email=stands.email, number=stands.number, at=at)
    for new, old in PAIRS:
        if words := getattr(stands, new):
            accounts.seal(contact, old, words)
    if stands.new_number:
        contact.number_index = accounts.index_of(stands.new_number, "agency_contact")
    _settle(contact, "email", "number", "number_index")
    _record("directory.contact_changed", contact, by, at, told=" ".join(told))
    return contact


@transaction.atomic
def drop_contact_change(*, contact: AgencyContact, by: User, at: dt.datetime, seen: dt.datetime | None = None) -> None:
    """Drop a change that waits; the enrolled address stays. `seen` is when the change was asked for that the page showed."""
    contact = _locked(contact)
    if contact.change_asked_at is None:
        _refuse_settled(contact)
    if seen and contact.change_asked_at != seen:
        raise OtherChange
    _settle(contact)
    _record("directory.contact_change_dropped", contact, by, at)


def _locked(contact: AgencyContact) -> AgencyContact:
    rows = AgencyContact.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return rows.get(pk=contact.pk)


def _refuse_settled(contact: AgencyContact) -> None:
    """Refuse an act on a change that waits no more, and say what became of it."""
    found = {
        "directory.contact_changed": InForceMeanwhile, "directory.contact_change_dropped": DroppedMeanwhile,
    }  # fmt: skip
    raise found.get(last_settled(contact), NoChangeWaits)


def _settle(contact: AgencyContact, *written: str) -> None:
    contact.new_email = contact.new_number = None
    contact.change_asked_by, contact.change_asked_at = "", None
    contact.save(update_fields=[*SETTLES, *written])


def _record(verb: str, contact: AgencyContact, by, at: dt.datetime, **facts) -> None:
    accounts.record(by=by, verb=verb, thing=contact, at=at, country=contact.country_id, **facts)


def _opened(contact: AgencyContact, *, by, at: dt.datetime, names: Collection[str] = NAMES) -> ShownChange:
    """Open what is sealed of a contact and its change, each reading recorded, also of what cannot be opened."""
    values = dict.fromkeys(NAMES, "")
    for name in names:
        if getattr(contact, name) is not None:
            opened = accounts.reveal_many([contact], name, by=by, at=at, reason="contact_change")
            values[name] = opened.get(contact.public_id)
    if None in (values["new_email"], values["new_number"]) or isinstance(by, str):
        return ShownChange(**values)
    return ShownChange(**values, seen=SHOWN.sign_object(_told_to(contact, by) | values))


def _told_to(contact: AgencyContact, by: User) -> dict[str, str]:
    return {
        "contact": str(contact.public_id), "to": str(by.public_id), "asked_by": contact.change_asked_by,
        "asked_at": contact.change_asked_at.astimezone(dt.UTC).isoformat(),
    }  # fmt: skip


def _opened_as_shown(contact: AgencyContact, by: User, at: dt.datetime, seen: str) -> ShownChange:
    """Open a change that was shown to this person; refuse when it was not, or when another one waits by now."""
    try:
        shown = SHOWN.unsign_object(seen)
    except BadSignature as error:
        raise NotShown from error
    if (shown["contact"], shown["to"]) != (str(contact.public_id), str(by.public_id)):
        raise NotShown
    before = {name: shown.pop(name) for name in NAMES}
    stands = _opened(contact, by=by, at=at)
    if shown != _told_to(contact, by) or any(getattr(stands, name) != before[name] for name in NAMES):
        raise OtherChange(ShownChange(**before))
    return stands


@transaction.atomic
def numbers_to_call(*, organisations: Collection[Organisation], by: User, at: dt.datetime) -> dict[int, str]:
    """Open the numbers for call-backs of agencies for who calls them now, each reading recorded; by key of the agency.

    These are the only numbers at which a code is spoken: two people stand behind each change. An agency without one,
    or whose number cannot be opened, is left out.
    """
    contacts = AgencyContact.objects.filter(organisation__in=organisations).select_related("organisation")
    enrolled = [contact for contact in contacts if contact.number is not None]
    opened = accounts.reveal_many(enrolled, "number", by=by, at=at, reason="call_agency")
    found = {contact.organisation_id: opened.get(contact.public_id) for contact in enrolled}
    return {organisation: number for organisation, number in found.items() if number}
