"""Is it so that somebody was at a session? The code of the board, and the time in which it counts."""

import datetime as dt
import secrets
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from accounts.actions import count_attempt
from languages.text import latin_digits
from training.choices import How, Reason
from training.models import Enrolment, Event, FormerTime, Member, Session

EARLY = dt.timedelta(minutes=30)  # people come before it begins
LATE = dt.timedelta(minutes=30)  # and type the code as they go
ARRIVES = dt.timedelta(days=14)  # a phone may be long without a network
TRIES, WINDOW = 5, 24 * 3600
DIGITS = 6
GAPS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})  # the board shows two halves: 483 201


@dataclass(frozen=True)
class Sent:
    """One event of attendance as it came in; `at` is the corrected time at which it happened, `is_own` her own telling."""

    id: uuid.UUID
    enrolment: Enrolment
    payload: Mapping
    at: dt.datetime
    is_own: bool


def new_code() -> str:
    """Return the code of a session: six digits, which are easy to read from a board and to type."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def fault_of_attendance(sent: Sent, *, at: dt.datetime) -> str:
    """Return why somebody is not counted as present, or nothing; what stands already was judged when it first came.

    Minutes are not judged: a session may be shorter now than when a phone kept them; who reads them counts its own at most.
    A session may have been moved since: a code that was typed in time then counts.
    """
    if Event.objects.filter(pk=sent.id).exists():
        return ""
    inside = Q(left_at=None) | Q(left_at__gt=sent.at)  # who was taken out later was there all the same
    members = Member.objects.filter(inside, enrolment=sent.enrolment.pk).values("cohort")
    session = Session.objects.filter(public_id=sent.payload["session"], cohort__in=members).first()
    if session is None:
        return Reason.UNKNOWN_SESSION
    if not sent.is_own:
        return Reason.SESSION_AHEAD if is_ahead(session, sent.at) else ""
    if sent.payload["how"] != How.PHONE:
        return Reason.PAYLOAD_INVALID
    return _fault_of_time(sent, session, at) or _fault_of_code(sent, session, at)


def is_ahead(session: Session, at: dt.datetime) -> bool:
    """Tell whether a session had not begun at an instant, half an hour early, by the timetable now and by that of then."""
    if at >= session.starts_at - EARLY:
        return False
    former = session.former_times.filter(until__gt=at).first()
    return former is None or at < former.starts_at - EARLY


def _fault_of_time(sent: Sent, session: Session, at: dt.datetime) -> str:
    """Return why the time at which a phone kept a code does not count, by the timetable now and by that of then."""
    fault = _fault_by(session, sent, at)
    if not fault:
        return ""
    former = session.former_times.filter(until__gt=sent.at).first()
    return _fault_by(former, sent, at) if former else fault


def _fault_by(time: Session | FormerTime, sent: Sent, at: dt.datetime) -> str:
    if sent.at < time.starts_at - EARLY:
        return Reason.SESSION_AHEAD
    is_over = sent.at > time.ends_at + LATE or at > time.ends_at + ARRIVES
    return Reason.SESSION_OVER if is_over else ""


def _fault_of_code(sent: Sent, session: Session, at: dt.datetime) -> str:
    key = f"attend:{sent.enrolment.public_id}:{session.public_id}"
    if not count_attempt(key=key, limit=TRIES, seconds=WINDOW, at=at):
        return Reason.TOO_MANY_TRIES
    return "" if _bare(sent.payload["code"]) == session.code else Reason.WRONG_CODE


def _bare(code: str) -> str:
    """Return a code as the row has it: digits of any script in Latin ones, without gaps, hyphens and unseen signs."""
    return "".join(sign for sign in latin_digits(code) if unicodedata.category(sign) not in GAPS)
