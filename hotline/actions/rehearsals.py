"""Rehearsals: callers whom the practice network plays for the staff. Written down here, played by the simulator's process."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.simulation import new_phone, set_call
from hotline.actions.timeline import with_flags
from hotline.choices import REHEARSED, ActKind, PhoneState
from hotline.models import Contact, Line, Rehearsal, SimulatorAct, SimulatorPhone
from hotline.queries.lines import line_by_id
from hotline.rehearsing import ROUGH, Caller, callers_of

SPOKEN = "I need help. Please call me."  # what is said into a message: the practice network keeps a tone of it
AT_ONCE = timedelta(minutes=10)  # in which a rehearsal is over by itself
IN_CALL = (PhoneState.DIALLING, PhoneState.LIVE)


class StillPlayed(Exception):
    """Raised when a rehearsal is to begin while another of the line goes on; stop that one first."""


class NoPracticeLine(Exception):
    """Raised when a rehearsal is to be played on a line that has callers; only practice lines are rehearsed on."""


@transaction.atomic
def start_rehearsal(*, line: Line, scenario: str, callers: int, is_rough: bool, by: User, at: datetime) -> Rehearsal:
    """Write down who calls the line, and when each does what; the simulator's process plays it."""
    Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    facts = line_by_id(line.pk)
    if facts is None or not line.is_practice or not line.is_active:
        raise NoPracticeLine
    if line.rehearsals.filter(stopped_at=None, started_at__gt=at - AT_ONCE, phones__acts__done_at=None).exists():
        raise StillPlayed
    rehearsal = Rehearsal.objects.create(
        line=line, scenario=scenario, is_rough=is_rough, started_by=accounts.actor_id(by), started_at=at
    )
    seed = secrets.randbelow(10**6)
    for place, caller in enumerate(callers_of(scenario, facts.plan, callers, seed)):
        _write(rehearsal, caller, {"seed": f"{seed}.{place}", **ROUGH} if is_rough else None, at)
    accounts.record(
        by=by, verb="hotline.rehearsal_started", thing=line, at=at, country=line.country_id or "", scenario=scenario
    )
    return rehearsal


def _write(rehearsal: Rehearsal, caller: Caller, faults: dict | None, at: datetime) -> None:
    phone = new_phone(number=caller.number, at=at, typed=rehearsal.line.number)
    SimulatorPhone.objects.filter(pk=phone.pk).update(rehearsal=rehearsal, language=caller.language)
    for done in caller.acts:
        payload: dict[str, object] = {}
        if done.act == ActKind.DIAL:
            payload = {"to": rehearsal.line.number, "from": caller.number, "faults": faults}
        elif done.act == ActKind.PRESS:
            payload = {"digits": done.keys}
        elif done.act == ActKind.SPEAK:
            payload = {"text": SPOKEN}
        due = at + timedelta(seconds=done.after)
        SimulatorAct.objects.create(phone=phone, kind=done.act, payload=payload, made_at=at, due_at=due)


@transaction.atomic
def stop_rehearsal(*, rehearsal: Rehearsal, by: User, at: datetime) -> None:
    """Let nobody call any more, and every caller hang up who is on the line."""
    stopped = Rehearsal.objects.filter(pk=rehearsal.pk, stopped_at=None).update(stopped_at=at)
    if not stopped:
        return
    SimulatorAct.objects.filter(phone__rehearsal=rehearsal, done_at=None).update(done_at=at, fault="stopped")
    for phone in SimulatorPhone.objects.filter(rehearsal=rehearsal):
        if phone.call_sid and phone.state in IN_CALL:
            SimulatorAct.objects.create(phone=phone, kind=ActKind.HANG_UP, made_at=at)
        elif not phone.call_sid:
            set_call(phone=phone, state=PhoneState.ENDED, at=at)
    line = rehearsal.line
    accounts.record(by=by, verb="hotline.rehearsal_stopped", thing=line, at=at, country=line.country_id or "")


@transaction.atomic
def mark_rehearsed(*, sid: str, at: datetime) -> None:
    """Mark the contact of a call that a rehearsal plays: it stands in no figure and among no missed contacts.

    The network says it after the call's first request and at its end, since a rough one may lose the first.
    """
    rows = Contact.objects.select_for_update(no_key=True, of=("self",)).filter(legs__call_sid=sid)
    for contact in rows.exclude(flags__contains=REHEARSED):
        flags = with_flags(contact.flags, REHEARSED)
        Contact.objects.filter(pk=contact.pk).update(flags=flags, is_missed=False, due_at=None, changed_at=at)
