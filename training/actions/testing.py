"""Tests: a paper is drawn and kept when it begins; it is handed in as one event."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from training import progress
from training.actions.events import Arrival, Outcome
from training.actions.places import CodeGone, enrol, learner_of
from training.actions.recording import record_events
from training.choices import Form, Source, Verb
from training.exchange import stable_id
from training.models import Allowance, Attempt, Course, Enrolment
from training.queries import pacing, papers, versions
from training.queries.moments import instant


class TestNotOpen(LookupError):
    """Raised when a test cannot be begun now: the pre-test once it or the test is handed in, a check-up before the end."""

    __test__ = False


class TestWaits(TestNotOpen):
    """Raised when the hours between two tries are not over; she may begin at `opens_at`."""

    def __init__(self, opens_at: datetime):
        super().__init__("The hours between two tries are not over yet.")
        self.opens_at = opens_at


class TestUsedUp(TestNotOpen):
    """Raised when all tries at a test were used; a trainer or a manager can allow one more."""


class NothingToAllow(Exception):
    """Raised when one more try is allowed to somebody who may take the test anyway; nothing is written."""

    def __init__(self):
        super().__init__(_("This test is open to her or him, or will be when the hours between two tries are over."))


@transaction.atomic
def begin_test(*, user, course: Course, language: str, at: datetime, form: int = Form.POST) -> Attempt:
    """Enrol a person where she is not yet, and return her open test or a new one; refused, nothing is kept."""
    enrolment = enrol(learner=learner_of(user), course=course, country=user.country_id, at=at)
    return start_attempt(enrolment=enrolment, language=language, at=at, form=form)


@transaction.atomic
def start_attempt(
    *, enrolment: Enrolment, language: str, at: datetime, form: int = Form.POST, ahead: bool = False, seed: str = ""
) -> Attempt:
    """Return the open test of a form, or draw a new one from the edition that holds for her.

    `ahead`: it is drawn for a phone, which takes it along while she still waits and opens it when the time has come.
    `seed`: what a paper is drawn by, 32 hex digits, where it must be the same everywhere; chance draws it otherwise.
    """
    hers = Enrolment.objects.filter(pk=enrolment.pk, learner=enrolment.learner_id, merged_into=None)
    locked = hers.select_for_update(of=("self",)).first()
    if locked is None:
        raise CodeGone("The code with which this was begun was taken over or erased.")
    attempts = list(locked.attempts.order_by("-number"))
    of_form = [attempt for attempt in attempts if attempt.form == form]
    if of_form and of_form[0].submitted_at is None:
        _demand_time(of_form[0].opens_at, at, ahead)
        return of_form[0]
    _demand_open(locked, form, attempts)
    chance = pacing.chance_of(locked, form)
    if chance.is_used_up:
        raise TestUsedUp("All tries at this test were used.")
    opens_at = instant(chance.opens)
    _demand_time(opens_at, at, ahead)
    seed = seed or secrets.token_hex(16)
    version = versions.for_test(locked, enrolment.learner.home, form)
    return Attempt.objects.create(
        enrolment=locked,
        version=version,
        form=form,
        number=attempts[0].number + 1 if attempts else 1,
        seed=seed,
        paper=_paper(version, seed, form, locked, of_form, chance.pace),
        language=language,
        started_at=at,
        opens_at=opens_at if opens_at and opens_at > at else None,
    )


def _demand_time(opens_at: datetime | None, at: datetime, ahead: bool) -> None:
    if opens_at and opens_at > at and not ahead:
        raise TestWaits(opens_at)


def _paper(version, seed: str, form: int, enrolment: Enrolment, earlier: list[Attempt], pace: progress.Pace) -> str:
    """Return the paper of a new attempt: other questions than those of earlier ones, where the bank holds others."""
    asked = [item["id"] for attempt in earlier for item in progress.read(attempt.paper)["items"]]
    told = progress.draw(version.body, seed, form, enrolment.progress.track, asked)
    told |= {"version": str(version.public_id)}
    if form == Form.PRE:
        return progress.canonical(told)
    code = {} if enrolment.learner.user_id else {"with_code": True}
    return progress.canonical(told | vars(pace) | code)


@transaction.atomic
def allow_attempt(*, enrolment: Enrolment, form: int, by, reason: str, at: datetime) -> Allowance:
    """Allow one more try to somebody who used all of hers, by name and with a reason (a code of AllowReason).

    It begins without a wait.
    """
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if not pacing.turn(locked, form, at).is_used_up:
        raise NothingToAllow
    allowed = Allowance.objects.create(enrolment=locked, form=form, by=by, at=at, reason=reason)
    country = locked.learner.user.country_id or ""
    record(by=by, verb="training.attempt_allowed", thing=locked, at=at, country=country, form=int(form), reason=reason)
    return allowed


def _demand_open(enrolment: Enrolment, form: int, attempts: list[Attempt]) -> None:
    """Refuse a second pre-test, one after the test, and a check-up of a course that is not finished."""
    handed_in = {attempt.form for attempt in attempts if attempt.submitted_at}
    if form == Form.PRE and handed_in & {Form.PRE, Form.POST}:
        raise TestNotOpen("The pre-test is taken once, before the test.")
    if form == Form.CHECKUP and enrolment.progress.completed_at is None:
        raise TestNotOpen("A check-up follows a finished course.")


@transaction.atomic
def submit_attempt(*, attempt: Attempt, responses: dict[str, object], language: str, at: datetime) -> Outcome:
    """Hand in a test; the same paper again is a duplicate, another one finds it closed."""
    arrival = handed_in(attempt, responses, language, at)
    return record_events(learner=attempt.enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)[0]


@transaction.atomic
def keep_answers(*, attempt: Attempt, changes: dict[str, object], language: str, at: datetime) -> list[Outcome]:
    """Keep what changed in the answers of an open test; they are no mark. Return what became of each that was not kept so.

    It can be gone on with later or in another language. One that was kept before and is taken out is kept as open.
    """
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.enrolment_id)
    kept, paper = papers.kept_entries(attempt), progress.read(attempt.paper)
    begun = int(at.timestamp()) - int(attempt.started_at.timestamp()) + 1
    turn = max(begun, 1, *(entry.turn + 1 for entry in kept.values()))
    before = {item: entry.response for item, entry in kept.items()}
    arrivals = [
        Arrival(
            id=stable_id("kept", str(attempt.public_id), entry["id"], str(turn)),
            verb=Verb.ANSWERED,
            activity=paper["activity"],
            version=str(attempt.version.public_id),
            language=language,
            occurred_at=at,
            payload={
                "attempt": str(attempt.public_id),
                "item": entry["id"],
                "item_version": entry["version"],
                "turn": turn,
                "response": changes[entry["id"]],
            },
        )
        for entry in paper["items"]
        if entry["id"] in changes and (changes[entry["id"]] or None) != (before.get(entry["id"]) or None)
    ]
    return record_events(learner=attempt.enrolment.learner, arrivals=arrivals, source=Source.FORM, at=at)


def handed_in(attempt: Attempt, responses: dict[str, object], language: str, at: datetime) -> Arrival:
    """Return the event of a whole paper; its id comes from the attempt and the answers."""
    paper = progress.read(attempt.paper)
    answers = [
        {"item": entry["id"], "item_version": entry["version"], "response": responses.get(entry["id"])}
        for entry in paper["items"]
    ]
    return Arrival(
        id=stable_id("submitted", str(attempt.public_id), progress.canonical(answers)),
        verb=Verb.SUBMITTED,
        activity=paper["activity"],
        version=str(attempt.version.public_id),
        language=language,
        occurred_at=at,
        payload={"attempt": str(attempt.public_id), "answers": answers},
    )
