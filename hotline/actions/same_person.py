"""Saying that two contacts are of one person, and taking it back; never by a withheld number, never by itself."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.own_rows import check_hers
from hotline.actions.timeline import note
from hotline.choices import NotSame
from hotline.models import Contact, ContactLink
from hotline.queries.same_person import may_be_same


class CannotLink(ValueError):
    """Raised when nothing says that two contacts came from one number, or a number was withheld."""


@transaction.atomic
def link_contacts(*, contact: Contact, other: Contact, by: User, at: datetime) -> ContactLink:
    """Keep that two contacts of one number are of one person; said twice, it is kept once."""
    rows = _locked(contact, other, by)
    if not may_be_same(*rows):
        raise CannotLink(contact.code)
    known = ContactLink.objects.filter(one=rows[0], other=rows[1], undone_at=None).first()
    if known is not None:
        return known
    link = ContactLink.objects.create(one=rows[0], other=rows[1], linked_by=accounts.actor_id(by), linked_at=at)
    for row in rows:
        note(row, "contact_linked", by=by, at=at)
    accounts.record(by=by, verb="hotline.contact_linked", thing=rows[0], at=at, country=rows[0].country_id or "")
    return link


@transaction.atomic
def undo_link(*, link: ContactLink, reason: str, by: User, at: datetime) -> None:
    """Take back that two contacts are of one person, and keep why."""
    rows = _locked(link.one, link.other, by)
    row = ContactLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if row.undone_at is not None:
        return
    row.undone_by, row.undone_at, row.undone_reason = accounts.actor_id(by), at, NotSame(reason)
    row.save()
    for contact in rows:
        note(contact, "contact_unlinked", by=by, at=at, unlinked=row.undone_reason)
    accounts.record(
        by=by, verb="hotline.contact_unlinked", thing=rows[0], at=at, country=rows[0].country_id or "",
        reason=row.undone_reason,
    )  # fmt: skip


def _locked(one: Contact, other: Contact, by: User) -> list[Contact]:
    """Return two contacts in the order of their keys, locked; NamesHer where either is hidden from who acts."""
    keys = sorted({one.pk, other.pk})
    rows = list(Contact.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    for row in rows:
        check_hers(row, by)
    return rows
