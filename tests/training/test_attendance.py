"""Attendance by the trainer and on paper: once a person and session, taken back by name, many at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, sent, session, trainer, typed
from training import actions, progress
from training.choices import How, Road, VoidReason
from training.models import Event, Progress, Session

__all__ = ["cohort", "member", "session", "trainer"]


def test_two_ways_of_seeing_are_one_attendance_and_the_longer_counts(session, member, official, trainer, at):
    marked = [
        actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at, minutes=60),
        actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at),
        actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at),
        actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at, minutes=60),
    ]
    by_phone = sent(official, typed(session, official, session.code, at), at=at)

    assert marked == [1, 1, 0, 0]
    assert by_phone == [("accepted", "")]
    assert minutes_of(member) == {str(session.public_id): 120}
    rows = Event.objects.filter(verb="attended").values_list("source", "by").order_by("source")
    assert list(rows) == [("paper", str(trainer.public_id)), ("sheet", str(trainer.public_id)), ("web", "")]


def test_a_wrong_tick_is_taken_back_by_name_and_may_be_set_again(session, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    assert minutes_of(member) == {}
    with pytest.raises(actions.NotPresent):
        actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    assert minutes_of(member) == {str(session.public_id): 120}
    entry = AuditEntry.objects.get(verb="training.attendance_voided")
    assert entry.actor == str(trainer.public_id)
    assert list(actions.differences()) == []


def test_nobody_is_ticked_before_a_session(cohort, member, trainer, at):
    tomorrow = at + dt.timedelta(days=1)
    ahead = actions.plan_session(cohort=cohort, starts_at=tomorrow, minutes=60, place="", by=trainer, at=at)

    with pytest.raises(actions.SessionAhead):
        actions.mark_attendance(session=ahead, members=[member], how=How.TRAINER, by=trainer, at=at)

    assert not Event.objects.exists()


def test_a_session_that_was_attended_stays_in_the_timetable(session, cohort, member, trainer, at):
    empty = actions.plan_session(
        cohort=cohort, starts_at=at + dt.timedelta(days=3), minutes=60, place="", by=trainer, at=at
    )
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    actions.drop_session(session=empty, by=trainer, at=at)

    with pytest.raises(actions.SessionHeld):
        actions.drop_session(session=session, by=trainer, at=at)
    assert list(cohort.sessions.all()) == [session]


def test_a_session_at_which_a_wrong_tick_was_taken_back_may_be_dropped(session, cohort, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    actions.drop_session(session=session, by=trainer, at=at)

    assert not cohort.sessions.exists()


def test_many_are_ticked_in_as_many_queries_as_one(cohort, session, person, countries, trainer, at):
    people = [person("learner", country=countries["HT"]) for _place in range(41)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    members = list(cohort.members.all())
    asked = []
    for some in (members[:1], members[1:]):
        with CaptureQueriesContext(connection) as captured:
            assert actions.mark_attendance(session=session, members=some, how=How.TRAINER, by=trainer, at=at) == len(
                some
            )
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 18
    assert {tuple(minutes_of(member).values()) for member in members} == {(session.minutes,)}
    rows = Progress.objects.filter(enrolment__memberships__in=members)
    assert all(row.sha256 == progress.digest(row.state) for row in rows)
    assert list(actions.differences()) == []


def test_a_tick_that_comes_as_a_session_is_dropped_is_refused(session, member, trainer, at):
    seen = Session.objects.get(pk=session.pk)
    actions.drop_session(session=session, by=trainer, at=at)

    with pytest.raises(actions.NotTaken):
        actions.mark_attendance(session=seen, members=[member], how=How.TRAINER, by=trainer, at=at)
    assert not Event.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_a_tick_is_taken_back_from_what_stands_after_the_wait(session, member, trainer, at):
    """PostgreSQL reads what is joined as it stood before the wait: a statement that locks reads no progress."""
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    with CaptureQueriesContext(connection) as captured:
        actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    locking = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    assert locking
    assert [sql for sql in locking if "training_progress" in sql] == []
