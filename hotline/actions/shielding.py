"""Hiding a contact from the people whom it names, lifting that, and what happens when one of them tries to open it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Office, User
from hotline.actions.hiding import end_for_named
from hotline.actions.own_rows import check_hers
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import note, with_flags
from hotline.choices import SHIELDED
from hotline.models import Contact, ContactEvent, Shield
from hotline.queries.log import followers
from referral import actions as referral


class ShieldRefused(ValueError):
    """Raised when a contact cannot be hidden as wished; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def _locked(contact: Contact) -> Contact:
    return Contact.objects.select_for_update(of=("self",), no_key=True).select_related("country").get(pk=contact.pk)


@transaction.atomic
def shield_contact(
    *, contact: Contact, by: User, at: datetime, user: User | None = None, office: Office | None = None, kind: str = ""
) -> Shield:
    """Hide a contact, and its case, from one account, an office or a kind of office; its other supervisors are told by letter.

    Somebody must be left who can go on with it. Who followed it up or has its case, and is among the hidden ones, does so
    no more; who is on her way into it does not get there (`hotline.actions.hiding`).
    """
    row = _locked(contact)
    known = row.shields.filter(user=user, office=office, kind=kind, lifted_at=None).first()
    if known is not None:
        return known
    check_hers(row, by)
    shield = Shield(contact=row, user=user, office=office, kind=kind, set_by=accounts.actor_id(by), set_at=at)
    shield.save()
    if SHIELDED not in row.flag_codes:
        row.flags = with_flags(
            SHIELDED, *row.flag_codes
        )  # first: the column has an end, and this mark keeps people out
    if not any(not row.hides_from(person) for person in followers(by)):
        raise ShieldRefused("nobody_left")
    if row.is_live and row.hides_from(by):
        raise ShieldRefused("talking")
    if row.owner is not None and row.hides_from(row.owner):
        row.owner = None
    row.changed_at = at
    row.save(update_fields=["flags", "owner", "changed_at"])
    if row.case_id is not None:
        referral.leave_to_others(case=row.case, by=by, at=at)
    end_for_named(row, at=at)
    note(row, "shield_set", by=by, at=at)
    accounts.record(by=by, verb="hotline.shield_set", thing=row, at=at, country=row.country_id or "", shield=shield.pk)
    _tell(row, "shield_set", shield.pk, at)
    return shield


@transaction.atomic
def lift_shield(*, shield: Shield, by: User, at: datetime) -> None:
    """Let people see a contact again from whom it was hidden."""
    row = _locked(shield.contact)
    check_hers(row, by)
    now = Shield.objects.select_for_update(no_key=True).get(pk=shield.pk)
    if now.lifted_at is not None:
        return
    now.lifted_by, now.lifted_at = accounts.actor_id(by), at
    now.save()
    if not row.shields.filter(lifted_at=None).exists():
        row.flags = " ".join(flag for flag in row.flag_codes if flag != SHIELDED)
        row.save(update_fields=["flags"])
    note(row, "shield_lifted", by=by, at=at)
    accounts.record(by=by, verb="hotline.shield_lifted", thing=row, at=at, country=row.country_id or "", shield=now.pk)


@transaction.atomic
def note_met(*, public_id, by: User, at: datetime) -> bool:
    """Record, once, that somebody from whom a contact is hidden tried to open it, and tell its other supervisors.

    She is told nothing: the page is not there for her.
    """
    rows = Contact.objects.filter(public_id=public_id, country_id=by.country_id, flags__contains=SHIELDED)
    contact = rows.select_related("country").first()
    if contact is None or not contact.hides_from(by):
        return False
    actor = accounts.actor_id(by)
    if ContactEvent.objects.filter(contact_id=contact.pk, kind="shield_met", by=actor).exists():
        return True
    note(contact, "shield_met", by=by, at=at)
    accounts.record(by=by, verb="hotline.shield_met", thing=contact, at=at, country=contact.country_id or "")
    _tell(contact, "shield_met", by.pk, at)
    return True


def note_case_met(*, code: str, by: User, at: datetime) -> None:
    """Record that somebody tried to open a case that names her, and tell the other supervisors, as for its contact."""
    rows = Contact.objects.filter(case__code=code, country_id=by.country_id, flags__contains=SHIELDED)
    for public_id in rows.values_list("public_id", flat=True):
        note_met(public_id=public_id, by=by, at=at)


def _tell(contact: Contact, what: str, key: int, at: datetime) -> None:
    tell_supervisors(contact, lambda person: _write_to(person, contact, what, key, at), at)


def _write_to(person: User, contact: Contact, what: str, key: int, at: datetime) -> None:
    """Queue one letter in its reader's language, without a name and without a word of the person."""
    with translation.override(person.language):
        subject, text = {
            "shield_set": (
                _("A contact is hidden from people whom it names"),
                _("Contact %(code)s names somebody of an agency. It is hidden from those people. See who goes on with it:"),
            ),
            "shield_met": (
                _("Somebody tried to open a contact that is hidden from her or him"),
                _("Contact %(code)s was asked for by somebody from whom it is hidden. It was not shown. Its timeline says who:"),
            ),
        }[what]  # fmt: skip
    address = settings.PUBLIC_URL + reverse("hotline:contact", args=[contact.public_id])
    accounts.queue_letter(
        key=f"{what}:{contact.public_id}:{key}:{person.public_id}", to=person.email, language=person.language,
        subject=subject, text=f"{text % {'code': contact.code}}\n{address}", at=at, receiver=person,
    )  # fmt: skip
