"""Marks of a trainer's phone that are not taken: who left, which session or group is not hers, what is no mark."""

import datetime as dt
import uuid

import pytest

from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.phone_marks import codes, colleague, members, taken, told
from training import actions
from training.models import Cohort, Event

__all__ = ["cohort", "colleague", "member", "members", "session", "trainer"]


def test_who_left_before_she_was_noted_is_refused_and_who_left_after_was_there(session, members, trainer, at, later):
    for gone in members[:2]:
        actions.take_out(member=gone, by=trainer, at=later(10))
    marks = [told(session, members[0], later(11)), told(session, members[1], later(9)), told(session, members[2], at)]

    answers = taken(trainer, *marks, at=later(60))

    assert codes(answers) == [("rejected", "member_left"), ("accepted", ""), ("accepted", "")]
    assert minutes_of(members[0]) == {}


def test_a_session_that_was_dropped_and_one_that_has_not_begun(cohort, session, member, trainer, at, later):
    tomorrow = at + dt.timedelta(days=1)
    ahead = actions.plan_session(cohort=cohort, starts_at=tomorrow, minutes=60, place="", by=trainer, at=at)
    marks = [told(session, member, at), told(ahead, member, at)]
    actions.drop_session(session=session, by=trainer, at=later(1))

    answers = taken(trainer, *marks, at=later(2))

    assert codes(answers) == [("rejected", "session_gone"), ("rejected", "session_ahead")]
    assert not Event.objects.exists()


def test_what_was_ticked_before_a_session_was_moved_counts(session, member, trainer, at, later):
    mark = told(session, member, at)
    actions.change_session(session=session, starts_at=later(60 * 24), minutes=120, place="", by=trainer, at=later(1))

    assert codes(taken(trainer, mark, at=later(2))) == [("accepted", "")]
    late = told(session, member, later(2), minutes=30, known=1)
    assert codes(taken(trainer, late, at=later(3))) == [("rejected", "session_ahead")]


def test_a_group_that_is_hers_no_more_and_those_of_others(
    session, member, trainer, colleague, person, countries, cohort, at
):
    mark = told(session, member, at)
    actions.change_cohort(cohort=cohort, trainers=[colleague], by=colleague, at=at)
    strangers = [
        trainer, person("learner", country=countries["HT"]), person("trainer", country=countries["TN"]),
        person("manager", country=countries["TN"]), person("administrator"),
    ]  # fmt: skip

    answers = [codes(taken(one, mark, at=at)) for one in strangers]

    assert answers == [[("rejected", "not_your_group")]] * len(strangers)
    assert not Event.objects.exists()
    assert codes(taken(person("manager", country=countries["HT"]), mark, at=at)) == [("accepted", "")]


def test_a_group_that_never_was_is_answered_as_another_persons(session, member, trainer, at):
    unknown = told(session, member, at, cohort=str(uuid.uuid4()))

    assert codes(taken(trainer, unknown, at=at)) == [("rejected", "not_your_group")]


def test_a_member_or_session_of_another_group_is_none_of_this_one(
    cohort, session, member, trainer, course, countries, at
):
    facts = {"name": "Other", "begins_on": at.date(), "course": course, "country": countries["HT"]}
    other = actions.make_cohort(trainers=[trainer], by=trainer, at=at, **facts)
    place = {"minutes": 60, "place": "", "by": trainer, "at": at}
    elsewhere = actions.plan_session(cohort=other, starts_at=session.starts_at, **place)
    marks = [told(elsewhere, member, at), told(elsewhere, member, at, cohort=str(other.public_id))]

    assert codes(taken(trainer, *marks, at=at)) == [("rejected", "session_gone"), ("rejected", "member_left")]
    assert Cohort.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": -1}, {"minutes": 601}, {"minutes": True}, {"minutes": "60"}, {"minutes": [60]}, {"told": -1},
        {"told": None}, {"told": "0"}, {"session": "x"}, {"member": None}, {"cohort": {"x": 1}}, {"more": 1},
        {"reason": "not_there"}, {"reason": 7}, {"minutes": 0, "reason": ""}, {"minutes": 0, "reason": "x"},
        {"minutes": 0, "reason": ["not_there"]},
    ],
)  # fmt: skip
def test_an_odd_mark_is_refused_and_stops_no_other(session, members, trainer, at, change):
    odd, sound = told(session, members[0], at), told(session, members[1], at)
    odd["payload"].update(change)

    answers = taken(trainer, odd, sound, at=at)

    assert codes(answers) == [("rejected", "malformed"), ("accepted", "")]
    assert minutes_of(members[0]) == {}


@pytest.mark.parametrize("odd", [None, [], {}, {"id": "x"}, 7, "x"])
def test_what_is_no_mark_at_all_is_refused_and_stops_no_other(session, member, trainer, at, odd):
    assert codes(taken(trainer, odd, told(session, member, at), at=at)) == [
        ("rejected", "malformed"),
        ("accepted", ""),
    ]


def test_another_verb_is_no_mark(session, member, trainer, at):
    assert codes(taken(trainer, told(session, member, at, verb="voided"), at=at)) == [("rejected", "unknown_verb")]


def test_of_one_person_and_session_a_sending_holds_a_few_and_no_other_is_stopped(session, members, trainer, at):
    marks = [told(session, members[0], at, minutes=30 + place, known=place) for place in range(6)]

    answers = taken(trainer, *marks, told(session, members[1], at), at=at)

    assert [one.status for one in answers[:4]] == ["accepted"] * 4
    assert codes(answers[4:]) == [("rejected", "too_many_marks")] * 2 + [("accepted", "")]
    assert minutes_of(members[0]) == {session.key: 33}
    assert minutes_of(members[1]) == {session.key: 120}
    assert codes(taken(trainer, marks[4], at=at)) == [("accepted", "")]
