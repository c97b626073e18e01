"""The first opening of a lesson, and the move to a newer edition."""

import uuid
from datetime import datetime

from django.db import transaction

from training.actions.events import Arrival, move_of
from training.actions.places import enrol, learner_of
from training.actions.recording import record_events, record_or_raise
from training.choices import Source, Verb
from training.exchange import stable_id
from training.models import Course, CourseVersion, Enrolment
from training.queries import versions


@transaction.atomic
def open_lesson(*, user, course: Course, lesson: str, language: str, at: datetime, screen: str = "") -> Enrolment:
    """Enrol a signed-in person at her first lesson and note that she opened this one, at a screen if one is named.

    Again changes nothing.
    """
    enrolment = enrol(learner=learner_of(user), course=course, country=user.country_id, at=at)
    version = versions.newest(course.pk, user.country_id)
    payload = {"screen": screen} if screen else {}
    arrival = Arrival(
        id=stable_id("opened", str(enrolment.public_id), lesson, screen),
        verb=Verb.REACHED if screen else Verb.OPENED,
        activity=lesson,
        version=str(version.public_id),
        language=language,
        occurred_at=at,
        payload=payload,
    )
    record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)
    return enrolment


@transaction.atomic
def choose_track(*, user, course: Course, track: str, language: str, at: datetime) -> Enrolment:
    """Enrol a person where she is not yet, and note the group of readers that she belongs to; what is done stays done."""
    enrolment = enrol(learner=learner_of(user), course=course, country=user.country_id, at=at)
    note_track(enrolment=enrolment, country=user.country_id, track=track, language=language, at=at)
    return enrolment


def note_track(*, enrolment: Enrolment, country: str | None, track: str, language: str, at: datetime) -> None:
    """Note the group of readers of somebody who is in the course; `country` is the one whose edition she follows."""
    version = versions.newest(enrolment.course_id, country)
    arrival = Arrival(
        id=uuid.uuid4(),
        verb=Verb.TRACKED,
        version=str(version.public_id),
        language=language,
        occurred_at=at,
        payload={"track": track},
    )
    record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)


@transaction.atomic
def move_to_newest(*, enrolment: Enrolment, language: str, at: datetime) -> CourseVersion:
    """Move an enrolment to the newest edition, as an event; what was done stays done."""
    learner = enrolment.learner
    newest = versions.newest(enrolment.course_id, learner.home)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("version")
    standing = rows.get(pk=enrolment.pk).version  # after the wait: two who move her at once move her once
    if newest.pk == standing.pk:
        return newest
    record_or_raise(learner=learner, arrivals=[move_of(standing, newest, language, at)], at=at)
    return newest
