"""What a manager decides about the work of one official: a lesson that she need not do, a test that does not count."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from training import progress
from training.actions.recording import Arrival, record_or_raise
from training.actions.spans import mark_spans
from training.actions.withdrawing import AlreadyWithdrawn, hold_certificates, tell_fallen, withdraw_certificate
from training.choices import Verb, VoidTestReason, WithdrawalReason
from training.models import Attempt, Certificate, Enrolment, Event
from training.queries import versions
from training.queries.earned import unearned
from training.queries.folded import events_of, fact_of

WITHDRAWN = {VoidTestReason.NOT_HER_WORK: WithdrawalReason.NOT_HER_WORK}


class NothingToWaive(Exception):
    """Raised when a lesson or story is waived that she has done, or that the course has no more; nothing is written."""

    def __init__(self):
        super().__init__(_("This is done, or is no part of the course any more."))


class NotWaived(Exception):
    """Raised when a waiver is taken back that was taken back before, or never given; nothing is written."""

    def __init__(self):
        super().__init__(_("This is not waived, or the waiver was taken back already."))


class AlreadyVoid(Exception):
    """Raised when a test is set aside that was set aside before, or is still open; nothing is written."""

    def __init__(self):
        super().__init__(_("This test was set aside already, or is not handed in yet."))


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("learner__user", "version", "progress").get(pk=enrolment.pk)


@transaction.atomic
def waive_activity(*, enrolment: Enrolment, activity: str, reason: str, by, at: dt.datetime) -> None:
    """Let a lesson or a story count as done for an official, by name and with a reason (a code of WaiveReason).

    A test is waived for nobody: it shows what somebody knows.
    """
    locked = _locked(enrolment)
    user, state = locked.learner.user, progress.read_state(locked.progress.state)
    version = versions.newest(locked.course_id, user.country_id)
    there = versions.value_of(version).activity(activity)
    if there is None or there.kind == "test" or f"{activity}/{version.public_id}" in progress.under(state):
        raise NothingToWaive
    arrival = _arrival(locked, version, Verb.WAIVED, {"reason": reason}, at, activity)
    record_or_raise(learner=locked.learner, arrivals=[arrival], at=at, by=str(by.public_id))
    country = user.country_id or ""
    record(
        by=by, verb="training.activity_waived", thing=locked, at=at, country=country, activity=activity, reason=reason
    )


@transaction.atomic
def take_back_waiver(*, enrolment: Enrolment, activity: str, reason: str, by, at: dt.datetime) -> list[Certificate]:
    """Take back that a lesson or story counts as done, by name and with a reason (a code of UnwaiveReason).

    What she did of it herself stays done. A certificate that rested on the waiver is withdrawn in the same act.
    """
    locked = _locked(enrolment)
    waivers, before = progress.waivers_of(_state(locked), activity), _unearned(locked)
    if not waivers:
        raise NotWaived
    _hold_what_may_fall(locked)
    payload = {"attempts": [], "events": list(waivers), "reason": reason}
    given = Event.objects.filter(pk__in=waivers).order_by("received_at").last()
    arrival = _arrival(locked, given.course_version, Verb.VOIDED, payload, at, activity)
    record_or_raise(learner=locked.learner, arrivals=[arrival], at=at, by=str(by.public_id))
    country = locked.learner.user.country_id or ""
    record(
        by=by,
        verb="training.waiver_taken_back",
        thing=locked,
        at=at,
        country=country,
        activity=activity,
        reason=reason,
    )
    gone = _withdrawn(_locked(locked), before, WithdrawalReason.OTHER, by, at)
    tell_fallen(gone, is_waiver=True, at=at)
    return gone


@transaction.atomic
def void_attempt(*, attempt: Attempt, reason: str, by, at: dt.datetime) -> list[Certificate]:
    """Set a test aside, by name and with a reason (a code of VoidTestReason); return the certificates withdrawn with it.

    It counts for nothing from then on: no pass, no try. A certificate that rested on it alone is withdrawn in the same
    act; passed again, another one is issued.
    """
    locked, key = _locked(attempt.enrolment), str(attempt.public_id)
    standing = Attempt.objects.get(pk=attempt.pk)
    if standing.submitted_at is None or key in progress.read_state(locked.progress.state)["voided"]:
        raise AlreadyVoid
    before = _unearned(locked)
    _hold_what_may_fall(locked)
    payload = {"attempts": [key], "events": [], "reason": reason}
    arrival = _arrival(locked, locked.version, Verb.VOIDED, payload, at)
    record_or_raise(learner=locked.learner, arrivals=[arrival], at=at, by=str(by.public_id))
    country = locked.learner.user.country_id or ""
    record(by=by, verb="training.attempt_voided", thing=locked, at=at, country=country, attempt=key, reason=reason)
    gone = _withdrawn(_locked(locked), before, WITHDRAWN.get(reason, WithdrawalReason.OTHER), by, at)
    tell_fallen(gone, is_waiver=False, at=at)
    return gone


def _hold_what_may_fall(enrolment: Enrolment) -> None:
    """Lock her certificates with their lists, and let her spans be worked out again, before the first record."""
    hold_certificates(Certificate.objects.filter(enrolment=enrolment))
    mark_spans(enrolment=enrolment.pk)


def _state(enrolment: Enrolment) -> progress.State:
    """Return what an enrolment's events fold to, also where an earlier fold wrote its row and named no waiver."""
    if enrolment.progress.fold == progress.FOLD:
        return progress.read_state(enrolment.progress.state)
    return progress.fold([fact_of(event) for event in events_of(enrolment)], {})


def _unearned(enrolment: Enrolment) -> set[int]:
    return {one.pk for one in unearned(enrolment)}


def _withdrawn(enrolment: Enrolment, before: set[int], reason: str, by, at: dt.datetime) -> list[Certificate]:
    """Withdraw the certificates of an enrolment that say what she had earned before an act, and has not any more.

    What said more than that `before` already, as one issued when a course asked less, rests on none of this and stands.
    One that somebody else withdraws at the same instant stays as she withdrew it. Why is told by the act itself.
    """
    found = [one for one in unearned(enrolment) if one.pk not in before]
    return [one for one in found if _is_withdrawn_now(one, reason, by, at)]


def _is_withdrawn_now(certificate: Certificate, reason: str, by, at: dt.datetime) -> bool:
    try:
        withdraw_certificate(certificate=certificate, by=by, reason=reason, at=at, is_told=False)
    except AlreadyWithdrawn:
        return False
    return True


def _arrival(enrolment: Enrolment, version, verb: str, payload: dict, at: dt.datetime, activity: str = "") -> Arrival:
    """Return an event under an id that nobody can foretell: each act happens once by the lock and what then stands."""
    return Arrival(
        id=uuid.uuid4(),
        verb=verb,
        activity=activity,
        version=str(version.public_id),
        language=enrolment.learner.user.language,
        occurred_at=at,
        payload=payload,
    )
