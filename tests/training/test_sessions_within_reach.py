"""A session is planned on a day on which its group is together: not before its first day, nor out of all reach."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.training.cohorts import cohort, session, trainer
from tests.training.group_pages import clock, of_session, trains, words

__all__ = ["clock", "cohort", "session", "trainer", "trains"]
BEFORE = "The group begins on 18 November 2026. Choose this day or a later one, or let the group begin earlier."
LATEST = "A session of this group can be on %s at the latest. Choose an earlier day"


def plan(client, cohort, day):
    given = {"day": day, "time": "09:00", "minutes": "60", "place": ""}
    return client.post(reverse("training:new_session", args=[cohort.public_id]), given)


@pytest.fixture
def due(cohort):
    """A function that gives the group, which began on 18 November, a deadline."""

    def give(day):
        cohort.due_on = day
        cohort.save()
        return cohort

    return give


@pytest.mark.parametrize("day", ["2020-01-01", "2026-11-17"])
def test_no_session_is_before_the_first_day_of_its_group(trains, cohort, day):
    answer = plan(trains, cohort, day)

    assert answer.status_code == 422
    assert BEFORE in words(answer)
    assert not cohort.sessions.exists()


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (None, dt.date(2027, 11, 25)),  # a year from today
        (dt.date(2026, 12, 20), dt.date(2027, 3, 20)),
        (dt.date(2026, 11, 20), dt.date(2027, 2, 23)),  # over: ninety days from today
    ],
)
def test_no_session_is_out_of_reach(trains, due, deadline, last):
    group = due(deadline)

    beyond = plan(trains, group, last + dt.timedelta(days=1))

    assert beyond.status_code == 422
    assert LATEST % f"{last.day} {last:%B %Y}" in words(beyond)
    assert ("or give the group a later deadline first" in words(beyond)) is (deadline is not None)
    assert plan(trains, group, last).status_code == 302
    assert group.sessions.count() == 1


def test_a_group_without_a_deadline_that_begins_next_year_meets_in_its_first_year(trains, cohort):
    cohort.begins_on = dt.date(2028, 1, 10)
    cohort.save()

    assert plan(trains, cohort, "2028-01-10").status_code == 302
    assert plan(trains, cohort, "2029-01-10").status_code == 422


def test_the_first_day_itself_is_by_the_clock_of_the_country(trains, cohort):
    assert plan(trains, cohort, "2026-11-18").status_code == 302


def test_a_session_is_moved_within_the_same_days(trains, session):
    given = {"time": "09:00", "minutes": "120", "place": ""}

    answers = [
        trains.post(of_session(session, "change_session"), given | {"day": day})
        for day in ("2026-11-17", "2027-11-26", "2026-11-18")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert BEFORE in words(answers[0])


def test_a_day_that_stands_may_stand(trains, session):
    """A session from before there was such a rule is given another room all the same."""
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.datetime(2020, 1, 1, 14, 0, tzinfo=dt.UTC))
    given = {"day": "2020-01-01", "time": "09:00", "minutes": "120", "place": "Room 9"}

    assert trains.post(of_session(session, "change_session"), given).status_code == 302

    session.refresh_from_db()
    assert session.place == "Room 9"


def change(client, cohort, trainer, day):
    given = {"name": "Clerks", "begins_on": day, "trainers": [trainer.pk], "languages": ["fr"]}
    return client.post(reverse("training:change_cohort", args=[cohort.public_id]), given)


def test_a_group_does_not_begin_after_it_has_met(trains, cohort, session, trainer):
    late, then = change(trains, cohort, trainer, "2026-11-26"), change(trains, cohort, trainer, "2026-11-25")

    assert (late.status_code, then.status_code) == (422, 302)
    told = "The first session of the group is on 25 November 2026. Choose this day or an earlier one."
    assert told in words(late)


def test_a_first_day_that_stands_may_stand(trains, cohort, session, trainer):
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.datetime(2020, 1, 1, 14, 0, tzinfo=dt.UTC))

    assert change(trains, cohort, trainer, "2026-11-18").status_code == 302
