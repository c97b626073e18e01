"""A session at which people are down as present is not moved to a day to come, nor made shorter without a word."""

import datetime as dt

import pytest

from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.group_pages import clock, of_session, shown, trains, words
from training import actions
from training.choices import How, VoidReason

__all__ = ["clock", "cohort", "member", "session", "trainer", "trains"]
# The session began at four in the morning of 25 November by the clock of Haiti; it is five there now.
AS_IT_IS = {"day": "2026-11-25", "time": "04:00", "minutes": "120", "place": "Room 2"}


@pytest.fixture
def held(session, member, trainer, at):
    """The session, at which the official was for 120 minutes."""
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    return session


def change(client, session, **more):
    return client.post(of_session(session, "change_session"), AS_IT_IS | more)


def facts_of(session):
    session.refresh_from_db()
    return session.starts_at, session.minutes, session.former_times.count()


@pytest.mark.parametrize("time", [{"day": "2026-12-20"}, {"day": "2026-11-26"}, {"time": "05:31"}])
def test_it_is_not_moved_to_a_time_to_come_and_the_form_says_what_to_do(trains, held, time):
    before = facts_of(held)

    answer = change(trains, held, **time)

    assert answer.status_code == 422
    assert "1 person is down as present at this session, so it cannot be moved to a time that is still to come." in (
        words(answer)
    )
    assert "Take the tick back first, or plan a new session." in words(answer)
    assert shown(answer).select_one("#id_day")["aria-invalid"] == "true"
    assert facts_of(held) == before


@pytest.mark.parametrize("time", [{"day": "2026-11-24"}, {"time": "02:15"}, {"time": "05:30"}])
def test_it_is_moved_to_when_it_was(trains, held, time):
    """Also half an hour ahead, when people are ticked as they come in."""
    assert change(trains, held, **time).status_code == 302
    assert facts_of(held)[2] == 1


def test_it_is_moved_once_the_ticks_are_taken_back(trains, held, member, trainer, at):
    actions.take_back(session=held, member=member, reason=VoidReason.WRONG_SESSION, by=trainer, at=at)

    assert change(trains, held, day="2026-12-20").status_code == 302
    assert facts_of(held)[0].day == 20


def test_it_becomes_shorter_only_once_that_was_said(trains, held, member):
    first = change(trains, held, minutes="30")
    assert first.status_code == 422
    assert "1 person is down as present for longer than 30 minutes, and would count for 30 minutes only." in words(
        first
    )
    assert shown(first).select_one("input[name=shorten]") is not None
    assert facts_of(held)[1] == 120

    assert change(trains, held, minutes="30", shorten="on").status_code == 302

    assert facts_of(held)[1] == 30
    page = words(trains.get(of_session(held)))
    assert "1 of 1" in page
    assert "30 minutes" in page


def test_nobody_is_asked_who_shortens_below_nobodys_minutes(trains, session, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at, minutes=45)
    form = trains.get(of_session(session, "change_session"))

    assert shown(form).select_one("input[name=shorten]") is None
    assert change(trains, session, minutes="60").status_code == 302
    assert change(trains, session, minutes="45").status_code == 302
    assert change(trains, session, minutes="44").status_code == 422
    assert minutes_of(member) == {session.key: 45}


def test_what_was_shortened_with_a_word_is_judged_by_the_length_that_it_has(trains, held, member):
    change(trains, held, minutes="60", shorten="on")

    again = change(trains, held, minutes="60", place="Room 3")

    assert again.status_code == 302
    assert change(trains, held, minutes="50").status_code == 422
    assert change(trains, held, minutes="90").status_code == 302  # longer than it is, though shorter than it was


def test_place_and_length_are_changed_whatever_time_it_is(trains, held, member, at, trainer):
    """Codes that phones kept may bring people into a session that was moved ahead meanwhile; its place is no time."""
    type(held).objects.filter(pk=held.pk).update(starts_at=dt.datetime(2026, 12, 20, 9, 0, tzinfo=dt.UTC))

    assert change(trains, held, day="2026-12-20", minutes="180", place="Room 9").status_code == 302

    held.refresh_from_db()
    assert held.place == "Room 9"


def test_one_that_nobody_attended_is_moved_and_shortened_freely(trains, session, member):
    assert change(trains, session, day="2026-12-20", minutes="30").status_code == 302
    assert facts_of(session)[1:] == (30, 1)
