"""Reads of the enrolled contacts of agencies, and of a change of one that waits."""

import datetime as dt
from dataclasses import dataclass

from accounts.actions import thing_id
from accounts.actions.letters import KEPT
from accounts.models import AuditEntry, Letter, User
from accounts.queries import names_of
from referral.models import AgencyContact, Notice, Organisation

CHANGE_WAIT = dt.timedelta(hours=72)
ENROLLED = "directory.contact_enrolled"
SETTLED = ("directory.contact_changed", "directory.contact_change_dropped")


def agency_names(public_ids: list[str]) -> dict[str, str]:
    """Return the names of the agencies to which some contacts belong, by the contact's public id."""
    contacts = AgencyContact.objects.filter(public_id__in=public_ids).select_related("organisation")
    return {str(contact.public_id): contact.organisation.name for contact in contacts}


def contacts_to_connect(country: str, at: dt.datetime) -> list[AgencyContact]:
    """Return the contacts of the agencies of a country with whom callers may be connected, by the agency's name.

    Two people stand behind each change of a number, three days apart; a first one that was enrolled since waits as long.
    """
    return [one for one, until in _with_number(country, at) if until is None]


def contacts_that_wait(country: str, at: dt.datetime) -> list[tuple[AgencyContact, dt.datetime]]:
    """Return the contacts whose number was enrolled too lately for that, each with when it may be rung."""
    return [(one, until) for one, until in _with_number(country, at) if until is not None]


def _with_number(country: str, at: dt.datetime) -> list[tuple[AgencyContact, dt.datetime | None]]:
    """Return the contacts of a country that have a number, each with until when a new one waits."""
    rows = AgencyContact.objects.filter(organisation__country=country, number__isnull=False)
    contacts = list(rows.select_related("organisation").order_by("organisation__name", "pk"))
    things = [thing_id(one) for one in contacts]
    new = AuditEntry.objects.filter(thing__in=things, verb=ENROLLED, at__gt=at - CHANGE_WAIT).order_by("at")
    ripe = {
        thing: dt.datetime.fromisoformat(enrolled) + CHANGE_WAIT for thing, enrolled in new.values_list("thing", "at")
    }
    return [(one, ripe.get(thing_id(one))) for one in contacts]


def contact_language(organisation: Organisation) -> str:
    """Return the code of the language in which an agency is written to; "" where no address is enrolled."""
    return organisation.contacts.values_list("language", flat=True).first() or ""


@dataclass(frozen=True)
class Telling:
    """A letter or text to who stood enrolled when a change was asked for, and what became of it.

    `state` is waiting, left, failed, or gone: of a letter of more than thirty days ago nothing is kept.
    """

    channel: str
    state: str
    at: dt.datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class WaitingChange:
    """A change of a contact that waits: who asked, since when, from when it may be put in force, and who was told."""

    asked_by: str
    is_mine: bool
    asked_at: dt.datetime
    ripe_at: dt.datetime
    is_ripe: bool
    told: tuple[Telling, ...]

    @property
    def reached_nobody(self) -> bool:
        """Tell whether no letter and no text is on its way, has left, or may have left."""
        return all(one.state == "failed" for one in self.told)

    @property
    def seen(self) -> str:
        """Return which change this is, for the forms that a page sends back."""
        return self.asked_at.isoformat()


def waiting_change(contact: AgencyContact | None, user: User, at: dt.datetime) -> WaitingChange | None:
    """Return the change of a contact that waits, as a manager is shown it; nothing sealed is opened."""
    if contact is None or contact.change_asked_at is None:
        return None
    asked_by, asked_at = contact.change_asked_by, contact.change_asked_at
    return WaitingChange(
        asked_by=names_of([asked_by]).get(asked_by, ""), is_mine=asked_by == str(user.public_id), asked_at=asked_at,
        ripe_at=asked_at + CHANGE_WAIT, is_ripe=at - asked_at >= CHANGE_WAIT, told=_told(contact, at),
    )  # fmt: skip


def change_key(contact: AgencyContact, news: str) -> str:
    """Return the key of the letter, and of the text, that tells of the change that waits."""
    return f"{news}:{contact.public_id}:{contact.change_asked_at.astimezone(dt.UTC).isoformat()}"


def _told(contact: AgencyContact, at: dt.datetime) -> tuple[Telling, ...]:
    key = change_key(contact, "contact_change")
    letter, notice = Letter.objects.filter(key=key).first(), Notice.objects.filter(key=key).first()
    told = []
    if letter is not None:
        state = "failed" if letter.failed_at else "left" if letter.sent_at else "waiting"
        told.append(Telling("letter", state, letter.sent_at))
    elif contact.email is not None and at - contact.change_asked_at >= KEPT:
        told.append(Telling("letter", "gone"))
    if notice is not None:
        state = "failed" if notice.fault else "left" if notice.taken_at else "waiting"
        told.append(Telling("text", state, notice.taken_at, notice.get_fault_display()))
    return tuple(told)


def last_settled(contact: AgencyContact) -> str:
    """Return the act that settled the last change of a contact, as the audit log names it; "" where there was none."""
    settled = AuditEntry.objects.filter(thing=thing_id(contact), verb__in=SETTLED).order_by("-seq").first()
    return settled.verb if settled else ""
