"""Tests: a paper is drawn and kept when it begins; it is handed in as one event."""

import secrets
from datetime import datetime

from django.db import transaction

from training import grading, progress
from training.actions.payloads import MOST_TURNS
from training.actions.places import enrol, learner_of
from training.actions.recording import Arrival, Outcome, record_events
from training.choices import Source, Verb
from training.exchange import stable_id
from training.models import Attempt, Course, Enrolment
from training.queries import versions


class NoQuestions(LookupError):
    """Raised when a course has no published question; publish one first."""


@transaction.atomic
def begin_test(*, user, course: Course, language: str, at: datetime) -> Attempt:
    """Enrol a person where she is not yet, and return her open test or a new one; refused, nothing is kept."""
    enrolment = enrol(learner=learner_of(user), course=course, country=user.country_id, at=at)
    return start_attempt(enrolment=enrolment, language=language, at=at)


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, language: str, at: datetime) -> Attempt:
    """Return the open test of an enrolment, or draw a new one from the newest edition."""
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    last = locked.attempts.order_by("-number").first()
    if last is not None and last.submitted_at is None:
        return last
    user = enrolment.learner.user
    version = versions.newest(enrolment.course_id, user.country_id if user else None)
    seed = secrets.token_hex(16)
    return Attempt.objects.create(
        enrolment=locked,
        version=version,
        number=last.number + 1 if last else 1,
        seed=seed,
        paper=progress.canonical(draw_paper(version.body, seed)),
        language=language,
        started_at=at,
    )


def draw_paper(body: str, seed: str) -> dict:
    """Return the paper of a seed: every critical item, then others in the seed's order, up to the edition's number."""
    skeleton = progress.read(body)
    test, rule = skeleton["tests"][0], skeleton["pass"]
    entries = test["items"]
    if not entries:
        raise NoQuestions(f"The course {skeleton['course']} has no published question.")
    order = grading.shuffled(seed, "items", [entry["id"] for entry in entries])
    critical = [entry["id"] for entry in entries if entry["critical"]]
    drawn = set([*critical, *(key for key in order if key not in critical)][: rule["draw"]])
    items = [entry for entry in entries if entry["id"] in drawn]
    return {
        "activity": test["id"],
        "items": items,
        "minimum": min(rule["minimum"], len(items)),
        "critical": [entry["id"] for entry in items if entry["critical"]],
    }


@transaction.atomic
def submit_attempt(*, attempt: Attempt, responses: dict[str, object], language: str, at: datetime) -> Outcome:
    """Hand in a test; the same paper again is a duplicate, another one finds it closed."""
    arrival = handed_in(attempt, responses, language, at)
    return record_events(learner=attempt.enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)[0]


@transaction.atomic
def keep_answers(*, attempt: Attempt, responses: dict[str, object], language: str, at: datetime) -> list[Outcome]:
    """Keep the answers of an open test so that it can be gone on with later or in another language; they are no mark."""
    paper, turn = progress.read(attempt.paper), int(at.timestamp()) - int(attempt.started_at.timestamp()) + 1
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
                "turn": min(max(turn, 1), MOST_TURNS),
                "response": responses.get(entry["id"]),
            },
        )
        for entry in paper["items"]
        if responses.get(entry["id"])
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
