"""Readings that leave a trace and have a daily limit: a caller's number, a message, the log as a file."""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.actions.limits import opens_again
from accounts.models import AuditEntry, User
from hotline.actions.own_rows import locked_for
from hotline.models import Attachment, Contact, Line, Recording

DAY = 86_400
NUMBERS_A_DAY = 60
EXPORTS_A_DAY = 5
CODES_AN_ENTRY = 500


class TooMany(Exception):
    """Raised when somebody opened more in 24 hours than anybody needs; `opens_at` says when the next is let through."""

    def __init__(self, opens_at: datetime):
        super().__init__()
        self.opens_at = opens_at


def _count(what: str, limit: int, by: User, at: datetime) -> None:
    """Count one reading of somebody; raise TooMany over the limit of a day."""
    use = {"key": f"{what}:{by.pk}", "seconds": DAY, "at": at}
    if not accounts.count_attempt(limit=limit, **use):
        raise TooMany(opens_again(**use))


@dataclass(frozen=True)
class Numbers:
    """The numbers of a contact: the one given for calling back, "" where none was, and the one called from.

    `called_from` is None where it cannot be opened, and "" where the network gave none.
    """

    callback: str
    called_from: str | None


@transaction.atomic
def read_contact(*, contact: Contact, by: User, at: datetime) -> None:
    """Record that what a call or message is about was read by somebody who is not talking to the person."""
    accounts.record(by=by, verb="hotline.contact_read", thing=contact, at=at, country=contact.country_id or "")


@transaction.atomic
def show_number(*, contact: Contact, by: User, at: datetime, reason: str) -> Numbers:
    """Return the numbers of a contact, each recorded as read with the reason."""
    contact = locked_for(contact, by)
    _count("number", NUMBERS_A_DAY, by, at)
    read = {"by": by, "at": at, "reason": reason}
    if contact.callback_number is None:
        return Numbers("", accounts.reveal(contact, "number", **read) or "")
    callback = accounts.reveal(contact, "callback_number", **read) or ""
    try:
        return Numbers(callback, accounts.reveal(contact, "number", **read) if contact.number is not None else "")
    except accounts.CannotOpen as error:  # the number to call stands even so
        accounts.record_unopened(error, by=by, at=at)
        return Numbers(callback, None)


@transaction.atomic
def hear_message(*, recording: Recording, by: User, at: datetime) -> bytes:
    """Return the sound of a recorded message, recorded as heard."""
    locked_for(recording.contact, by)
    _count("message", NUMBERS_A_DAY, by, at)
    sealed = accounts.reveal(recording, "audio", by=by, at=at, reason="follow_up") or ""
    return base64.b64decode(sealed)


@transaction.atomic
def open_attachment(*, attachment: Attachment, by: User, at: datetime) -> bytes:
    """Return a file that came with a message, recorded as opened."""
    locked_for(attachment.contact, by)
    _count("message", NUMBERS_A_DAY, by, at)
    return base64.b64decode(accounts.reveal(attachment, "content", by=by, at=at, reason="follow_up") or "")


@transaction.atomic
def export_log(*, contacts: list[Contact], by: User, at: datetime, reason: str) -> AuditEntry:
    """Record that the log was exported: how many rows, every code (so many an entry), and why; return the first entry."""
    _count("export", EXPORTS_A_DAY, by, at)
    codes = [contact.code for contact in contacts]
    entries = [
        accounts.record(
            by=by, verb="hotline.log_exported", at=at, country=by.country_id or "",
            reason=reason, count=len(codes), codes=codes[first : first + CODES_AN_ENTRY],
        )
        for first in range(0, max(len(codes), 1), CODES_AN_ENTRY)
    ]  # fmt: skip
    return entries[0]


@transaction.atomic
def note_figures_exported(
    *, lines: list[Line], since: date, until: date, rows: int, by: User, at: datetime
) -> AuditEntry:
    """Record that the figures of some lines in a period were exported; return the entry."""
    told = {"lines": " ".join(line.number for line in lines), "since": since.isoformat(), "until": until.isoformat()}
    return accounts.record(
        by=by, verb="hotline.figures_exported", at=at, country=lines[0].country_id, rows=rows, **told
    )


@transaction.atomic
def note_htcds_exported(
    *, country: str, since: date, until: date, rows: int, reason: str, by: User, at: datetime
) -> AuditEntry:
    """Record that records of a country in the words of HTCDS were exported, how many and why; return the entry."""
    _count("export", EXPORTS_A_DAY, by, at)
    told = {"since": since.isoformat(), "until": until.isoformat(), "rows": rows, "reason": reason}
    return accounts.record(by=by, verb="hotline.htcds_exported", at=at, country=country, **told)


def note_trained_exported(*, line: Line, course: str, week: date, rows: int, by: User, at: datetime) -> AuditEntry:
    """Record that the table of who is trained on each shift of a line was exported; return the entry."""
    told = {"line": line.number, "course": course, "week": week.isoformat(), "rows": rows}
    return accounts.record(by=by, verb="hotline.trained_exported", at=at, country=line.country_id, **told)
