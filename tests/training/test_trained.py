"""Whose certificate stands, at an instant or through a time: one rule, which the report of readiness and the roster share."""

import datetime as dt
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.training.finishing import finish
from tests.training.trained import CURRENT, DUE, LAPSED, rows, trained
from training import actions, queries
from training.choices import WithdrawalReason
from training.models import Certificate, TrainedSpan
from training.queries.trained import Certified, Stretch, holding

__all__ = ["trained"]
HOUR = dt.timedelta(hours=1)


def hours(at, *spans):
    """Stretches as told: (state, begins, ends), in hours from an instant."""
    return Certified(
        {(1, 2): [Stretch(state, at + HOUR * begins, None if ends is None else at + HOUR * ends) for state, begins, ends in spans]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spans", "state"),
    [
        ([("current", -9, None)], "current"),
        ([("current", 0, 8)], "current"),
        ([("current", -9, 7)], ""),
        ([("current", 1, None)], ""),
        ([("current", -9, 7), ("lapsed", 7, None)], "lapsed"),
        ([("current", -9, 7), ("refresher_due", 7, 99)], "refresher_due"),
        ([("refresher_due", -9, 4), ("current", 4, None)], "refresher_due"),
        ([("current", -9, 4), ("current", 4, None)], "current"),
        ([("current", -9, 3), ("current", 4, None)], ""),
        ([("lapsed", -9, 0), ("current", 0, None)], "current"),
        ([("current", -9, 8), ("lapsed", 8, None)], "current"),
        ([("lapsed", -9, -1)], ""),
        ([], ""),
    ],
)
def test_the_worst_of_a_time_counts_and_a_gap_is_none(at, spans, state):
    assert hours(at, *spans).state(1, 2, at, at + HOUR * 8) == state


def test_another_course_and_another_person_are_not_hers(at):
    held = hours(at, ("current", -9, None))

    assert held.state(9, 2, at, at + HOUR) == held.state(1, 9, at, at + HOUR) == ""
    assert (held.holders(1), held.holders(9)) == (1, 0)


def test_at_any_instant_it_says_what_the_report_of_readiness_counts(office, trained, manager, course, at):
    people = trained(office("Court A"), CURRENT, CURRENT, ("current", "ht", 60), DUE, LAPSED, untrained=6)
    (row,) = rows(manager, at)

    held = queries.certified([user.pk for user in people], at, at + HOUR)

    states = [held.state(course.pk, user.pk, at, at + HOUR) for user in people]
    told = {state: states.count(state) for state in ("current", "refresher_due", "lapsed")}
    assert told == {"current": 3, "refresher_due": 1, "lapsed": 1}
    assert (row.numbers.current, row.numbers.refresher_due, row.numbers.lapsed) == tuple(told.values())


def test_a_withdrawn_certificate_counts_for_nothing_from_then_on(official, course, manager, at, later):
    finish(official, course, at)
    one = Certificate.objects.get(kind="achievement")
    other = Certificate.objects.get(kind="completion")
    for certificate in (one, other):
        actions.withdraw_certificate(
            certificate=certificate, by=manager, reason=WithdrawalReason.IN_ERROR, words="", at=later(60)
        )
    actions.fill_due_spans(at=later(61))

    held = queries.certified([official.pk], at, later(300))

    def state(since, until):
        return held.state(course.pk, official.pk, later(since), later(until))

    assert (state(0, 60), state(0, 61), state(60, 120)) == ("current", "", "")


def test_what_ends_at_an_instant_holds_no_more_and_what_begins_then_does(office, trained, at):
    (user,) = trained(office("Court A"), ("current", "fr", 5))
    ends = at + dt.timedelta(days=5)

    def states(since, until=None):
        return set(holding(since, until).filter(user=user).values_list("state", flat=True))

    assert states(ends - dt.timedelta(microseconds=1)) == {"current"}
    assert states(ends) == {"lapsed"}
    assert states(ends - HOUR, ends) == {"current", "lapsed"}


def test_it_is_one_query_however_many_people(office, trained, at):
    people = trained(office("Court A"), *itertools.repeat(CURRENT, 5))
    asked = []
    for group in (people[:1], people):
        with CaptureQueriesContext(connection) as captured:
            queries.certified([user.pk for user in group], at, at + HOUR)
        asked.append(len(captured))

    assert (asked, TrainedSpan.objects.count()) == ([1, 1], 5)
