"""The band of danger on the console: since when it stands, by what, and that a "No" by key does not take it away."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.actions.timeline import note
from hotline.queries.danger import Danger, clock, danger_of
from tests.hotline.asking import call_in_conversation  # noqa: F401 -- fixture
from tests.hotline.console import give, waiting

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STAYS = "Somebody may be listening: go on as in danger until you are sure."


def hour(at):
    return f"{timezone.localtime(at):%H:%M}"


def live(desk):
    return desk.get(reverse("hotline:console_live"), headers=HTMX).content.decode()


def answer(talk, clock, key):
    clock.move(minutes=3)
    talk.led_out("danger")
    talk.key(key)


def test_the_band_says_since_when_and_by_which_key(desk, talk, clock):
    talk.led_out("hurt")
    talk.key("9")

    assert f"Since {hour(clock.now)}: the caller pressed the danger key." in live(desk)


def test_a_no_by_key_is_told_in_the_band_and_leaves_it(desk, talk, clock):
    answer(talk, clock, "2")
    said = hour(clock.now)
    alone = live(desk)
    answer(talk, clock, "1")
    page = live(desk)

    assert f"Since {said}: the caller answered by key that she or he is in danger." in alone
    assert STAYS not in alone
    assert f"Since {said}: the caller answered by key that she or he is in danger." in page
    assert f"At {hour(clock.now)} the caller answered by key: not in danger." in page
    assert STAYS in page


def test_a_no_before_the_danger_key_is_not_held_against_it(desk, talk, clock, at):
    answer(talk, clock, "1")
    clock.move(minutes=1)
    note(talk.contact, "danger_key", by="", at=clock.now)

    assert danger_of(talk.contact) == Danger("danger_key", hour(clock.now))


def test_what_the_sheet_says_names_who_wrote_it_first(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    for version, safe in enumerate(("no", "yes", "no", "no"), start=1):
        contact.sheets.create(
            version=version, answers={"safe_now": safe}, saved_by=operator, saved_at=at + timedelta(minutes=version)
        )

    page = give(desk, contact, "may_talk", "yes", version=4, htmx=True).content.decode()

    words = f"Since {clock(at + timedelta(minutes=3))}: {operator.name} wrote on the sheet “not safe now”."
    assert words in page


def test_another_day_is_named_with_its_date(at):
    yesterday = timezone.now() - timedelta(days=1)

    assert clock(None) == ""
    assert clock(timezone.now()) == hour(timezone.now())
    assert str(timezone.localtime(yesterday).year) in clock(yesterday)
