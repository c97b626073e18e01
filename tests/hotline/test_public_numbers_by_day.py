"""The public number of a line as days pass: midnight, holidays, workers that tell the hours."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as people
from accounts.models import AuditEntry
from hotline import actions, queries, tasks
from hotline.actions import lines
from hotline.models import Line
from tests.hotline.public import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MIDNIGHT = dt.datetime(2026, 11, 26, 0, 0, tzinfo=dt.UTC)  # also Liberia's


def test_midnight_is_told_by_the_worker_and_only_what_changed_is_written(line, public, at):
    lines.set_exception(line=line, day=MIDNIGHT.date(), spans=[], note="", by="test", at=at)
    written = AuditEntry.objects.filter(verb="country.number_kept").count()

    done = [tasks.tell_hours(MIDNIGHT + dt.timedelta(seconds=seconds)) for seconds in (-1, 0, 1, 60)]
    words = told(public)[1]
    after = tasks.tell_hours(MIDNIGHT + dt.timedelta(days=1))

    assert (done, after) == ([0, 1, 0, 0], 1)
    assert words == "Closed today, open again on Friday 27 November at 00:00"
    assert told(public)[1] == "Every day, all day and night"
    assert AuditEntry.objects.filter(verb="country.number_kept").count() == written + 2


def test_midnight_is_that_of_the_country(line, public, at):
    line.country.time_zone = "Asia/Dhaka"
    line.country.save()
    lines.set_exception(line=line, day=MIDNIGHT.date(), spans=[], note="", by="test", at=at)

    done = [tasks.tell_hours(MIDNIGHT - dt.timedelta(hours=hours)) for hours in (7, 6, 5)]

    assert done == [0, 1, 0]


def test_worker_looks_once_a_minute(line, public, at, django_assert_num_queries):
    tasks.tell_hours(at)

    with django_assert_num_queries(1):
        assert tasks.tell_hours(at + dt.timedelta(seconds=20)) == 0


def test_a_country_that_meets_what_nobody_foresaw_stops_no_other_and_waits_a_minute(line, public, at, monkeypatch):
    lines.set_exception(line=line, day=MIDNIGHT.date(), spans=[], note="", by="test", at=at)
    keep, asked = actions.keep_public_numbers, []

    def fails_for_the_first(*, country, **told):
        asked.append(country)
        if country == "HT":
            raise ValueError("odd")
        return keep(country=country, **told)

    monkeypatch.setattr(actions, "countries_to_tell", lambda at: ["HT", "LR"])
    monkeypatch.setattr(actions, "keep_public_numbers", fails_for_the_first)

    assert [tasks.tell_hours(MIDNIGHT + dt.timedelta(seconds=second)) for second in (0, 1)] == [1, 0]

    assert asked == ["HT", "LR"]


def test_second_of_two_workers_writes_nothing(line, public, at):
    """Both saw that there is something to tell; each reads anew once the numbers are held."""
    lines.set_exception(line=line, day=MIDNIGHT.date(), spans=[], note="", by="test", at=at)
    seen = [actions.countries_to_tell(MIDNIGHT) for _worker in range(2)]

    done = [actions.keep_public_numbers(country="LR", by="worker", at=MIDNIGHT) for _worker in range(2)]

    assert (seen, done) == ([["LR"], ["LR"]], [1, 0])


def test_numbers_are_held_before_lines_and_numbers_are_read(line, public, at):
    """PostgreSQL lets the second writer wait here, and shows it then what the first one stored."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one writer in at a time.")

    with CaptureQueriesContext(connection) as caught:
        actions.keep_public_numbers(country="LR", by="worker", at=at)

    said = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert "FOR NO KEY UPDATE" in said[0]
    assert '"accounts_country"' in said[0]
    assert any("hotline_line" in words for words in said[1:])


def test_worker_that_remembers_the_line_as_it_was_does_not_bring_that_back(line, public, at, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    queries.line_of("LR", at)
    Line.objects.update(is_free=False)

    tasks.tell_hours(at)

    assert queries.line_of("LR", at).is_free is True
    assert told(public)[0] is False


def test_holiday_is_told_at_once(line, public, at, now):
    holiday = people.add_holiday(country=line.country, day=at.date(), name="Day", by="test", at=at)
    closed = told(public)[1]

    people.remove_holiday(holiday=holiday, by="test", at=at)

    assert closed == "Closed today, open again on Thursday 26 November at 00:00"
    assert told(public)[1] == "Every day, all day and night"
