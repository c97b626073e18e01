"""What staff do with a case: read it, take a step, open it with a reason, hand it on, close it, open it again."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.actions import runs
from referral.actions.deletions import end_waiting, take_back
from referral.actions.notes import keep_note
from referral.actions.unmet import seek_for_reopened
from referral.actions.work import tell
from referral.choices import CaseState, CloseReason, ReferralState
from referral.choices.cases import NOT_HELPED, NOT_WALKED
from referral.models import Case, CaseAccess, CaseEvent, FactValue, Referral
from referral.queries.held import on_lists
from referral.queries.referrals import LIVE_STATES, is_helped
from referral.queries.runs import is_walked
from referral.queries.sendings import access_key, sending_of
from referral.rules import is_shown

OPENED_FOR = dt.timedelta(minutes=60)


class NotClosed(Exception):
    """Raised when a case that is open would be opened again."""


class StepsAreOpen(Exception):
    """Raised when a case would be closed as completed while steps are open."""


class NobodyAccepted(Exception):
    """Raised when a case would be closed because help was taken up while no agency has accepted."""


class CannotHaveCases(Exception):
    """Raised when a case would be handed to somebody who may not have cases in its country."""


class GivenMeanwhile(runs.CaseMovedOn):
    """Raised when a case would be handed on by somebody who did not see that it got another owner meanwhile."""


class ClosedAnew(runs.CaseMovedOn):
    """Raised when a case would be opened by somebody who did not see that it was closed anew meanwhile."""


def _refuse_moved(case: Case, seen: int | None) -> None:
    if seen is not None and seen != case.event_count:
        raise runs.CaseMovedOn("Somebody moved this case meanwhile. Look at the present state and decide again.")


@transaction.atomic
def read_case(*, case: Case, by: User, at: dt.datetime) -> None:
    """Record that a case was read, at the end of the transaction in which its page is made: the audit head is held briefly."""
    accounts.record(by=by, verb="referral.case_read", thing=case, at=at, country=case.country_id)


@transaction.atomic
def open_with_reason(*, case: Case, reason: str, key: str, by: User, at: dt.datetime) -> CaseAccess:
    """Let a supervisor read and work on a case for an hour; the reason is kept, and the case's history says so.

    The same form sent again opens nothing more.
    """
    case, key = runs.locked_case(case.pk), access_key(by, key)
    if sending_of(case, key, "opened_by_supervisor"):
        return CaseAccess.objects.filter(case=case, user=by).first()
    access = CaseAccess.objects.create(case=case, user=by, reason=reason, opened_at=at, ends_at=at + OPENED_FOR)
    runs.note_event(case=case, kind="opened_by_supervisor", key=key, by=by, at=at)
    accounts.record(by=by, verb="referral.opened_with_reason", thing=case, at=at, country=case.country_id)
    return access


@transaction.atomic
def complete_step(
    *, case: Case, run: int, key: str, by, at: dt.datetime, facts: Mapping[str, object] | None = None, note: str = "",
    seen: int | None = None,
) -> runs.Advanced:  # fmt: skip
    """Finish a task or a handover: what was told, a note, and the step's end, in one go."""
    step = case.runs.get(number=run).step_key
    if facts and not sending_of(case, f"{key}:facts", "facts"):
        runs.answer(case=case, facts=facts, source=step, key=f"{key}:facts", by=by, at=at, seen=seen)
        seen = None
    done = runs.finish(case=case, run=run, key=key, by=by, at=at, seen=seen)
    if not done.is_repeat:
        keep_note(case=runs.locked_case(case.pk), key=f"note_{step}", text=note, source=step, by=by, at=at)
    return done


@transaction.atomic
def decide_step(
    *, case: Case, run: int, outcome: str, reason: str, key: str, by, at: dt.datetime, seen: int | None = None
) -> runs.Advanced:
    """Write down a decision with its reason; the reason is sealed with the case."""
    step = case.runs.get(number=run).step_key
    decided = runs.decide(case=case, run=run, outcome=outcome, key=key, by=by, at=at, seen=seen)
    if not decided.is_repeat:
        keep_note(case=runs.locked_case(case.pk), key=f"reason_{step}", text=reason, source=step, by=by, at=at)
    return decided


