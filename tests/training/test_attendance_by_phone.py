"""Attendance by the code on the board: what a phone is believed, with a network and days later."""

import datetime as dt
import uuid

import pytest

from tests.training.cohorts import cohort, member, minutes_of, sent, session, trainer, typed
from training import actions, queries
from training.models import Event, RefusedEvent

__all__ = ["cohort", "member", "session", "trainer"]


def test_a_phone_is_believed_with_the_code_and_in_its_time(session, member, official, later):
    now = later(0)
    replies = {
        "wrong_code": typed(session, official, "000000" if session.code != "000000" else "1", now),
        "session_ahead": typed(session, official, session.code, session.starts_at - dt.timedelta(minutes=31)),
        "": typed(session, official, session.code, session.starts_at - dt.timedelta(minutes=29)),
    }

    got = {reason: sent(official, arrival, at=now)[0][1] for reason, arrival in replies.items()}
    over = sent(official, typed(session, official, session.code, later(91)), at=later(91))

    assert got == {reason: reason for reason in replies}
    assert over == [("rejected", "session_over")]
    assert RefusedEvent.objects.filter(reason="wrong_code").count() == 1


def test_digits_of_another_script_are_the_code_too(session, member, official, at):
    arabic = session.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert sent(official, typed(session, official, arabic, at), at=at) == [("accepted", "")]


@pytest.mark.parametrize(
    "shape", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}", "{0}\u2011{1}", "\u200e{0} {1}\u200e", "{0}\t{1}\n"]
)
def test_the_code_counts_with_the_gap_in_which_the_board_shows_it(session, member, official, at, shape):
    code = shape.format(session.code[:3], session.code[3:])

    assert sent(official, typed(session, official, code, at), at=at) == [("accepted", "")]


def test_arabic_digits_count_with_a_gap_too(session, member, official, at):
    arabic = session.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    outcome = actions.attend_by_code(
        user=official, session=session.public_id, code=f"{arabic[:3]} {arabic[3:]}", at=at
    )

    assert outcome.status == "accepted"


def test_a_phone_without_a_network_sends_days_later_and_twice(session, member, official, at, later):
    arrival = typed(session, official, session.code, at)
    days = later(60 * 24 * 5)

    first, again = sent(official, arrival, at=days), sent(official, arrival, at=later(60 * 24 * 30))

    assert (first, again) == ([("accepted", "")], [("duplicate", "")])
    late = typed(session, official, session.code, at)
    assert sent(official, late, at=later(60 * 24 * 15)) == [("rejected", "session_over")]


@pytest.mark.parametrize(("minutes", "reply"), [(60, ("accepted", "")), (200, ("rejected", "session_over"))])
def test_a_code_that_no_clock_places_was_typed_on_its_arrival(session, member, official, later, minutes, reply):
    arrival = typed(session, official, session.code, dt.datetime(1970, 1, 1, tzinfo=dt.UTC))

    assert sent(official, arrival, at=later(minutes)) == [reply]


def test_a_code_is_tried_five_times(session, member, official, at):
    wrong = "000000" if session.code != "000000" else "111111"
    replies = [sent(official, typed(session, official, wrong, at), at=at)[0][1] for _try in range(5)]

    replies += sent(official, typed(session, official, session.code, at), at=at)[0][1:]

    assert replies == ["wrong_code"] * 5 + ["too_many_tries"]
    assert minutes_of(member) == {}


def test_who_is_not_in_the_cohort_is_not_at_its_session(session, official, enrolment, at):
    assert sent(official, typed(session, official, session.code, at), at=at) == [("rejected", "unknown_session")]


def test_who_has_left_sends_no_code(session, member, official, trainer, at, later):
    actions.take_out(member=member, by=trainer, at=at)

    by_phone = sent(official, typed(session, official, session.code, later(1)), at=later(1))
    by_form = actions.attend_by_code(user=official, session=session.public_id, code=session.code, at=later(1))

    assert by_phone == [("rejected", "unknown_session")]
    assert (by_form.status, str(by_form.reason)) == ("rejected", "unknown_session")
    assert minutes_of(member) == {}


def test_who_is_taken_out_before_her_phone_sends_was_there(session, member, official, trainer, at, later):
    actions.take_out(member=member, by=trainer, at=later(60))

    assert sent(official, typed(session, official, session.code, at), at=later(120)) == [("accepted", "")]
    assert minutes_of(member) == {str(session.public_id): 120}


def test_a_session_that_became_shorter_counts_with_its_own_minutes(session, cohort, member, official, trainer, at):
    arrival = typed(session, official, session.code, at)
    actions.change_session(session=session, starts_at=session.starts_at, minutes=90, place="", by=trainer, at=at)

    replies = [sent(official, arrival, at=at) for _time in range(2)]

    assert replies == [[("accepted", "")], [("duplicate", "")]]
    view = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)
    assert view.lines[0].minutes == {session.key: 90}


@pytest.fixture
def moved(session, trainer, later):
    """The session, moved from nine to twenty past three, five minutes after ten."""
    facts = {"minutes": session.minutes, "place": "", "by": trainer}
    actions.change_session(session=session, starts_at=later(320), at=later(5), **facts)
    return session


@pytest.mark.parametrize(
    ("typed_at", "sent_at", "code", "answer"),
    [
        (0, 400, "", ("accepted", "")),  # while it was still at nine
        (4, 60 * 24 * 13, "", ("accepted", "")),
        (0, 60 * 24 * 15, "", ("rejected", "session_over")),  # two weeks after its end, by either time
        (6, 400, "", ("rejected", "session_ahead")),  # after it was moved
        (0, 400, "000000", ("rejected", "wrong_code")),
        (330, 400, "", ("accepted", "")),
    ],
)
def test_what_a_phone_kept_before_a_session_was_moved_counts_by_the_time_of_then(
    moved, member, official, later, typed_at, sent_at, code, answer
):
    arrival = typed(moved, official, code or moved.code, later(typed_at))

    assert sent(official, arrival, at=later(sent_at)) == [answer]


@pytest.mark.parametrize(
    "change",
    [
        {"how": "trainer"},
        {"minutes": 1441},
        {"minutes": 0},
        {"minutes": True},
        {"session": "x"},
        {"code": 7},
        {"more": 1},
    ],
)
def test_an_odd_payload_is_refused(session, member, official, at, change):
    arrival = typed(session, official, session.code, at)
    arrival.payload.update(change)

    assert sent(official, arrival, at=at) == [("rejected", "payload_invalid")]


def test_a_learner_does_not_tick_herself_as_her_trainer_does(session, member, official, at):
    arrival = typed(session, official, session.code, at)
    arrival.payload["how"] = "trainer"
    del arrival.payload["code"]

    assert sent(official, arrival, at=at) == [("rejected", "payload_invalid")]


def test_a_form_with_the_code_counts_once(session, member, official, at):
    first = actions.attend_by_code(user=official, session=session.public_id, code=session.code, at=at)
    again = actions.attend_by_code(user=official, session=session.public_id, code="whatever", at=at)

    assert (first.status, again.status) == ("accepted", "duplicate")
    assert Event.objects.filter(verb="attended").count() == 1
    stranger = actions.attend_by_code(user=official, session=uuid.uuid4(), code=session.code, at=at)
    assert str(stranger.reason) == "unknown_session"
