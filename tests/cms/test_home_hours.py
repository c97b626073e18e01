"""The home page of a country: what it says of the line does not contradict itself, nor find help."""

import datetime as dt
import time

import pytest
from wagtail.models import Site

from accounts.models import PublicContact
from cms.models import FrontPage, HomePage
from hotline import queries
from hotline.actions import lines
from hotline.models import Line
from hotline.queries import lines as known

pytestmark = pytest.mark.either

LEAVE = "At other times leave a message."
ALL_DAY = [(dt.time(0), dt.time(0))]


@pytest.fixture
def line(root, liberia, at, time_machine):
    """Liberia's home, and its free line open day and night whose number it publishes."""
    time_machine.move_to(at, tick=False)
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": front})
    front.add_child(instance=HomePage(title="Liberia", slug="liberia", country=liberia, heading_en="Talk"))
    PublicContact.objects.create(country=liberia, kind="hotline", name_en="Hotline", number="2883")
    row = lines.open_line(
        country=liberia, numbers=["2883"], name="Line", number="2883", account="AC" + "0" * 32, language_keys="1:en",
        duty_phone="+231770009999", other_number="116", is_free=True, is_practice=True, by="test", at=at,
    )  # fmt: skip
    lines.set_hours(line=row, week=dict.fromkeys(range(7), ALL_DAY), by="test", at=at)
    yield row
    queries.forget_lines()


def pages(client, language="en"):
    """Return what the home page and find help say."""
    return [client.get(f"/{language}/{path}/").content.decode() for path in ("liberia", "help/liberia")]


@pytest.mark.parametrize(
    ("language", "hours", "home_free", "help_free"),
    [
        ("en", "Every day, all day and night", "free from any phone", '<span class="soft small">free · '),
        ("fr", "Tous les jours, jour et nuit", "gratuit", '<span class="soft small">gratuit · '),
    ],
)
def test_price_and_hours_are_the_same_on_both_pages(client, line, at, language, hours, home_free, help_free):
    home, help_page = pages(client, language)
    assert (hours in home, hours in help_page) == (True, True)
    assert (home_free in home, help_free in help_page) == (True, True)
    week = dict.fromkeys(range(7), [(dt.time(8), dt.time(9))])

    lines.change_line(line=line, facts={"is_free": False}, week=week, version=line.version, by="test", at=at)

    home, help_page = pages(client, language)
    assert (hours in home, hours in help_page) == (False, False)
    assert ("08:00" in home, "08:00" in help_page) == (True, True)
    assert (home_free in home.split("go-list")[0], help_free in help_page) == (False, False)


def test_home_says_what_to_do_where_no_number_of_the_police_is_known(client, line, liberia):
    words, call = "No number of the police is confirmed for this country yet.", "In danger now? Call the police:"
    home, help_page = pages(client)
    assert (words in home, words in help_page, call in home) == (True, True, False)
    PublicContact.objects.create(country=liberia, kind="police", name_en="Police", number="911")

    home, help_page = pages(client)

    assert (words in home, words in help_page, call in home) == (False, False, True)
    said = home.split(call)[1].split("</p>")[0]
    assert ('<a href="tel:911">' in said, "demonstration" in said) == (True, False)
    PublicContact.objects.filter(number="911").update(source_kind="demonstration")
    assert "(demonstration)" in pages(client)[0].split(call)[1].split("</p>")[0]


def test_day_on_which_the_line_is_closed_contradicts_nothing(client, line, at):
    lines.set_exception(line=line, day=at.date(), spans=[], note="", by="test", at=at)

    home, help_page = pages(client)

    assert "Closed now. You can leave a message." in home
    words = "Closed today, open again on Thursday 26 November at 00:00"
    assert f"{words}. We call back" in home
    assert words in help_page
    assert not any(words in home + help_page for words in ("all day and night", LEAVE))


def test_day_that_will_be_closed_is_told_before_it_comes(client, line, at):
    lines.set_exception(line=line, day=at.date() + dt.timedelta(days=2), spans=[], note="", by="test", at=at)

    home, help_page = pages(client)

    words = "Every day, all day and night. Closed on Friday 27 November"
    assert f"{words}. We call back" in home
    assert words in help_page


def test_day_with_other_hours_says_them_and_what_else_one_can_do(client, line, at):
    lines.set_exception(line=line, day=at.date(), spans=[(dt.time(9), dt.time(11))], note="", by="test", at=at)

    home, help_page = pages(client)

    assert "Open now, until 11:00" in home
    assert f"Today, 09:00 to 11:00. {LEAVE}" in home
    assert "Today, 09:00 to 11:00" in help_page


def test_line_open_day_and_night_names_no_other_times(client, line):
    home, _help = pages(client)

    assert "Open now, day and night" in home
    assert LEAVE not in home


def test_week_with_hours_names_other_times_also_while_closed(client, line, at):
    lines.set_hours(line=line, week={day: [(dt.time(8), dt.time(9))] for day in range(5)}, by="test", at=at)

    home, _help = pages(client)

    assert "Closed now. You can leave a message." in home
    assert f"Monday to Friday 08:00 to 09:00. {LEAVE}" in home


@pytest.mark.both
def test_home_follows_at_once_what_another_process_saved(client, line, at, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    before = pages(client)[0]
    remembered = known.last_known()
    lines.set_exception(line=line, day=at.date(), spans=[], note="", by="test", at=at)
    monkeypatch.setattr("hotline.queries.lines._memory", remembered)
    remembered.read_at = time.monotonic()

    home, help_page = pages(client)

    assert "Open now" in before
    assert ("Closed today" in home, "Closed today" in help_page) == (True, True)


def test_messages_only_is_said_once(client, line):
    Line.objects.update(mode="message")
    queries.forget_lines()

    home, _help = pages(client)

    assert home.count("Closed now. You can leave a message.") == 1
    assert "all day and night" not in home


@pytest.mark.parametrize("is_practice", [True, False])
def test_where_a_page_is_not_the_number_is_told_with_whether_it_is_for_practice(client, line, is_practice):
    Line.objects.update(is_practice=is_practice)
    queries.forget_lines()
    pages(client)

    page = client.get("/en/liberia/nothing/")

    assert (page.status_code, "tel:2883" in page.content.decode()) == (404, True)
    assert ("Practice line, no real calls" in page.content.decode()) is is_practice
