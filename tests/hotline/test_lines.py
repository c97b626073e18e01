"""Lines in memory: whole for every thread at any moment, kept when the database is away, days that differ."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from hotline import queries
from hotline.actions import lines
from hotline.ivr.faults import _walked
from hotline.models import Line
from hotline.queries import lines as known

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_each_time(monkeypatch):
    """Let each look at the lines be one after their time was over."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", -1.0)


@pytest.mark.usefixtures("read_each_time")
def test_reader_who_came_before_a_new_reading_keeps_a_whole_memory(line):
    """Four threads share the memory: what one holds stays as it was while another reads anew."""
    held = known.memory()

    fresh = known.memory()

    assert fresh is not held
    assert known.last_known() is fresh
    assert held.lines["2883"].name == held.by_id[line.pk].name == line.name
    assert held.words
    assert held.read_at


@pytest.mark.usefixtures("read_each_time")
def test_memory_is_whole_while_it_is_read_anew(line, monkeypatch):
    known.memory()
    seen, real = [], known._read

    def read():
        fresh = real()
        seen.append(known.last_known())
        return fresh

    monkeypatch.setattr("hotline.queries.lines._read", read)
    known.memory()

    assert seen[0].by_id[line.pk].number == "2883"


def test_is_open_answers_while_another_thread_judges_another_minute(line, at):
    class Cleared(dict):
        """Minutes as a thread meets them whose neighbour forgets them right after it wrote."""

        def __setitem__(self, minute, answer):
            super().__setitem__(minute, answer)
            self.clear()

    facts = queries.line_by_id(line.pk)
    object.__setattr__(facts, "minutes", Cleared())

    assert facts.is_open(at) is True


def test_line_of_a_number_is_known_without_the_database(line, django_assert_num_queries):
    known.memory()

    with django_assert_num_queries(0):
        assert known.last_known_line("+2312883").duty_phone == line.duty_phone
        assert known.last_known_line("2312883").duty_phone == line.duty_phone
        assert known.last_known_line("999") is None


@pytest.mark.usefixtures("read_each_time")
def test_failed_reading_leaves_the_last_known_lines(line, monkeypatch):
    known.memory()

    def away():
        raise OperationalError("gone")

    monkeypatch.setattr("hotline.queries.lines._read", away)
    with pytest.raises(OperationalError):
        known.memory()

    assert known.last_known_line("2883").duty_phone == line.duty_phone


@pytest.mark.parametrize("days", [1, 2])
def test_closure_of_yesterday_still_holds_where_it_is_yesterday(line, at, days, monkeypatch):
    """Far west of the server it is still yesterday; the days kept reach three back."""
    day = at.date() - dt.timedelta(days=days)
    lines.set_exception(line=line, day=day, spans=[], note="", by="test", at=at)
    monkeypatch.setattr("hotline.queries.lines.timezone.now", lambda: at)

    facts = queries.line_by_id(line.pk)

    assert day in facts.hours.exceptions
    assert not facts.is_open(at - dt.timedelta(days=days))


def test_days_that_differ_long_ago_are_not_kept_in_memory(line, at, monkeypatch):
    for days in (3, 4):
        lines.set_exception(line=line, day=at.date() - dt.timedelta(days=days), spans=[], note="", by="test", at=at)
    monkeypatch.setattr("hotline.queries.lines.timezone.now", lambda: at)

    assert set(queries.line_by_id(line.pk).hours.exceptions) == {at.date() - dt.timedelta(days=3)}


def test_two_who_put_a_language_on_a_line_from_what_each_saw_lose_neither(line, at):
    """Both hold the line as it was: the second one builds on what the first one wrote, and the page is told of both."""
    seen = [Line.objects.get(pk=line.pk) for _person in range(2)]

    lines.add_language(line=seen[0], code="pt", by="first", at=at)
    now = lines.add_language(line=seen[1], code="ht", by="second", at=at)

    line.refresh_from_db()
    assert (line.language_keys, line.version) == ("1:en 2:fr 3:ar 4:pt 6:ht", seen[0].version + 2)
    assert (line.changed_by, line.changed_at, now.language_keys) == ("second", at, line.language_keys)


def test_a_language_that_is_on_the_line_is_not_put_there_again(line, at):
    lines.add_language(line=line, code="pt", by="first", at=at)
    lines.add_language(line=line, code="pt", by="second", at=at)

    line.refresh_from_db()
    assert (line.language_keys, line.version, line.changed_by) == ("1:en 2:fr 3:ar 4:pt", 1, "first")


def test_a_line_whose_keys_are_all_taken_takes_no_other_language(line, at):
    full = "1:en 2:fr 3:ar 4:pt 6:ht 7:bn 8:ny 01:es 02:id 03:th 04:sw 06:rw 07:wo 08:pt-br"
    Line.objects.update(language_keys=full)

    with pytest.raises(lines.NoKeyFree) as refused:
        lines.add_language(line=line, code="mg", by="test", at=at)

    line.refresh_from_db()
    assert (line.language_keys, line.version, refused.value.line.language_keys) == (full, 0, full)


def test_a_flow_is_walked_before_its_line_is_locked(line, operator, at):
    """The walk takes seconds, in which no other request could write."""
    _walked.cache_clear()
    walked = []

    def note(execute, sql, params, many, context):
        if sql.startswith(("SAVEPOINT", "RELEASE")):
            walked.append(_walked.cache_info().misses)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        changed = lines.change_line(
            line=line,
            facts={"language_keys": "1:en"},
            week=known.week_of(line),
            version=line.version,
            by=operator,
            at=at,
        )

    assert changed == ["language_keys"]
    assert walked[0] == walked[-1] > 0
