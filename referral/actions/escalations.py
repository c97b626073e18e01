"""Escalations that are due: claimed, fired once, told to a role's people in their language without content."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Letter, User
from accounts.queries.clocks import day_in
from referral.actions import referrals, runs
from referral.actions.addresses import address_of
from referral.actions.unserved import tell_keepers
from referral.choices import EscalationAction, ReferralState, RunState
from referral.models import Case, Escalation, Referral, StepRun
from referral.queries.work import is_open_for, people_of, told_for

CLAIM = dt.timedelta(minutes=2)
# One letter a person in this time, however many rows are added. A row that came meanwhile keeps the end of the time in
# `claimed_until`: then those are written to who had no letter since.
QUIET = dt.timedelta(minutes=15)
LETTER = "escalation:"
LIVE = (RunState.OPEN, RunState.WAITING, RunState.ASKING, RunState.BLOCKED)
# Rows that tell about something other than a late step stand even when that step has ended meanwhile.
ABOUT_LATENESS = ("deadline", "window")


def claim(*, at: dt.datetime, limit: int = 50) -> list[Escalation]:
    """Claim escalations that are due, so that no second worker takes them for two minutes."""
    due = Escalation.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=at), at__lte=at, fired_at=None)
    claimed = []
    for escalation in due.select_related("run").order_by("at", "id")[:limit]:
        free = Escalation.objects.filter(pk=escalation.pk, fired_at=None, claimed_until=escalation.claimed_until)
        if free.update(claimed_until=at + CLAIM):
            claimed.append(escalation)
    return claimed


@transaction.atomic
def fire(*, escalation: Escalation, at: dt.datetime) -> bool:
    """Fire one escalation, once: mark who is told, write their letters, do what the rule says. Tell whether it did."""
    Case.objects.select_for_update(no_key=True).get(pk=escalation.run.case_id)
    row = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("run__case__country", "run__case__version", "run__case__owner")
        .filter(pk=escalation.pk)
        .first()
    )
    if row is None or row.fired_at is not None:  # the case moved on meanwhile, or another worker was first
        return False
    case = row.run.case
    is_moot = row.rule.startswith(ABOUT_LATENESS) and row.run.state not in LIVE
    if is_moot or not is_open_for(row):
        row.delete()
        return False
    told = told_for(case, row.to_role, day_in(case.country, at))
    row.fired_at, row.told_role, row.was_hole = at, told.staff_role, told.was_hole
    row.claimed_until = at + QUIET if _write_to_each(told.people, row, at) else None
    if not told.people:
        tell_keepers(country=case.country, at=at)
    row.save(update_fields=["fired_at", "told_role", "was_hole", "claimed_until"])
    runs.note_event(
        case=case, kind="escalated", run=row.run.number, key=f"escalation:{row.pk}", by="clock", at=at, rule=row.rule,
        role=row.to_role, action=row.action,
    )  # fmt: skip
    accounts.record(
        by="clock", verb="referral.escalated", thing=case, at=at, country=case.country_id, rule=row.rule,
        role=row.to_role, hole=told.was_hole,
    )  # fmt: skip
    _act(row, at)
    return True


@transaction.atomic
def remind(*, escalation: Escalation, at: dt.datetime) -> bool:
    """Write to those who were told of a row in a quiet time, unless somebody has seen it; tell whether it was due."""
    row = (
        Escalation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("run__case__country", "run__case__owner")
        .get(pk=escalation.pk)
    )
    if row.fired_at is None or row.claimed_until is None or row.claimed_until > at:
        return False
    if row.seen_at is None and is_open_for(row):
        people = people_of(row.run.case, row.told_role)
        _write_to_each(people, row, at, since=row.fired_at)
        if not people:
            tell_keepers(country=row.run.case.country, at=at)
    row.claimed_until = None
    row.save(update_fields=["claimed_until"])
    return True


def _write_to_each(people: Iterable[User], row: Escalation, at: dt.datetime, since: dt.datetime | None = None) -> int:
    """Write to each who had no letter since a moment, else in the quiet time; return how many had one."""
    had_one = 0
    for person in _locked(people):
        if _was_written_to(person, since or at - QUIET):
            had_one += 1
        else:
            _write_to(person, row, at)
    return had_one


def _locked(people: Iterable[User]) -> Iterable[User]:
    """Return people whose letters nobody else writes meanwhile: two workers write one letter, not two."""
    return (
        User.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[person.pk for person in people])
        .order_by("pk")
    )


def _was_written_to(person: User, since: dt.datetime) -> bool:
    """Tell whether a letter about the work list went to a person at or after a moment: it leads to the whole list."""
    letters = Letter.objects.filter(receiver=accounts.thing_id(person), key__startswith=LETTER)
    return letters.filter(queued_at__gte=since).exists()


def _write_to(person: User, row: Escalation, at: dt.datetime) -> None:
    """Queue a letter that says only that something waits, in its reader's language."""
    with translation.override(person.language):
        address = address_of("referral:work")
        subject = _("Something waits in your work list")
        text = _("A step waits for you. Sign in and look at your work list:\n%(address)s") % {"address": address}
    key = f"{LETTER}{row.pk}:{person.public_id}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )


def _act(row: Escalation, at: dt.datetime) -> None:
    if row.action == EscalationAction.REASSIGN:
        StepRun.objects.filter(pk=row.run_id).update(reassigned_to=row.to_role)
    elif row.action == EscalationAction.OFFER_NEXT:
        waiting = Referral.objects.filter(
            run=row.run, state__in=[ReferralState.REQUESTED, ReferralState.ON_HOLD], due_at__lte=at
        )
        for referral in waiting:
            referrals.mark_no_answer(referral=referral, at=at)