@transaction.atomic
def end_wait(
    *, case: Case, run: int, words: str, key: str, by, at: dt.datetime, seen: int | None = None
) -> runs.Advanced:
    """End a waiting time early by the person's own wish; her or his words are sealed with the case."""
    case = runs.locked_case(case.pk)
    if not sending_of(case, key, "wish"):
        _refuse_moved(case, seen)
    step = case.runs.get(number=run).step_key
    ended = runs.wish(case=case, run=run, key=key, by=by, at=at)
    if not ended.is_repeat:
        keep_note(case=runs.locked_case(case.pk), key=f"wish_{step}", text=words, source=step, by=by, at=at)
    return ended


@transaction.atomic
def reveal_fact(*, fact: FactValue, reason: str, by, at: dt.datetime) -> str:
    """Open one sealed value of a case and record who read it and why."""
    case = fact.case
    accounts.record(
        by=by, verb="referral.fact_read", thing=case, at=at, country=case.country_id, fact=fact.key, reason=reason
    )
    return accounts.reveal(fact, "sealed", by=by, at=at, reason=reason) or ""


@transaction.atomic
def reveal_decline(*, referral: Referral, reason: str, by, at: dt.datetime) -> str:
    """Open the words in which an agency declined and record who read them and why."""
    case = referral.case
    accounts.record(
        by=by, verb="referral.fact_read", thing=case, at=at, country=case.country_id, fact="decline_note",
        reason=reason,
    )  # fmt: skip
    return accounts.reveal(referral, "decline_note", by=by, at=at, reason=reason) or ""


@transaction.atomic
def keep_identity(
    *, case: Case, facts: Mapping[str, object], key: str, by, at: dt.datetime, seen: int | None = None
) -> None:
    """Write down what identifies the person, sealed; an answer that is left out stays as it was."""
    if facts:
        runs.answer(case=case, facts=facts, source="identity", key=key, by=by, at=at, seen=seen)


@transaction.atomic
def assign_case(*, case: Case, owner: User, key: str, by, at: dt.datetime, seen: int | None = None) -> Case:
    """Give a case to another operator or supervisor of its country; the former owner sees it no more.

    `seen` is the number of events the page showed: only another owner since then stands in the way.
    """
    case = runs.locked_case(case.pk)
    if sending_of(case, key, "assigned", owner=str(owner.public_id)) or case.owner_id == owner.pk:
        return case
    if seen is not None and CaseEvent.objects.filter(case=case, kind="assigned", number__gt=seen).exists():
        raise GivenMeanwhile(_("Somebody gave this case to another owner meanwhile. Look, then choose again."))
    if (
        not owner.has_role("operator", "supervisor")
        or owner.country_id != case.country_id
        or not is_shown(owner, case)
    ):
        raise CannotHaveCases(_("This person cannot have cases in this country."))
    case.owner = owner
    case.save(update_fields=["owner"])
    runs.note_event(case=case, kind="assigned", key=key, by=by, at=at, owner=str(owner.public_id))
    accounts.record(
        by=by, verb="referral.case_assigned", thing=case, at=at, country=case.country_id, owner=str(owner.public_id)
    )
    return case


@transaction.atomic
def leave_to_others(*, case: Case, by, at: dt.datetime) -> Case:
    """Take a case from an owner from whom it is hidden since it names her, and return it as it stands.

    Supervisors find it among those that nobody has, and what happened in it says so.
    """
    case = runs.locked_case(case.pk)
    if case.owner is None or is_shown(case.owner, case):
        return case
    case.owner = None
    case.save(update_fields=["owner"])
    runs.note_event(case=case, kind="left", key=f"left:{case.event_count}", by=by, at=at)
    accounts.record(by=by, verb="referral.case_assigned", thing=case, at=at, country=case.country_id, owner="")
    return case


