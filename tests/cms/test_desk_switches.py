"""Switching languages: the form shows what stands, and nothing is switched that was not looked at."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from accounts.models import AuditEntry, Country
from languages import actions
from languages.models import Language

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_memory"), pytest.mark.either]

PAGE = "/en/desk/languages/"


@pytest.fixture
def admin(sign_in, person):
    return sign_in(person("administrator"))


def shown(answer):
    """Return what the form of a switch would send as it stands; None where there is none."""
    form = BeautifulSoup(answer.content, "html.parser").select_one("#switch form[method=post]")
    if form is None:
        return None
    sent = {box["name"]: box.get("value", "") for box in form.select("input[name]:not([type=checkbox])")}
    sent |= {box["name"]: "on" for box in form.select("input[type=checkbox][checked]")}
    chosen = {box["name"]: box.select_one("option[selected]") for box in form.select("select")}
    return sent | {name: option["value"] for name, option in chosen.items()}


def switch(client, chosen, **typed):
    """Choose a language on the page, change what the form shows and send it."""
    return client.post(PAGE, shown(client.get(f"{PAGE}?{chosen}")) | typed)


def test_what_was_set_stands_in_the_form_and_stays_when_it_is_sent_again(admin):
    switch(admin, "code=fr", needs_second_person="on", reason="Texts of law need two")

    page = admin.get(f"{PAGE}?code=fr")
    assert "Texts of law need two" in page.content.decode()
    assert "A second person approves each text" in BeautifulSoup(page.content, "html.parser").table.get_text()
    admin.post(PAGE, shown(page) | {"reason": "Again"})

    row = Language.objects.get(code="fr", country="")
    assert (row.state, row.needs_second_person, row.reason) == ("public", True, "Again")


def test_when_a_language_was_switched_is_told_by_the_clock_of_the_readers_country(sign_in, person, liberia):
    Country.objects.filter(pk=liberia.pk).update(time_zone="Asia/Dhaka")
    desk = sign_in(person("administrator", country=liberia))
    switch(desk, "code=fr", reason="Looked at it")
    Language.objects.update(changed_at=dt.datetime(2026, 11, 25, 22, 5, tzinfo=dt.UTC))

    page = desk.get(f"{PAGE}?code=fr").content.decode()

    assert "26 Nov 2026 04:05" in page


def test_no_language_is_switched_by_choosing_it_alone(admin, liberia):
    assert shown(admin.get(PAGE)) is None

    switch(admin, "code=fr", reason="Looked at it")
    switch(admin, "code=ht&country=LR", reason="Looked at it")

    assert set(Language.objects.values_list("code", "country", "state")) == {
        ("fr", "", "public"),
        ("ht", "LR", "public"),
    }


def test_a_country_without_a_switch_of_its_own_begins_with_what_stands_everywhere(admin, liberia):
    switch(admin, "code=ht", state="desk", needs_second_person="on", reason="Begun")

    page = admin.get(f"{PAGE}?code=ht&country=LR")

    assert "This country has no switch of its own" in page.content.decode()
    assert (shown(page)["state"], shown(page)["needs_second_person"]) == ("desk", "on")


@pytest.mark.parametrize("country", ["", "LR"])
def test_what_somebody_switched_meanwhile_is_not_undone(admin, liberia, country, at):
    form = shown(admin.get(f"{PAGE}?code=fr&country={country}"))
    actions.switch_language(
        code="fr", country="", state="desk", needs_second_person=True, by="x", at=at, reason="Theirs"
    )
    before = list(Language.objects.values()), AuditEntry.objects.count()

    answer = admin.post(PAGE, form | {"reason": "Mine"})

    again = shown(answer)
    assert answer.status_code == 409
    assert "Nothing was switched." in answer.content.decode()
    assert (again["state"], again["needs_second_person"], again["reason"]) == ("desk", "on", "Mine")
    assert (list(Language.objects.values()), AuditEntry.objects.count()) == before
    assert admin.post(PAGE, again).status_code == 302
    assert Language.objects.get(code="fr", country=country).reason == "Mine"


def test_a_switch_without_what_was_shown_is_none(admin):
    answer = admin.post(PAGE, {"code": "ht", "state": "off", "reason": "x"})

    assert answer.status_code == 409
    assert not Language.objects.exists()


def test_a_switch_without_a_reason_keeps_what_was_chosen(admin):
    answer = switch(admin, "code=ht", state="off", needs_second_person="on", reason="")

    assert (shown(answer)["state"], shown(answer)["needs_second_person"]) == ("off", "on")
    assert not Language.objects.exists()


@pytest.mark.parametrize("chosen", ["code=xx", "country=LR", "code=fr&country=ZZ", "code=%00"])
def test_an_odd_choice_shows_no_form_that_switches(admin, chosen):
    answer = admin.get(f"{PAGE}?{chosen}")

    assert answer.status_code == 200
    assert shown(answer) is None
