"""Readings that leave a trace and have a daily limit: a caller's number, a message, the log as a file."""

import base64
from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import AuditEntry, User
from hotline.models import Contact, Recording

DAY = 86_400
NUMBERS_A_DAY = 60
EXPORTS_A_DAY = 5
CODES_AN_ENTRY = 500


class TooMany(Exception):
    """Raised when somebody opened more in a day than anybody needs; a supervisor must look at it."""


def show_number(*, contact: Contact, by: User, at: datetime, reason: str) -> str:
    """Return a caller's number, recorded as read with the reason; "" when the network gave none."""
    if not accounts.count_attempt(key=f"number:{by.pk}", limit=NUMBERS_A_DAY, seconds=DAY, at=at):
        raise TooMany(contact.code)
    return accounts.reveal(contact, "number", by=by, at=at, reason=reason) or ""


def hear_message(*, recording: Recording, by: User, at: datetime) -> bytes:
    """Return the sound of a recorded message, recorded as heard."""
    if not accounts.count_attempt(key=f"message:{by.pk}", limit=NUMBERS_A_DAY, seconds=DAY, at=at):
        raise TooMany(recording.contact.code)
    sealed = accounts.reveal(recording, "audio", by=by, at=at, reason="follow_up") or ""
    return base64.b64decode(sealed)


@transaction.atomic
def export_log(*, contacts: list[Contact], by: User, at: datetime, reason: str) -> AuditEntry:
    """Record that the log was exported: how many rows, every code (so many an entry), and why; return the first entry."""
    if not accounts.count_attempt(key=f"export:{by.pk}", limit=EXPORTS_A_DAY, seconds=DAY, at=at):
        raise TooMany(by.email)
    codes = [contact.code for contact in contacts]
    entries = [
        accounts.record(
            by=by, verb="hotline.log_exported", at=at, country=by.country_id or "",
            reason=reason, count=len(codes), codes=codes[first : first + CODES_AN_ENTRY],
        )
        for first in range(0, max(len(codes), 1), CODES_AN_ENTRY)
    ]  # fmt: skip
    return entries[0]