@transaction.atomic
def note_contact(*, case: Case, how: str, contact: str, by, at: dt.datetime) -> None:
    """Keep in a case that a contact (its public id) was "joined" to it or "parted" from it."""
    case = runs.locked_case(case.pk)
    key = f"{how}:{contact}:{case.event_count}"
    runs.note_event(case=case, kind=f"contact_{how}", key=key, by=by, at=at, contact=contact)


@transaction.atomic
def learn_language(*, case: Case, language: str, by, at: dt.datetime) -> Case:
    """Keep which language the person of a case speaks, where it was not known; one that is known stays."""
    case = runs.locked_case(case.pk)
    if case.language:
        return case
    case.language = language
    case.save(update_fields=["language"])
    event = runs.note_event(
        case=case, kind="language_known", key=f"language:{case.event_count}", by=by, at=at, language=language
    )
    accounts.record(
        by=by, verb="referral.case_moved", thing=case, at=at, country=case.country_id, kind=event.kind,
        event=event.number,
    )  # fmt: skip
    return case


@transaction.atomic
def close_case(
    *, case: Case, reason: str, outcome: str, feedback_asked: bool, key: str, by, at: dt.datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Close a case: requests that wait are taken back, links die, and the reason and outcome are kept as codes."""
    case, asked = runs.locked_case(case.pk), "yes" if feedback_asked else "no"
    if sending_of(case, key, "closed", reason=reason, outcome=outcome, feedback_asked=asked):
        return case
    _refuse_moved(case, seen)
    if case.state == CaseState.CLOSED:
        raise runs.CaseAlreadyClosed("This case is closed already.")
    if reason == CloseReason.COMPLETED and not is_walked(case):
        raise StepsAreOpen(NOT_WALKED)
    if reason == CloseReason.HELPED and not is_helped(case):
        raise NobodyAccepted(NOT_HELPED)
    for referral in Referral.objects.filter(case=case, state__in=LIVE_STATES):
        take_back(referral=referral, to=ReferralState.CANCELLED, by=by, at=at)
    for referral in on_lists(case):
        end_waiting(referral=referral, by=by, at=at)
    runs.note_event(
        case=case, kind="closed", key=key, by=by, at=at, reason=reason, outcome=outcome, feedback_asked=asked
    )
    case.state, case.closed_at, case.closed_by = CaseState.CLOSED, at, accounts.actor_id(by)
    case.close_reason = reason
    case.save(update_fields=["state", "closed_at", "closed_by", "close_reason"])
    accounts.record(
        by=by, verb="referral.case_closed", thing=case, at=at, country=case.country_id, reason=reason, outcome=outcome
    )
    return case


@transaction.atomic
def reopen_case(*, case: Case, reason: str, key: str, by, at: dt.datetime, seen: int | None = None) -> Case:
    """Open a closed case again; it goes on where it stood, on its own version.

    `seen` is the number of events the page showed: a case that was closed since then was closed for another reason.

    A need for which consent was taken back meanwhile stands open again, where consent for others is left.
    """
    case = runs.locked_case(case.pk)
    if sending_of(case, key, "reopened"):
        return case
    if case.state != CaseState.CLOSED:
        raise NotClosed(_("This case is open."))
    if seen is not None and CaseEvent.objects.filter(case=case, kind="closed", number__gt=seen).exists():
        raise ClosedAnew(_("Somebody opened this case and it was closed anew meanwhile. Look, then decide again."))
    closed_at = case.closed_at
    case.state, case.closed_at, case.closed_by, case.close_reason = CaseState.OPEN, None, "", ""
    case.save(update_fields=["state", "closed_at", "closed_by", "close_reason"])
    runs.note_event(case=case, kind="reopened", key=key, by=by, at=at)
    keep_note(case=case, key="reason_reopened", text=reason, source="reopened", by=by, at=at)
    accounts.record(by=by, verb="referral.case_reopened", thing=case, at=at, country=case.country_id)
    last = case.runs.order_by("-number").first()
    if last is not None:
        tell(case=case, run=last.number, rule=f"reopened:{case.event_count}", role="hotline", at=at)
    seek_for_reopened(case=case, closed_at=closed_at, key=f"{key}:unmet", by=by, at=at)
    return case
