"""Escalations that are due: claimed, fired once, told to a role's people in their language without content."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.actions import referrals, runs
from referral.choices import CaseState, EscalationAction, ReferralState, RunState
from referral.models import Escalation, Referral, StepRun
from referral.queries.work import told_for

CLAIM = dt.timedelta(minutes=2)
LIVE = (RunState.OPEN, RunState.WAITING, RunState.ASKING, RunState.BLOCKED)
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
# Rows that tell about something other than a late step stand even when that step has ended meanwhile.
ABOUT_LATENESS = ("deadline", "window")


def claim(*, at: dt.datetime, limit: int = 50) -> list[Escalation]:
    """Claim escalations that are due, so that no second worker takes them for two minutes."""
    due = Escalation.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=at), at__lte=at, fired_at=None)
    claimed = []
    for escalation in due.order_by("at", "id")[:limit]:
        free = Escalation.objects.filter(pk=escalation.pk, fired_at=None, claimed_until=escalation.claimed_until)
        if free.update(claimed_until=at + CLAIM):
            claimed.append(escalation)
    return claimed


@transaction.atomic
def fire(*, escalation: Escalation, at: dt.datetime) -> bool:
    """Fire one escalation, once: mark who is told, write their letters, do what the rule says. Tell whether it did."""
    row = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("run__case__country", "run__case__version", "run__case__owner")
        .get(pk=escalation.pk)
    )
    case = row.run.case
    if row.fired_at is not None:
        return False
    is_moot = row.rule.startswith(ABOUT_LATENESS) and row.run.state not in LIVE
    if case.state == CaseState.CLOSED or is_moot:
        row.delete()
        return False
    told = told_for(case, row.to_role, at.date())
    row.fired_at, row.told_role, row.was_hole, row.claimed_until = at, told.staff_role, told.was_hole, None
    row.save(update_fields=["fired_at", "told_role", "was_hole", "claimed_until"])
    runs.note_event(
        case=case, kind="escalated", run=row.run.number, key=f"escalation:{row.pk}", by="clock", at=at, rule=row.rule,
        role=row.to_role, action=row.action,
    )  # fmt: skip
    accounts.record(
        by="clock", verb="referral.escalated", thing=case, at=at, country=case.country_id, rule=row.rule,
        role=row.to_role, hole=told.was_hole,
    )  # fmt: skip
    for person in told.people:
        _write_to(person, row, at)
    _act(row, at)
    return True


def _write_to(person: User, row: Escalation, at: dt.datetime) -> None:
    """Queue a letter that says only that something waits, in its reader's language."""
    with translation.override(person.language):
        address = (settings.PUBLIC_URL or DEFAULT_ADDRESS) + reverse("referral:work")
        subject = _("Something waits in your work list")
        text = _("A step waits for you. Sign in and look at your work list:\n%(address)s") % {"address": address}
    key = f"escalation:{row.pk}:{person.public_id}"
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
