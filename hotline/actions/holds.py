"""A court's hold on a contact that has no case: while it stands nothing of it is erased, here or at the provider."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.actions.own_rows import check_hers
from hotline.actions.timeline import note
from hotline.models import Contact
from hotline.queries.retention import holds_so_far, last_hold


class CannotHold(Exception):
    """Raised when a hold cannot be set or lifted now; `code` (hotline.queries.retention.NO_HOLD) says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def hold_contact(*, contact: Contact, reason: str, by, at: datetime, seen: int | None = None) -> Contact:
    """Keep a contact for a court; one that has a case is held with its case. Her own repeat changes nothing.

    `seen` is how often a hold was set or lifted when the form was shown.
    """
    # The full lock, as erasing takes it: whoever erases at this instant is waited for, and then there is nothing to hold.
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    check_hers(row, by)
    if row.erased_at is not None:
        raise CannotHold("erased")
    if row.legal_hold:
        return _as_it_stands(row, reason, by, seen)
    if row.case_id is not None:
        raise CannotHold("case")
    return _set(row, True, reason, by, at, seen)


@transaction.atomic
def lift_contact_hold(*, contact: Contact, reason: str, by, at: datetime, seen: int | None = None) -> Contact:
    """Lift the hold on a contact: what is due to be erased by then goes within the hour. Her own repeat changes nothing."""
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    check_hers(row, by)
    return _set(row, False, reason, by, at, seen) if row.legal_hold else _as_it_stands(row, reason, by, seen)


def _as_it_stands(row: Contact, reason: str, by, seen: int | None) -> Contact:
    """Return a contact that stands as it was asked for; refuse where somebody else brought it there, or another reason."""
    last = last_hold(row)
    if seen is None or last is None or (last.by == accounts.actor_id(by) and last.detail.get("hold") == reason):
        return row
    raise CannotHold("moved")


def _set(row: Contact, is_held: bool, reason: str, by, at: datetime, seen: int | None) -> Contact:
    if seen not in {None, holds_so_far(row)}:
        raise CannotHold("moved")
    Contact.objects.filter(pk=row.pk).update(legal_hold=is_held)
    row.legal_hold = is_held
    kind = "hold_set" if is_held else "hold_lifted"
    note(row, kind, by=by, at=at, hold=reason)
    accounts.record(by=by, verb=f"hotline.{kind}", thing=row, at=at, country=row.country_id or "", reason=reason)
    return row
