"""Asking an agency: by a person's choice, and the next one by itself after a no or silence."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.queries import calendar_of
from referral.actions import links, runs
from referral.actions.links import Sent
from referral.actions.moves import move
from referral.actions.work import tell
from referral.choices import Basis, CaseState, Outcome, ReferralState, RunState
from referral.deadlines import SHORTEST_ANSWER, end_of, end_of_urgent
from referral.models import Case, CaseEvent, Referral, Service, StepRun
from referral.queries.referrals import LIVE_STATES, candidates, referral_sent_by, urgency_of
from referral.queries.runs import version_of
from referral.queries.sendings import SentOtherwise, sending_of
from referral.queries.sharing import ground_of

S = ReferralState


class CannotBeAsked(Exception):
    """Raised when a service may not be asked: it does not fit, was asked, has no consent or no enrolled address."""


class StillWaiting(Exception):
    """Raised when an agency is asked while another has not answered: each offer discloses, so one at a time."""


class AlreadyPlaced(Exception):
    """Raised when an agency accepts what another agency has, or a step that is over; nothing more is shown."""


def refuse_moved(case: Case, seen: int | None) -> None:
    """Refuse to change a case that is closed, or that somebody moved since its page was shown."""
    if case.state == CaseState.CLOSED:
        raise runs.CaseAlreadyClosed("This case is closed. Reopen it before you change it.")
    if seen is not None and seen != case.event_count:
        raise runs.CaseMovedOn("Somebody moved this case meanwhile. Look at the present state and decide again.")


@transaction.atomic
def refer(
    *, run: StepRun, service: Service, key: str, by, at: dt.datetime, urgency: str = "normal", seen: int | None = None,
    facts: Mapping[str, object] | None = None,
) -> Sent:  # fmt: skip
    """Ask one agency, and write `facts` down: its offer, due time, link and letter. The same key again sends nothing."""
    case = runs.locked_case(run.case_id)
    if event := sending_of(case, key, "referral_sent"):
        return Sent(_asked_before(event, service))
    refuse_moved(case, seen)
    run = StepRun.objects.select_related("case__version", "case__area", "case__country").get(pk=run.pk)
    if run.state != RunState.OPEN:
        raise AlreadyPlaced(_("This step is not open any more."))
    if Referral.objects.filter(run=run, state__in=LIVE_STATES).exists():
        raise StillWaiting(_("Another agency has not answered yet. One is asked at a time, since each offer shares."))
    chosen = next((one for one in candidates(run, at) if one.service.pk == service.pk), None)
    if chosen is None or not chosen.can_be_asked:
        raise CannotBeAsked(_("This agency cannot be asked now. Look at the reasons in the list."))
    if facts:
        runs.answer(case=case, facts=facts, source="referral", key=f"{key}:facts", by=by, at=at)
    referral = _requested(case, run, service, urgency, by, at)
    sent = links.send_link(referral=referral, by=by, at=at)
    runs.note_event(
        case=case, kind="referral_sent", run=run.number, key=key, by=by, at=at, referral=str(referral.public_id)
    )
    return Sent(referral, sent.code)


def _asked_before(event: CaseEvent, service: Service) -> Referral:
    """Return the request that a form sent before; it is no repeat when it asks another agency now."""
    referral = referral_sent_by(event)
    if referral.service_id != service.pk:
        raise SentOtherwise
    return referral


def _requested(case: Case, run: StepRun, service: Service, urgency: str, by, at: dt.datetime) -> Referral:
    """Write the offer and move it from draft to requested, with its due time and on what that rests."""
    step = version_of(case).steps[run.step_key]
    last = Referral.objects.filter(run=run).aggregate(last=Max("position"))["last"] or 0
    due, basis = _due_of_offer(case, run, step, urgency, at)
    draft = Referral.objects.create(
        case=case, run=run, organisation=service.organisation, service=service, need=step["service"],
        position=last + 1, urgency=urgency, without_consent_basis=ground_of(case, run.step_key), created_at=at,
        created_by=accounts.actor_id(by), changed_at=at, basis=basis,
    )  # fmt: skip
    return move(referral=draft, to=S.REQUESTED, by=by, at=at, requested_at=at, due_at=due)


def _due_of_offer(case: Case, run: StepRun, step: dict, urgency: str, at: dt.datetime) -> tuple[dt.datetime, str]:
    """Return until when an agency may answer, and on what that rests.

    The step's deadline; once that is near or over, the same time again. An urgent request is answered today, in four
    hours at most, unless the step's deadline is sooner: that time is a default, not law.
    """
    due, calendar = run.due_at, calendar_of(case.country_id)
    if not due or due <= at + SHORTEST_ANSWER:
        rule = step.get("deadline", {"amount": 24, "unit": "h"})
        due = end_of(at, rule["amount"], rule["unit"], calendar)
    urgent = end_of_urgent(at, calendar)
    if urgency == "urgent" and urgent < due:
        return urgent, Basis.DEFAULT
    return due, run.basis or Basis.DEFAULT


@transaction.atomic
def ask_next(*, case: Case, run: StepRun, by, at: dt.datetime) -> Referral | None:
    """Ask the next agency, as urgently as the last; the step ends where none is left, staff are told to ask consent."""
    run = StepRun.objects.select_related("case__version", "case__area", "case__country").get(pk=run.pk)
    if run.state != RunState.OPEN or Referral.objects.filter(run=run, state__in=LIVE_STATES).exists():
        return None
    left = [one for one in candidates(run, at) if one.is_possible]
    sent = _ask_first(case, run, [one.service for one in left if one.may_share], by, at)
    if sent is not None:
        tell(case=case, run=run.number, rule=f"code:{sent.referral.position}", role="hotline", at=at)
        return sent.referral
    if not all(one.may_share for one in left):
        tell(case=case, run=run.number, rule="consent", role="hotline", at=at)
        return None
    was_declined = Referral.objects.filter(run=run, state=S.REJECTED).exists()
    outcome = Outcome.DECLINED if was_declined else Outcome.NO_ANSWER
    runs.decide(case=case, run=run.number, outcome=outcome, key=f"none_left:{run.number}", by=by, at=at)
    return None


def _ask_first(case: Case, run: StepRun, services: Iterable[Service], by, at: dt.datetime) -> Sent | None:
    """Ask the first of some services that can be written to; one whose address does not open is passed over.

    Where a key is away and nobody can be asked, CannotOpen goes through: nothing is written, all waits for the key.
    """
    key, urgency = f"next:{run.number}:{Referral.objects.filter(run=run).count()}", urgency_of(run)
    away = None
    for service in services:
        try:
            return refer(run=run, service=service, key=key, by=by, at=at, urgency=urgency)
        except accounts.CannotOpen as error:
            _pass_over(case, run, service, error, by, at)
            away = error if accounts.is_key_away(error) else away
    if away is not None:
        raise away
    return None


def _pass_over(case: Case, run: StepRun, service: Service, error: accounts.CannotOpen, by, at: dt.datetime) -> None:
    """Write down, once a visit of the step, that an agency could not be written to, and tell the coordinator."""
    accounts.record_unopened(error, by=by, at=at)
    key, rule = f"passed_over:{run.number}:{service.pk}", f"passed_over:{service.pk}"
    if not CaseEvent.objects.filter(case=case, key=key).exists():
        organisation = str(service.organisation.public_id)
        runs.note_event(
            case=case, kind="agency_passed_over", run=run.number, key=key, by=by, at=at, organisation=organisation
        )
    tell(case=case, run=run.number, rule=rule, role="coordinator", at=at)
