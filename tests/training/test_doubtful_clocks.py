"""Which times are in doubt: what a phone told, and what its clock cannot be right about."""

import datetime as dt
import uuid

import pytest

from tests.training.cohorts import cohort, member, session, trainer
from tests.training.doubts import DAY, MINUTE, device, due, find, flags, late, rows, send, shown_at
from training import actions
from training.actions.events import EARLY, MOVED, OLDEST
from training.choices import How, Source
from training.models import Enrolment, Event
from training.queries.doubts import is_doubtful, sendings_visible_to

__all__ = ["cohort", "device", "due", "late", "member", "send", "session", "trainer"]


@pytest.mark.parametrize("much", [-MOVED, MOVED])
def test_a_clock_that_moved_by_more_than_ten_minutes_between_two_sendings_is_flagged(send, at, much):
    beyond = much + (MINUTE if much > dt.timedelta() else -MINUTE)
    send(0, told=at, came=at + MINUTE)
    send(1, told=at - much, came=at + 2 * MINUTE, offset=much)
    send(2, told=at - much - beyond, came=at + 3 * MINUTE, offset=much + beyond)
    send(3, told=at - much - beyond, came=at + 4 * MINUTE, offset=much + beyond)

    assert flags() == ["", "", "clock_moved", ""]


@pytest.mark.parametrize(("source", "phone"), [(Source.FORM, True), (Source.WEB, False), (Source.KEPT, True)])
def test_only_the_clock_of_the_same_phone_can_move(send, at, source, phone):
    send(0, told=at, came=at + MINUTE)
    send(1, told=at - DAY, came=at + 2 * MINUTE, offset=DAY, source=source, phone=uuid.uuid4())
    send(2, told=at - DAY, came=at + 3 * MINUTE, offset=DAY, source=source, **({} if phone else {"phone": None}))

    assert flags() == ["", "", "clock_moved" if source == Source.KEPT else ""]


def test_what_no_clock_can_be_right_about_says_nothing_of_the_next_sending(send, at):
    send(0, told=at.replace(year=1970), came=at + MINUTE)
    send(1, told=at, came=at + 2 * MINUTE)

    assert flags() == ["clock_early clock_old", ""]


def test_a_time_long_ago_is_flagged_though_the_course_was_begun_before_it(send, member, at):
    Enrolment.objects.filter(pk=member.enrolment_id).update(started_at=at - OLDEST - 9 * DAY)
    send(0, told=at - OLDEST, came=at)
    send(1, told=at - OLDEST - MINUTE, came=at)

    assert flags() == ["", "clock_old"]


def test_a_time_a_day_before_the_beginning_is_not_flagged_and_one_before_that_is(send, member, at):
    begun = Enrolment.objects.get(pk=member.enrolment_id).started_at
    send(0, told=begun - EARLY, came=at)
    send(1, told=begun - EARLY - dt.timedelta(seconds=1), came=at)

    assert flags() == ["", "clock_early"]


def test_five_minutes_ahead_is_not_flagged_and_more_is(send, at):
    send(0, told=at + 5 * MINUTE, came=at)
    send(1, told=at + 5 * MINUTE + dt.timedelta(seconds=1), came=at)

    assert flags() == ["", "clock_ahead"]


@pytest.mark.parametrize("how", [How.TRAINER, How.PAPER])
def test_what_no_clock_of_a_phone_told_is_never_in_doubt(sign_in, trainer, session, member, at, how):
    """A list of the week before somebody began is ticked from paper: no phone of hers said so."""
    Enrolment.objects.filter(pk=member.enrolment_id).update(started_at=at + 9 * DAY)

    actions.mark_attendance(session=session, members=[member], how=how, by=trainer, at=at)

    assert Event.objects.get(verb="attended").flags == ""


def test_what_was_flagged_before_though_no_phone_told_it_waits_for_nobody(trainer, member, send, at, monkeypatch):
    send(0, told=at - 9 * DAY, came=at, source=Source.FORM)
    monkeypatch.setattr("training.actions.events.PHONES", frozenset(Source))
    send(1, told=at - 9 * DAY, came=at + DAY, source=Source.FORM, phone=None)

    assert flags() == ["", "clock_early"]
    assert list(sendings_visible_to(trainer, at=at + DAY)) == []
    assert is_doubtful(member.enrolment.learner, at + DAY) == (False, False)


def test_who_judges_a_time_reads_what_the_phone_told_and_what_it_counts_as(sign_in, trainer, send, at):
    send(0, told=at, came=at)
    send(1, told=at + 3 * DAY, came=at, offset=-3 * DAY)

    (row,) = rows(sign_in(trainer))

    told, counted = (find(row, words) for words in ("Told by the clock of the phone", "It counts as"))
    assert (told, counted) == (shown_at(at + 3 * DAY), shown_at(at))
