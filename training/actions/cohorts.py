"""Cohorts and their meetings: made, changed, let in by a code."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.chain import actor_id
from training import progress
from training.actions.attending import new_code
from training.actions.places import NotOffered
from training.models import Cohort, Enrolment, Event, FormerTime, Progress, Session
from training.queries import offers

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no two that are taken for each other on a board
LENGTH = 8


class NoTrainer(ValueError):
    """Raised when a cohort would have nobody who trains it, or somebody who is no trainer of its country."""

    def __init__(self):
        super().__init__(_("Choose at least one trainer of this country."))


class SessionHeld(Exception):
    """Raised when a session would be taken out that somebody attended; its list stays."""

    def __init__(self):
        super().__init__(_("Somebody was at this session: it stays in the list."))


@transaction.atomic
def make_cohort(*, course, country, trainers: Iterable, by, at: dt.datetime, **facts) -> Cohort:
    """Make a cohort of a course that is on offer in a country.

    `facts`: name, begins_on, and where they are known due_on, place, office, language_codes.
    """
    if not offers.may_begin(course.pk, country.pk, at):
        raise NotOffered(f"The course {course.key} is not on offer in {country.pk}.")
    cohort = Cohort.objects.create(course=course, country=country, made_by=actor_id(by), made_at=at, **facts)
    _set_trainers(cohort, trainers)
    record(by=by, verb="training.cohort_made", thing=cohort, at=at, country=country.pk, course=course.key)
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, trainers: Iterable, by, at: dt.datetime, **facts) -> None:
    """Change what is known of a cohort; its course and its country stay, for its members began that course there."""
    for name, value in facts.items():
        setattr(cohort, name, value)
    cohort.save(update_fields=list(facts))
    _set_trainers(cohort, trainers)
    record(by=by, verb="training.cohort_changed", thing=cohort, at=at, country=cohort.country_id, fields=sorted(facts))


def _set_trainers(cohort: Cohort, trainers: Iterable) -> None:
    wanted = list(trainers)
    if not wanted or any(not one.has_role("trainer") or one.country_id != cohort.country_id for one in wanted):
        raise NoTrainer
    cohort.trainers.set(wanted)


@transaction.atomic
def open_joining(*, cohort: Cohort, until: dt.date, by, at: dt.datetime) -> str:
    """Let officials in by a new code until the end of a day; an earlier code counts no more. Return the code."""
    cohort.join_code = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    cohort.join_until = until
    cohort.save(update_fields=["join_code", "join_until"])
    record(by=by, verb="training.joining_opened", thing=cohort, at=at, country=cohort.country_id)
    return cohort.join_code


@transaction.atomic
def close_joining(*, cohort: Cohort, by, at: dt.datetime) -> None:
    """Let nobody in by the code any more; closed already, nothing happens."""
    if cohort.join_code is None:
        return
    cohort.join_code = cohort.join_until = None
    cohort.save(update_fields=["join_code", "join_until"])
    record(by=by, verb="training.joining_closed", thing=cohort, at=at, country=cohort.country_id)


@transaction.atomic
def plan_session(*, cohort: Cohort, starts_at: dt.datetime, minutes: int, place: str, by, at: dt.datetime) -> Session:
    """Put a meeting into the timetable of a cohort, with its code; the same hour again is the same meeting."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    known = cohort.sessions.filter(starts_at=starts_at).first()
    if known:
        return known
    session = Session.objects.create(cohort=cohort, starts_at=starts_at, minutes=minutes, place=place, code=new_code())
    record(by=by, verb="training.session_planned", thing=session, at=at, country=cohort.country_id)
    return session


@transaction.atomic
def change_session(*, session: Session, starts_at: dt.datetime, minutes: int, place: str, by, at: dt.datetime) -> None:
    """Move a meeting, or change how long it is and where; its code stays, and what phones kept meanwhile counts."""
    before = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if (before.starts_at, before.minutes) != (starts_at, minutes):
        FormerTime.objects.create(session=session, starts_at=before.starts_at, minutes=before.minutes, until=at)
    session.starts_at, session.minutes, session.place = starts_at, minutes, place
    session.save(update_fields=["starts_at", "minutes", "place"])
    record(by=by, verb="training.session_changed", thing=session, at=at, country=session.cohort.country_id)


@transaction.atomic
def drop_session(*, session: Session, by, at: dt.datetime) -> None:
    """Take a meeting out of the timetable that nobody attended, or at which everybody's attendance was taken back."""
    Cohort.objects.select_for_update(no_key=True).get(pk=session.cohort_id)
    enrolments = Enrolment.objects.filter(pk__in=session.cohort.members.values("enrolment")).order_by("pk")
    list(
        enrolments.select_for_update(no_key=True).values_list("pk")
    )  # as a tick does: none comes between look and delete
    if _was_attended(session):
        raise SessionHeld
    record(by=by, verb="training.session_dropped", thing=session, at=at, country=session.cohort.country_id)
    session.delete()


def _was_attended(session: Session) -> bool:
    """Tell whether somebody is down as present; what was taken back counts no more."""
    told = Event.objects.filter(enrolment__memberships__cohort=session.cohort, verb="attended")
    people = told.filter(payload__contains=session.key).values("enrolment")
    states = Progress.objects.filter(enrolment__in=people).values_list("state", flat=True)
    return any(session.key in progress.attended(progress.read_state(state)) for state in states)
