"""When a trainer's mark was made: the clock of her phone may be wrong when it keeps the list, when she ticks, when it sends."""

import datetime as dt

import pytest

from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.phone_marks import DEVICE, codes, told
from training import actions
from training.actions.arriving import arrival_of
from training.choices import Reason
from training.models import Event

__all__ = ["cohort", "member", "session", "trainer"]
HOUR, DAYS = dt.timedelta(hours=1), dt.timedelta(days=2)
NONE = dt.timedelta(0)


@pytest.fixture
def send(session, member, trainer):
    """send(kept, ticked, at, off): send a tick whose phone was off by three amounts of time when it kept, ticked and sent."""

    def _send(kept_at, ticked_at, at, off, **changes):
        when_kept, when_ticked, when_sent = off
        clock = {"offset": -when_kept // dt.timedelta(milliseconds=1), "since": kept_at.isoformat()}
        mark = told(session, member, ticked_at + when_ticked, **(clock | changes))
        offset = -when_sent // dt.timedelta(milliseconds=1)
        return actions.take_marks(arrivals=[arrival_of(mark, DEVICE)], by=trainer, at=at, offset_ms=offset)

    return _send


@pytest.mark.parametrize(
    "off",
    [
        (NONE, NONE, NONE), (-DAYS, -DAYS, NONE), (DAYS, DAYS, NONE), (NONE, -DAYS, -DAYS), (NONE, DAYS, DAYS),
        (-DAYS, -DAYS, -DAYS), (DAYS, DAYS, DAYS), (-DAYS, NONE, NONE), (DAYS, NONE, NONE), (-DAYS, -DAYS, DAYS),
        (NONE, -dt.timedelta(days=20_000), -dt.timedelta(days=20_000)),
    ],
)  # fmt: skip
def test_a_tick_counts_at_its_true_time_where_one_of_the_clocks_leads_there(send, session, member, at, off):
    answers = send(at - HOUR, at, at + HOUR, off)

    assert codes(answers) == [("accepted", "")]
    assert Event.objects.get(pk=answers[0].id).occurred_at == at
    assert minutes_of(member) == {session.key: 120}


@pytest.mark.parametrize("ticked", [-DAYS, DAYS, -dt.timedelta(days=20_000)])
def test_a_clock_that_was_wrong_only_when_it_was_ticked_counts_by_the_arrival(send, at, ticked):
    answers = send(at - HOUR, at, at + HOUR, (NONE, ticked, NONE))

    assert codes(answers) == [("accepted", "")]
    assert Event.objects.get(pk=answers[0].id).occurred_at == at + HOUR


def test_of_two_times_that_can_be_the_later_one_decides_whether_the_session_had_begun(send, session, at):
    """Kept days before: that the clock fell back after is not seen in the mark alone."""
    answers = send(session.starts_at - 5 * DAYS, session.starts_at, at, (NONE, -DAYS, -DAYS))

    assert codes(answers) == [("accepted", "")]


def test_a_clock_that_is_a_little_fast_writes_nothing_that_is_to_come(send, at):
    """So far a clock drifts: the mark counts, at the moment when it arrived."""
    fast = dt.timedelta(minutes=4)

    answers = send(at - HOUR, at, at, (NONE, fast, NONE))

    event = Event.objects.get(pk=answers[0].id)
    assert codes(answers) == [("accepted", "")]
    assert (event.occurred_at, event.received_at) == (at, at)


def test_a_clock_that_is_a_little_fast_opens_no_session_before_its_time(send, session):
    fast, opens = dt.timedelta(minutes=4), session.starts_at - actions.EARLY
    early = opens - dt.timedelta(minutes=2)

    assert codes(send(early - HOUR, early, early, (NONE, fast, NONE))) == [("rejected", Reason.SESSION_AHEAD)]
    assert codes(send(early - HOUR, opens, opens, (NONE, fast, NONE))) == [("accepted", "")]


def test_of_two_times_that_can_be_the_one_that_is_written_decides_whether_she_had_left(
    send, session, member, trainer, at
):
    """In doubt she was there: nothing is written of her after she left, and nothing is refused that may have been before."""
    kept = session.starts_at - 5 * DAYS
    actions.take_out(member=member, by=trainer, at=at - DAYS / 2)

    answers = send(kept, at, at + HOUR, (NONE, -DAYS, -DAYS))
    late = send(kept, at, at + HOUR, (NONE, -DAYS / 4, -DAYS / 4), minutes=30, told=1)

    assert codes([*answers, *late]) == [("accepted", ""), ("rejected", Reason.MEMBER_LEFT)]
    assert Event.objects.get(pk=answers[0].id).occurred_at == at - DAYS


def test_what_was_ticked_before_the_session_is_refused_by_whatever_clock(send, session, at):
    early = session.starts_at - 3 * HOUR
    for off in ((NONE, NONE, NONE), (-DAYS, -DAYS, NONE), (DAYS, DAYS, DAYS)):
        answers = send(early - HOUR, early, at, off)
        assert codes(answers) == [("rejected", Reason.SESSION_AHEAD)]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"offset": None}, {"offset": "0"}, {"offset": True}, {"offset": 10**13}, {"offset": 1.5}, {"since": None},
        {"since": "now"}, {"since": 7}, {"since": ["x"]}, {"since": "2026-11-25T10:00:00"},
    ],
)  # fmt: skip
def test_a_clock_that_cannot_be_read_is_refused(send, at, odd):
    [answer] = send(at, at, at, (NONE, NONE, NONE), **odd)

    assert (answer.status, answer.reason) == ("rejected", Reason.MALFORMED)


def test_half_of_a_clock_is_refused(session, member, trainer, at):
    for half in ({"offset": 0}, {"since": at.isoformat()}):
        mark = arrival_of(told(session, member, at, **half), DEVICE)
        assert codes(actions.take_marks(arrivals=[mark], by=trainer, at=at)) == [("rejected", Reason.MALFORMED)]
