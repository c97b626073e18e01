"""Cohorts and their meetings: made, changed, let in by a code."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions import record
from accounts.chain import actor_id
from training import progress
from training.actions.attending import EARLY, new_code
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


class SessionAttended(Exception):
    """Raised when a session at which people are down as present would be moved to a time that is still to come."""

    def __init__(self, people: int):
        words = ngettext(
            "%(count)s person is down as present at this session, so it cannot be moved to a time that is still to come."
            " Take the tick back first, or plan a new session.",
            "%(count)s people are down as present at this session, so it cannot be moved to a time that is still to come."
            " Take their ticks back first, or plan a new session.",
            people,
        )
        super().__init__(words % {"count": people})


class SessionShortened(Exception):
    """Raised when a session would become shorter than people are down for, and nobody said that it shall."""

    def __init__(self, people: int, minutes: int):
        words = ngettext(
            "%(count)s person is down as present for longer than %(minutes)s minutes, and would count for %(minutes)s minutes"
            " only. Tick “It was shorter” if that is right, or enter more minutes.",
            "%(count)s people are down as present for longer than %(minutes)s minutes, and would count for %(minutes)s"
            " minutes only. Tick “It was shorter” if that is right, or enter more minutes.",
            people,
        )
        super().__init__(words % {"count": people, "minutes": minutes})


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
def change_session(
    *, session: Session, starts_at: dt.datetime, minutes: int, place: str, by, at: dt.datetime, shorten: bool = False
) -> None:
    """Move a meeting, or change how long it is and where; its code stays, and what phones kept meanwhile counts.

    One at which people are down as present is moved to no time that is still to come, and becomes shorter than they are
    down for only where that is said: `shorten`.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=session.cohort_id)
    before = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if (before.starts_at, before.minutes) != (starts_at, minutes):
        there = _minutes_there(before)
        if there and before.starts_at != starts_at and at < starts_at - EARLY:
            raise SessionAttended(len(there))
        longer = [lasted for lasted in there if lasted > minutes]
        if longer and not shorten:
            raise SessionShortened(len(longer), minutes)
        FormerTime.objects.create(session=session, starts_at=before.starts_at, minutes=before.minutes, until=at)
    session.starts_at, session.minutes, session.place = starts_at, minutes, place
    session.save(update_fields=["starts_at", "minutes", "place"])
    record(by=by, verb="training.session_changed", thing=session, at=at, country=session.cohort.country_id)


@transaction.atomic
def drop_session(*, session: Session, by, at: dt.datetime) -> None:
    """Take a meeting out of the timetable that nobody attended, or at which everybody's attendance was taken back."""
    Cohort.objects.select_for_update(no_key=True).get(pk=session.cohort_id)
    if _minutes_there(session):
        raise SessionHeld
    record(by=by, verb="training.session_dropped", thing=session, at=at, country=session.cohort.country_id)
    session.delete()


def _minutes_there(session: Session) -> list[int]:
    """Return for how many minutes each person counts as present; what was taken back counts no more.

    Their enrolments are locked as a tick locks them: none comes between this look and what is done then.
    """
    enrolments = Enrolment.objects.filter(pk__in=session.cohort.members.values("enrolment")).order_by("pk")
    list(enrolments.select_for_update(no_key=True).values_list("pk"))
    told = Event.objects.filter(enrolment__memberships__cohort=session.cohort, verb="attended")
    people = told.filter(payload__contains=session.key).values("enrolment")
    states = Progress.objects.filter(enrolment__in=people).values_list("state", flat=True)
    lasted = [progress.attended(progress.read_state(state)).get(session.key) for state in states]
    return [min(minutes, session.minutes) for minutes in lasted if minutes is not None]
