"""Referrals: take an agency's answer or its silence, ask the next, follow what becomes of it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.actions import links, runs
from referral.actions.asking import AlreadyPlaced, StillWaiting, ask_next, refuse_moved
from referral.actions.deletions import end_waiting, take_back
from referral.actions.links import Sent
from referral.actions.moves import WrongMove, move
from referral.actions.notes import keep_note
from referral.actions.places import give_place_back, lock_places, take_place
from referral.actions.work import tell
from referral.choices import CaseState, DeclineReason, LinkPurpose, Outcome, ReferralState, RunState
from referral.choices.cases import WITHOUT_WAITING_LIST
from referral.models import Case, Referral, StepRun
from referral.queries.held import needs_no_answer, on_lists
from referral.queries.referrals import CONFLICTS, LIVE_STATES, PLACED_STATES
from referral.queries.sendings import sending_of

S = ReferralState


class NoWaitingList(Exception):
    """Raised for a waiting list where there is no place to wait for: the agency says yes or no."""


class ReasonNeedsWords(Exception):
    """Raised for "another reason" without words."""


def _is_repeat(case: Case, key: str, kind: str, referral: Referral, **codes: str) -> bool:
    """Tell whether this very answer about a request was written down before; another one from the same form is refused."""
    return sending_of(case, key, kind, referral=str(referral.public_id), **codes) is not None


@transaction.atomic
def accept(*, referral: Referral, key: str, by, at: dt.datetime, seen: int | None = None) -> Referral:
    """Write down that an agency accepts. One agency a step; the last free place goes to one of two."""
    case = runs.locked_case(referral.case_id)
    if _is_repeat(case, key, "referral_accepted", referral):
        return Referral.objects.get(pk=referral.pk)
    refuse_moved(case, seen)
    referral = Referral.objects.select_related("run", "service", "organisation").get(pk=referral.pk)
    run = referral.run
    if words := needs_no_answer(referral):
        raise AlreadyPlaced(words)
    lock_places([referral.service_id])
    accepted = move(referral=referral, to=S.ACCEPTED, by=by, at=at, answered_at=at, answered_by=accounts.actor_id(by))
    take_place(referral.service, at, may_wait=referral.state == S.REQUESTED)
    _cancel_others(run, accepted, by, at)
    runs.note_event(
        case=case, kind="referral_accepted", run=run.number, key=key, by=by, at=at, referral=str(referral.public_id)
    )
    if run.state == RunState.OPEN:
        runs.decide(case=case, run=run.number, outcome=Outcome.ACCEPTED, key=f"{key}:outcome", by=by, at=at)
    return accepted


def _cancel_others(run: StepRun, accepted: Referral, by, at: dt.datetime) -> None:
    for other in Referral.objects.filter(run=run, state__in=LIVE_STATES).exclude(pk=accepted.pk):
        take_back(referral=other, to=S.CANCELLED, by=by, at=at)
    for other in on_lists(run.case).filter(need=accepted.need).exclude(organisation=accepted.organisation):
        end_waiting(referral=other, by=by, at=at)


@transaction.atomic
def decline(
    *, referral: Referral, reason: str, key: str, by, at: dt.datetime, note: str = "", free_from: dt.date | None = None,
    seen: int | None = None,
) -> Referral:  # fmt: skip
    """Write down that an agency declines, and why; then the next one is asked, unless a conflict stops the chain."""
    case = runs.locked_case(referral.case_id)
    if _is_repeat(case, key, "referral_declined", referral, reason=reason):
        return Referral.objects.get(pk=referral.pk)
    refuse_moved(case, seen)
    if reason == DeclineReason.OTHER and not note:
        raise ReasonNeedsWords(_("Write the other reason in a few words."))
    referral = Referral.objects.select_related("case", "run").get(pk=referral.pk)
    if note:
        accounts.seal(referral, "decline_note", note)
    declined = move(
        referral=referral, to=S.REJECTED, by=by, at=at, answered_at=at, answered_by=accounts.actor_id(by),
        decline_reason=reason, decline_note=referral.decline_note, free_from=free_from, ended_at=at,
    )  # fmt: skip
    links.revoke_links_except(referral=referral, keep=by, at=at)
    runs.note_event(
        case=case, kind="referral_declined", run=referral.run.number, key=key, by=by, at=at, reason=reason,
        referral=str(referral.public_id),
    )  # fmt: skip
    if reason in CONFLICTS:
        rule = f"conflict:{referral.position}"
        tell(case=case, run=referral.run.number, rule=rule, role="coordinator", at=at)
    else:
        ask_next(case=case, run=referral.run, by=by, at=at)
    return declined


@transaction.atomic
def hold(*, referral: Referral, key: str, by, at: dt.datetime, seen: int | None = None) -> Referral:
    """Write down that an agency put the person on its waiting list; its time for an answer goes on."""
    case = runs.locked_case(referral.case_id)
    if _is_repeat(case, key, "referral_held", referral):
        return Referral.objects.get(pk=referral.pk)
    refuse_moved(case, seen)
    if referral.need in WITHOUT_WAITING_LIST:
        raise NoWaitingList(_("There is no waiting list for this request. Choose yes or no."))
    standing = Referral.objects.get(pk=referral.pk)
    if standing.state == S.ON_HOLD:  # said again through a fresh link: nothing new
        return standing
    held = move(referral=referral, to=S.ON_HOLD, by=by, at=at, held_at=at)
    runs.note_event(
        case=case, kind="referral_held", run=held.run.number, key=key, by=by, at=at, referral=str(held.public_id)
    )
    return held


@transaction.atomic
def mark_no_answer(*, referral: Referral, at: dt.datetime, by="clock") -> bool:
    """Write down that an agency did not answer in time, or had no place for who is on its waiting list, and ask the next.

    Tells whether that was still so.
    """
    case = runs.locked_case(referral.case_id)
    referral = Referral.objects.select_related("run").get(pk=referral.pk)
    if case.state == CaseState.CLOSED or referral.state not in (S.REQUESTED, S.ON_HOLD):
        return False
    if referral.due_at is None or referral.due_at > at:
        return False
    links.revoke_links(referral=referral, at=at)
    move(referral=referral, to=S.NO_ANSWER, by=by, at=at)
    runs.note_event(
        case=case, kind="referral_no_answer", run=referral.run.number, key=f"no_answer:{referral.public_id}", by=by,
        at=at, referral=str(referral.public_id),
    )  # fmt: skip
    ask_next(case=case, run=referral.run, by=by, at=at)
    return True


@transaction.atomic
def give_up(*, run: StepRun, key: str, by, at: dt.datetime, seen: int | None = None) -> None:
    """End a referral step for which no agency can be asked: the pathway goes its way for declined or no answer."""
    case = runs.locked_case(run.case_id)
    if sending_of(case, f"{key}:outcome", "outcome"):
        return
    refuse_moved(case, seen)
    run = StepRun.objects.get(pk=run.pk)
    if Referral.objects.filter(run=run, state__in=LIVE_STATES).exists():
        raise StillWaiting(_("An agency has not answered yet. Cancel that request first."))
    was_declined = Referral.objects.filter(run=run, state=S.REJECTED).exists()
    outcome = Outcome.DECLINED if was_declined else Outcome.NO_ANSWER
    runs.note_event(case=case, kind="referral_given_up", run=run.number, key=key, by=by, at=at)
    runs.decide(case=case, run=run.number, outcome=outcome, key=f"{key}:outcome", by=by, at=at)


STAFF_MOVES = (S.IN_PROGRESS, S.COMPLETED, S.FAILED, S.CANCELLED, S.ENTERED_IN_ERROR)
TAKEN_BACK_STATES = (S.CANCELLED, S.ENTERED_IN_ERROR)
LOST_STATES = (S.FAILED, *TAKEN_BACK_STATES)


@transaction.atomic
def progress(
    *, referral: Referral, to: str, key: str, by, at: dt.datetime, note: str = "", seen: int | None = None
) -> Referral:
    """Write down what became of a referral: under way, completed, failed; the agency is told if staff take it back."""
    case = runs.locked_case(referral.case_id)
    if _is_repeat(case, key, f"referral_{to}", referral):
        return Referral.objects.get(pk=referral.pk)
    refuse_moved(case, seen)
    if to not in STAFF_MOVES:
        raise WrongMove(referral, to)
    stands = Referral.objects.get(pk=referral.pk)
    loses_place = to in LOST_STATES and stands.state in PLACED_STATES
    if loses_place:
        lock_places([stands.service_id])
    if to in TAKEN_BACK_STATES:
        moved = take_back(referral=referral, to=to, by=by, at=at)
    else:
        moved = move(referral=referral, to=to, by=by, at=at, ended_at=at if to != S.IN_PROGRESS else None)
    if to == S.FAILED:
        links.revoke_links(referral=moved, at=at)
    if loses_place:
        give_place_back(moved.service, at)
    runs.note_event(
        case=case, kind=f"referral_{to}", run=moved.run.number, key=key, by=by, at=at, referral=str(moved.public_id)
    )
    keep_note(case=case, key=f"note_{moved.run.step_key}", text=note, source="referral", by=by, at=at)
    return moved


@transaction.atomic
def resend(*, referral: Referral, key: str, by, at: dt.datetime) -> Sent:
    """Send the agency a fresh link, for its answer or a deletion; the old one dies. A deletion waits in a closed case too."""
    case = runs.locked_case(referral.case_id)
    referral = Referral.objects.select_related("case__country", "run", "organisation").get(pk=referral.pk)
    if _is_repeat(case, key, "link_sent", referral):
        return Sent(referral)
    purpose = LinkPurpose.DELETION if referral.awaits_deletion else LinkPurpose.ANSWER
    if purpose == LinkPurpose.ANSWER:
        refuse_moved(case, None)
        if referral.state not in (S.REQUESTED, S.ON_HOLD):
            raise WrongMove(referral, S.REQUESTED)
    sent = links.send_link(referral=referral, purpose=purpose, by=by, at=at)
    runs.note_event(
        case=case, kind="link_sent", run=referral.run.number, key=key, by=by, at=at, referral=str(referral.public_id)
    )
    return Sent(referral, sent.code)
