"""The supervisor's board: who waits, talks and works now, without a caller's name or number; asked every two seconds."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline import actions
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, KeyAnswer, OperatorState, Shift
from hotline.queries.board import board, board_mark
from tests.hotline.backs import call_back_begun, call_that_nobody_took  # noqa: F401 -- fixtures
from tests.hotline.console import waiting
from tests.hotline.thirds import call_on_stage, colleague_who_is_ready, hangs_up, interpreter_on_duty  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(person, liberia):
    return person("supervisor", country=liberia, name="Supervisor, Liberia")


@pytest.fixture
def reader(sign_in, supervisor, at, time_machine):
    time_machine.move_to(at, tick=False)
    return sign_in(supervisor)


def page_of(client):
    return BeautifulSoup(client.get(reverse("hotline:board")).content, "html.parser")


def numbers(page):
    return [part.get_text(strip=True) for part in page.select(".figures dd")]


def test_it_tells_who_waits_by_language_longest_first_danger_before_all(reader, line, operator, at):
    waiting(line, at - dt.timedelta(minutes=9), language="fr")
    waiting(line, at - dt.timedelta(minutes=4), language="fr")
    waiting(line, at - dt.timedelta(minutes=1), language="ar", is_danger=True, priority=0)

    page = page_of(reader)

    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th,td")]
        for row in page.select("#board-waiting ~ table tbody tr")
    ]
    assert [(row[0], row[1]) for row in rows] == [("العربيّة 1 in danger", "1"), ("français", "2")]
    assert numbers(page)[0] == "3"
    assert "since 09:51" in rows[1][2]


def test_a_need_of_now_is_counted_beside_danger_and_stands_in_the_conversation(reader, line, operator, at):
    """Who is in danger is counted there alone, whatever she needs beside it."""
    waiting(line, at - dt.timedelta(minutes=9), language="fr")
    locked, danger, talks = (
        waiting(line, at, priority=0, **more)
        for more in ({}, {"is_danger": True}, {"state": "connected", "claimed_by": operator, "connected_at": at})
    )
    for contact in (locked, danger, talks):
        KeyAnswer.objects.create(contact=contact, question="locked_in", answer="yes", at=at)
        KeyAnswer.objects.create(contact=contact, question="hurt", answer="no", at=at)

    page = page_of(reader)

    rows = [row.select_one("th").get_text(" ", strip=True) for row in page.select("#board-waiting ~ table tbody tr")]
    assert rows == ["English 1 in danger 1 in need now", "français"]
    told = page.select_one("#board-talks ~ table th[scope=row]").get_text(" ", strip=True)
    assert told == f"{talks.code} Are you locked in? Yes, by key"

    KeyAnswer.objects.update(answer="no")
    calm = page_of(reader)
    assert "in need now" not in calm.get_text()
    assert "Are you locked in?" not in calm.get_text()


def test_one_caller_and_one_operator_are_told_as_one(reader, line, operator, at):
    def words():
        return [part.get_text(strip=True) for part in page_of(reader).select(".figures dt")]

    waiting(line, at)
    Shift.objects.create(line=line, user=operator, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1))  # fmt: skip
    assert words()[::3] == ["caller waits", "operator is on shift"]

    waiting(line, at)
    Shift.objects.all().delete()
    assert words()[::3] == ["callers wait", "operators are on shift"]


def test_it_tells_who_works_what_she_does_and_who_was_set_off(reader, line, operator, person, liberia, at):
    other = person("operator", country=liberia, name="Another operator")
    Shift.objects.create(
        line=line, user=other, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1)
    )
    OperatorState.objects.filter(user=operator).update(seen_at=at)
    actions.set_presence(user=other, state="ready", by=other, at=at)
    OperatorState.objects.filter(user=other).update(state="off", missed_offers=2, seen_at=None)

    told = page_of(reader).select_one("#board-people").parent.get_text(" ", strip=True)

    assert "Operator, Liberia" in told
    assert "Ready" in told
    assert "Off: did not answer two calls" in told
    assert "console not open" in told
    assert numbers(page_of(reader))[2:] == ["1", "2"]


def test_a_call_that_goes_on_stands_under_its_code_and_shows_no_number(reader, line, operator, at):
    call = waiting(line, at - dt.timedelta(minutes=5), language="fr")
    Contact.objects.filter(pk=call.pk).update(state="connected", claimed_by=operator, connected_at=at)

    told = page_of(reader).select_one("#board-talks").parent.get_text(" ", strip=True)

    assert call.code in told
    assert "Operator, Liberia" in told
    assert "+231" not in told


def test_a_call_back_stands_under_the_conversations_with_what_it_is_at(reader, begun, operator, supervisor, at):
    shown = [cell.get_text(" ", strip=True) for cell in page_of(reader).select("#board-talks ~ table tbody tr > *")]
    assert shown[:2] == [begun.contact.code, str(operator)]
    assert shown[3] == "The operator's telephone rings"
    assert shown[5] == "–"

    shield_contact(contact=begun.contact, user=supervisor, by=operator, at=at)
    assert begun.contact.code not in str(page_of(reader))


def test_an_interpreter_who_is_in_a_call_is_told_to_be(stage, operator, supervisor, interpret):
    interpret("Ada")
    assert [one.presence for one in board(supervisor, at=stage.at).people if one.duty == "interpreter"] == [""]

    actions.ask_interpreter(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(20)
    assert [one.presence for one in board(supervisor, at=stage.at).people if one.duty == "interpreter"] == ["On call"]

    hangs_up(stage, "interpreter")
    assert [one.presence for one in board(supervisor, at=stage.at).people if one.duty == "interpreter"] == [""]


def test_where_nobody_works_it_says_where_calls_go(reader, line):
    assert "Nobody is at work" in page_of(reader).get_text()


def test_nothing_of_another_country_stands_on_it(sign_in, person, line, operator, at):
    waiting(line, at)

    page = page_of(sign_in(person("supervisor")))

    assert numbers(page)[0] == "0"
    assert "Operator, Liberia" not in page.get_text()


@pytest.mark.both
def test_the_live_part_is_sent_when_something_changed_and_else_nothing(
    reader, supervisor, line, operator, at, django_assert_max_num_queries
):
    address = reverse("hotline:board_live")
    mark = board_mark(supervisor, at=at)
    with django_assert_max_num_queries(4):
        assert reader.get(address, {"seen": mark}).status_code == 204

    actions.set_presence(user=operator, state="break", by=operator, at=at + dt.timedelta(seconds=1))
    assert b'id="board"' in reader.get(address, {"seen": mark}).content

    mark = board_mark(supervisor, at=at)
    waiting(line, at + dt.timedelta(seconds=2))
    assert reader.get(address, {"seen": mark}).status_code == 200


@pytest.mark.parametrize("state", ["ready", "break"])
def test_a_console_that_closes_changes_the_board_at_once_and_one_that_stays_open_does_not(
    supervisor, line, operator, at, state
):
    OperatorState.objects.filter(user=operator).update(state=state, seen_at=at - dt.timedelta(seconds=60))

    marks = [board_mark(supervisor, at=at + dt.timedelta(seconds=span)) for span in (0, 29, 31)]

    assert (marks[0] == marks[1], marks[1] == marks[2]) == (True, False)


def test_the_number_of_open_sheets_counts_the_one_in_hand_as_the_log_that_it_leads_to_does(reader, line, operator, at):
    talk = waiting(line, at, state="wrap_up", ended_at=at, claimed_by=operator)
    waiting(line, at, state="ended", ended_at=at)
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=talk, seen_at=at)

    link = page_of(reader).find(id="board-unfinished")
    logged = BeautifulSoup(reader.get(link["href"]).content, "html.parser").select("table.log tbody tr")

    assert (link.text, link.find_parent("div").dd.text) == ("Over, sheet open", "1")
    assert [talk.code in row.text for row in logged] == [True]


def test_how_long_something_goes_on_is_told_in_words_and_without_a_script_as_a_time_since(reader, line, operator, at):
    waiting(line, at, state="waiting", step="waiting", queued_at=at)
    talk = waiting(line, at, kind="message", claimed_by=operator, claimed_until=at + dt.timedelta(hours=1))

    shown = page_of(reader)

    clocks = shown.select("[data-since]")
    assert talk.code in shown.text
    assert len(clocks) >= 4
    for clock in clocks:
        assert clock.find_parent(attrs={"data-hours": "# h ## min", "data-minutes": "# min ## s"}), clock
    for part in ("board-talks", "board-people"):
        cell = shown.select_one(f"#{part} ~ table [data-since]").parent
        assert (cell["data-h"], cell.text) == ("How long", "since 10:00")


def test_a_hole_in_several_languages_is_one_on_the_board_in_the_bar_and_on_the_roster(reader, line, operator, at):
    """The operator speaks no Arabic until she goes; then nobody is there, whatever they speak."""
    Shift.objects.update(ends_at=at + dt.timedelta(hours=3))

    def told():
        page, roster = page_of(reader), BeautifulSoup(reader.get(reverse("hotline:roster")).content, "html.parser")
        bar, note = page.select_one(".staff-nav .count"), page.find(id=f"board-holes-{line.public_id}")
        rows = [row.get_text(" ", strip=True) for row in roster.select("table.holes tbody tr")]
        return bar and bar.text, note and note.parent.get_text(" ", strip=True), len(rows)

    assert told() == ("2", "2 holes in the roster within a day. See them", 2)
    operator.spoken = "fr ar"
    operator.save()
    assert told() == ("1", "1 hole in the roster within a day. See them", 1)
    Shift.objects.update(ends_at=at + dt.timedelta(days=15))
    assert told() == (None, None, 0)


@pytest.mark.both
def test_more_people_and_callers_cost_no_more_queries(reader, line, operator, person, liberia, at):
    waiting(line, at)
    page_of(reader)
    with CaptureQueriesContext(connection) as before:
        page_of(reader)
    for count in range(6):
        waiting(line, at - dt.timedelta(seconds=count))
        Shift.objects.create(
            line=line, user=person("operator", country=liberia), starts_at=at, ends_at=at + dt.timedelta(hours=1)
        )

    with CaptureQueriesContext(connection) as after:
        page_of(reader)

    assert len(after) == len(before)


def test_the_alarm_is_read_aloud_once_and_not_with_each_renewal(reader, line, supervisor, at, monkeypatch):
    live = reverse("hotline:board_live")
    calm = board_mark(supervisor, at=at)
    monkeypatch.setattr("hotline.queries.board.is_silent", lambda _at: True)
    alarm = BeautifulSoup(reader.get(reverse("hotline:board")).content, "html.parser").find(id="board-alarm")
    assert (alarm["role"], "Calls cannot be rung through now." in alarm.text) == ("alert", True)
    assert alarm.find_parent(id="board") is None

    begins = reader.get(live, {"seen": calm}).content.decode()
    goes_on = reader.get(live, {"seen": "another minute|silent"}).content.decode()

    assert ('id="board-alarm"' in begins, 'id="board-alarm"' in goes_on) == (True, False)
