"""Calling although it is not known to be safe: a supervisor asks, a second person agrees, for half an hour; never after a no."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts.actions.seconds import ask_second, give_second
from accounts.models import SecondYes, User
from hotline.actions.call_back import CallRefused
from hotline.actions.own_rows import locked_for
from hotline.actions.timeline import note
from hotline.models import Contact
from hotline.queries.dialling import OVERRIDE, may_be_overridden

LASTS = timedelta(minutes=30)


@transaction.atomic
def ask_override(*, contact: Contact, reason: str, by: User, at: datetime) -> SecondYes:
    """Ask a second person to agree to a call; what the person refused is not asked for."""
    row = _locked(contact, by, at)
    asked = ask_second(act=OVERRIDE, thing=row.public_id, reason=reason, by=by, at=at)
    _tell("override_asked", row, reason, by, at)
    return asked


@transaction.atomic
def agree_override(*, contact: Contact, by: User, at: datetime, asked_at: datetime | None = None) -> SecondYes:
    """Agree to a call that a supervisor asked for, as it was seen; whoever may call back may call for half an hour."""
    row = _locked(contact, by, at)
    given = give_second(act=OVERRIDE, thing=row.public_id, by=by, at=at, lasts=LASTS, asked_at=asked_at)
    _tell("override_agreed", row, given.reason, by, at)
    return given


def _locked(contact: Contact, by: User, at: datetime) -> Contact:
    row = locked_for(contact, by)
    if not may_be_overridden(row, at):
        raise CallRefused("not_safe")
    return row


def _tell(what: str, row: Contact, reason: str, by: User, at: datetime) -> None:
    note(row, what, by=by, at=at)
    accounts.record(by=by, verb=f"hotline.{what}", thing=row, at=at, country=row.country_id or "", reason=reason)
