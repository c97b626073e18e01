"""An account takes over what somebody did with a progress code: events stay as they are, and the fold reads both."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from training import progress
from training.actions.certifying import issue_at_once
from training.actions.codes import CodeTaken, CodeUnknown, fair_try, found_by
from training.actions.events import Arrival, Outcome, digest_of, is_house_made
from training.actions.figures import hold_figures
from training.actions.folding import save_progress
from training.actions.places import learner_of
from training.actions.recording import record_events, record_or_raise
from training.choices import ClaimReason, Form, Reason, Source, Verb
from training.models import Attempt, Enrolment, Event, Learner, Progress
from training.queries import pacing
from training.queries.folded import events_of, fact_of
from training.queries.holders import begun_with_code, hold_learners


@dataclass(frozen=True)
class Claimed:
    """What an account took over: courses that it had not begun, and those that were begun in both.

    `practice`: how many tests do not count, since the account's own tries left none open when they were handed in.
    """

    taken: tuple[Enrolment, ...] = ()
    joined: tuple[Enrolment, ...] = ()
    practice: int = 0


def claim(*, user: User, code: str, address: str, at: datetime) -> Claimed:
    """Take the progress of a code into an account; the code opens nothing any more.

    A course begun in both keeps the account's edition; whatever was done on either side counts, once; only a test that
    the account could not have taken then is practice. Again, or of a code that another account has taken, raises
    CodeTaken; CodeUnknown and TooMany as `found_by` does.
    """
    found = found_by(code=code, address=address, at=at)
    with fair_try(found, at):
        mine = learner_of(user)
        with transaction.atomic():
            return _take_over(*_locked(mine, found), user, at)


def record_of_code(
    *, learner: Learner, holder: Learner, arrivals: list[Arrival], at: datetime, offset_ms: int
) -> list[Outcome]:
    """Store what a phone still kept under a code that an account took over, as the account's.

    What arrived before is a repeat; another event under its id is the conflict that it would be without a code.
    """
    keys = [one.id for one in arrivals if one.id]
    known = dict(Event.objects.filter(learner=holder, pk__in=keys).values_list("pk", "sha256"))
    fresh = [one for one in arrivals if not _stands(one, known, holder)]
    outcomes = iter(record_events(learner=learner, arrivals=fresh, source=Source.WEB, at=at, offset_ms=offset_ms))
    return [
        Outcome(str(one.id), "duplicate") if _stands(one, known, holder) else _as_hers(one, next(outcomes), known)
        for one in arrivals
    ]


def _stands(arrival: Arrival, known: dict[uuid.UUID, str], holder: Learner) -> bool:
    """Tell whether an event arrived before under the code, with the same content."""
    return not arrival.fault and known.get(arrival.id) == digest_of(arrival, holder, Source.WEB)


def _as_hers(arrival: Arrival, outcome: Outcome, known: dict[uuid.UUID, str]) -> Outcome:
    """Return an outcome in which the id that the code holds is her own one and not somebody else's."""
    is_taken = outcome.reason == Reason.ID_TAKEN and arrival.id in known and not is_house_made(arrival.id)
    return replace(outcome, reason=Reason.DIFFERENT_CONTENT) if is_taken else outcome


def _locked(mine: Learner, other: Learner) -> tuple[Learner, Learner]:
    """Return the learners of an account and of a code, held; what another request did with them meanwhile is seen.

    While both are held no course begins on either side.
    """
    held = {one.pk: one for one in hold_learners([mine, other])}
    if other.pk not in held:
        raise CodeUnknown
    if held[other.pk].merged_into_id:
        raise CodeTaken
    return held[mine.pk], held[other.pk]


def _take_over(mine: Learner, other: Learner, user: User, at: datetime) -> Claimed:
    both = Enrolment.objects.filter(learner__in=[mine, other]).order_by("pk")
    list(both.select_for_update(no_key=True).values_list("pk"))  # in the order in which every sending locks them
    known = {one.course_id: one for one in begun_with_code(mine)}
    taken, joined, practice = [], [], 0
    theirs = begun_with_code(other)
    if both_began := [one.course_id for one in theirs if one.course_id in known]:
        hold_figures(both_began)
    for begun in theirs:
        if standing := known.get(begun.course_id):
            standing.learner = mine
            beyond = _beyond(standing, begun, at)
            joined.append(_join(standing, begun))
            _set_aside(standing, beyond, user, at)
            practice += len(beyond)
        else:
            begun.learner = mine
            begun.save(update_fields=["learner"])
            taken.append(begun)
    other.merged_into = mine
    other.save(update_fields=["merged_into"])
    for one in (*taken, *joined):
        one.learner = mine
        Progress.objects.filter(enrolment=one).update(spans_due=True)
    for one in (*taken, *joined):
        issue_at_once(enrolment=one, at=at)
    counts = {"taken": len(taken), "joined": len(joined)}
    record(by=user, verb="training.progress_claimed", thing=mine, at=at, country=user.country_id or "", numbers=counts)
    return Claimed(tuple(taken), tuple(joined), practice)


def _beyond(standing: Enrolment, begun: Enrolment, at: datetime) -> list[str]:
    """Return the tests with the code that the account's own tries do not let count; one that is open still goes."""
    own, found = list(standing.attempts.order_by("number")), []
    for attempt in begun.attempts.exclude(form=Form.PRE).order_by("number"):
        if not pacing.is_beyond(attempt, own, standing, at):
            continue
        if attempt.submitted_at is None:
            Attempt.objects.filter(pk=attempt.pk).delete()
        else:
            found.append(str(attempt.public_id))
    return found


def _set_aside(standing: Enrolment, tests: list[str], user: User, at: datetime) -> None:
    """Note of tests that they are practice: no pass and no try. They stay in her history, with the reason."""
    if not tests:
        return
    arrival = Arrival(
        id=uuid.uuid4(),
        verb=Verb.VOIDED,
        version=str(standing.version.public_id),
        language=user.language,
        occurred_at=at,
        payload={"attempts": tests, "events": [], "reason": ClaimReason.BEYOND},
    )
    record_or_raise(learner=standing.learner, arrivals=[arrival], at=at, by=str(user.public_id))
    standing.progress.refresh_from_db()


def _join(standing: Enrolment, begun: Enrolment) -> Enrolment:
    """Let what was done in one enrolment count in the other one of its course; return that."""
    last = standing.attempts.order_by("-number").values_list("number", flat=True).first() or 0
    for number, attempt in enumerate(begun.attempts.order_by("number"), last + 1):
        attempt.enrolment, attempt.number = standing, number
        attempt.save(update_fields=["enrolment", "number"])
    facts = [fact_of(event) for event in events_of(begun)]
    Progress.objects.filter(enrolment=begun).delete()
    begun.merged_into = standing
    begun.save(update_fields=["merged_into"])
    papers = {str(one.public_id): progress.paper_of(str(one.public_id), one.paper) for one in standing.attempts.all()}
    save_progress(standing, facts, papers)
    return standing
