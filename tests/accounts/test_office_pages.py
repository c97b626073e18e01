"""The pages of a country's offices: who keeps which, what is refused, and what happens when two work on one."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Office
from tests.accounts.test_stale import CHANGED, sent_by, words

pytestmark = pytest.mark.either

LIST = reverse("accounts:offices", args=["LR"])
NEW = reverse("accounts:office_new", args=["LR"])
GIVEN = {"name": "Post C", "kind": "border", "area": "Nimba", "staff_count": "14", "staff_counted_on": "2026-11-02"}


@pytest.fixture
def keeper(sign_in, person, liberia):
    """A client signed in as a programme manager of Liberia."""
    return sign_in(person("manager", country=liberia))


@pytest.fixture
def page(court):
    """The address of the court's page."""
    return reverse("accounts:office", args=["LR", court.pk])


def act(office, name):
    """Return the address of a button."""
    return reverse(f"accounts:office_{name}", args=[office.country_id, office.pk])


def test_a_manager_adds_the_first_office_of_her_country(keeper):
    assert "No office yet." in words(keeper.get(LIST))

    answer = keeper.post(NEW, sent_by(keeper.get(NEW).content) | GIVEN, follow=True)

    office = Office.objects.get()
    assert (office.name, office.kind, office.area, office.staff_count) == ("Post C", "border", "Nimba", 14)
    assert (office.country_id, office.staff_counted_on) == ("LR", dt.date(2026, 11, 2))
    assert "The office is kept." in answer.content.decode()
    assert AuditEntry.objects.filter(verb="office.added", country="LR").count() == 1


@pytest.mark.both
def test_the_list_tells_kind_size_and_how_many_are_counted(keeper, person, court):
    Office.objects.filter(pk=court.pk).update(staff_count=30)
    for facts in ({}, {"is_active": False}):
        person("learner", country=court.country, office=court, **facts)
    person("trainer", country=court.country, office=court)

    cells = [
        cell.get_text(" ", strip=True)
        for cell in BeautifulSoup(keeper.get(LIST).content, "html.parser").select("tbody td")
    ]

    assert cells == ["Court", "30", "1", "open"]


def test_who_is_invited_stands_beside_who_is_counted(keeper, person, court, at):
    person("learner", country=court.country, office=court)
    given = {"name": "N", "roles": ["learner"], "country": court.country, "language": "en", "office": court}
    for number in range(3):
        actions.invite(email=f"n{number}@office.example", by="tests", at=at, **given)
    actions.revoke_invitation(person=court.people.get(email="n0@office.example"), by="tests", at=at)

    assert "1 and 2 invited" in words(keeper.get(LIST))


@pytest.mark.both
def test_the_list_asks_the_same_however_many_offices(keeper, liberia, at):

    def asked():
        with CaptureQueriesContext(connection) as queries:
            keeper.get(LIST)
        return len(queries)

    actions.add_offices(country=liberia, offices=[{"name": "A"}], by="tests", at=at)
    asked()  # what is only asked once a process
    few = asked()
    actions.add_offices(country=liberia, offices=[{"name": f"N{n}"} for n in range(30)], by="tests", at=at)

    assert asked() == few


@pytest.mark.parametrize("role", ["learner", "trainer", "operator", "supervisor", "analyst", "translator"])
def test_others_keep_no_offices(sign_in, person, liberia, page, role):
    client = sign_in(person(role, country=liberia))

    assert {client.get(address).status_code for address in (LIST, NEW, page)} == {404}


def test_a_manager_keeps_the_offices_of_no_other_country(sign_in, person, haiti, court, page):
    client = sign_in(person("manager", country=haiti))
    abroad = reverse("accounts:office", args=["HT", court.pk])

    assert {client.get(address).status_code for address in (LIST, NEW, page, abroad)} == {404}
    assert {client.post(address, GIVEN).status_code for address in (NEW, page, act(court, "close"))} == {404}
    assert list(Office.objects.values_list("name", "closed_at")) == [("Court A (example)", None)]


def test_an_administrator_keeps_those_of_every_country(sign_in, administrator, haiti, court, page):
    client = sign_in(administrator)

    assert client.get(page).status_code == 200
    assert client.post(reverse("accounts:office_new", args=["HT"]), GIVEN).status_code == 302
    assert Office.objects.get(country=haiti).name == "Post C"


@pytest.mark.parametrize("address", ["accounts:countries", "accounts:people", "accounts:country"])
def test_the_offices_are_found_from_people_and_country(keeper, address):
    page = reverse(address, args=["LR"] if address == "accounts:country" else [])

    links = {link.get("href") for link in BeautifulSoup(keeper.get(page).content, "html.parser").main.find_all("a")}

    assert LIST in links or reverse("accounts:country", args=["LR"]) in links


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "N" * 151),
        ("name", "a\u202eb"),
        ("kind", ""),
        ("kind", "castle"),
        ("area", "A" * 101),
        ("staff_count", "-1"),
        ("staff_count", "100001"),
        ("staff_count", "9" * 30),
        ("staff_counted_on", "1926-01-01"),
        ("staff_counted_on", "2099-01-01"),
        ("staff_counted_on", "soon"),
    ],
)
def test_what_cannot_be_is_refused(keeper, field, value):
    answer = keeper.post(NEW, GIVEN | {field: value})

    assert list(answer.context["form"].errors) == [field]
    assert not Office.objects.exists()


@pytest.mark.both
def test_a_count_without_a_day_is_of_today_and_no_count_has_no_day(keeper):
    keeper.post(NEW, GIVEN | {"staff_counted_on": ""})
    keeper.post(NEW, GIVEN | {"name": "Post D", "staff_count": ""})

    kept = {office.name: (office.staff_count, office.staff_counted_on) for office in Office.objects.all()}
    assert kept == {"Post C": (14, timezone.now().date()), "Post D": (None, None)}


@pytest.mark.both
def test_a_second_press_adds_nothing_and_says_so(keeper):
    answers = [keeper.post(NEW, GIVEN, follow=True) for _ in range(2)]

    assert "This office is on the list. It stands there once." in answers[1].content.decode()
    assert (Office.objects.count(), AuditEntry.objects.filter(verb="office.added").count()) == (1, 1)


@pytest.mark.both
def test_another_office_of_one_name_is_refused_with_a_way_to_the_one_that_stands(keeper, court, page):
    answer = keeper.post(NEW, GIVEN | {"name": "court  a (EXAMPLE)"})

    assert (answer.status_code, Office.objects.count()) == (409, 1)
    assert "This country has an office of this name already." in words(answer)
    assert f'href="{page}"' in answer.content.decode()
    assert sent_by(answer.content)["staff_count"] == "14"


@pytest.mark.both
def test_a_stale_form_takes_nothing_back_and_says_what_stands(keeper, court, page):
    stale = sent_by(keeper.get(page).content)
    assert keeper.post(page, stale | {"name": "Court of A"}).status_code == 302

    answer = keeper.post(page, stale | {"staff_count": "30"})

    court.refresh_from_db()
    assert (answer.status_code, court.name, court.staff_count) == (409, "Court of A", None)
    assert CHANGED in words(answer)
    assert "Name: stands now: Court of A; yours: Court A (example)" in words(answer)
    again = sent_by(answer.content)
    assert keeper.post(page, again | {"name": "Court of A"}).status_code == 302
    court.refresh_from_db()
    assert (court.name, court.staff_count) == ("Court of A", 30)


@pytest.mark.both
def test_an_office_sent_twice_is_no_conflict(keeper, court, page):
    given = sent_by(keeper.get(page).content) | {"name": "Court of A"}

    assert [keeper.post(page, given).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="office.changed").count() == 1


def test_an_office_is_closed_and_opened_again_by_buttons(keeper, person, court, page):
    person("learner", country=court.country, office=court)
    button = act(court, "close")
    given = sent_by(keeper.get(page).content, button)
    assert "1 person is in it and stays in it" in words(keeper.get(page))

    assert [keeper.post(button, given).status_code for _ in range(2)] == [302, 302]
    assert "closed" in words(keeper.get(LIST))
    assert "takes no new people" in words(keeper.get(page))
    assert AuditEntry.objects.filter(verb="office.closed").count() == 1

    assert [keeper.post(act(court, "reopen")).status_code for _ in range(2)] == [302, 302]
    court.refresh_from_db()
    assert (court.closed_at, court.people.count()) == (None, 1)


@pytest.mark.both
def test_an_office_that_got_another_name_meanwhile_is_shown_before_it_is_closed(keeper, court, page):
    button = act(court, "close")
    stale = sent_by(keeper.get(page).content, button)
    keeper.post(page, sent_by(keeper.get(page).content) | {"name": "Court of A"})

    answer = keeper.post(button, stale)

    court.refresh_from_db()
    assert (answer.status_code, court.closed_at) == (409, None)
    assert CHANGED in words(answer)
    assert sent_by(answer.content)["name"] == "Court of A"
    assert keeper.post(button, sent_by(answer.content, button)).status_code == 302


def test_a_closed_office_is_offered_to_nobody_but_who_is_in_it(sign_in, administrator, person, court, at):
    client, inside = sign_in(administrator), person("learner", country=court.country, office=court)
    outside = person("learner", country=court.country)
    actions.close_office(office=court, by="tests", at=at)
    pages = {who.name: reverse("accounts:person", args=[who.public_id]) for who in (inside, outside)}

    assert court.name not in client.get(reverse("accounts:invite")).content.decode()
    assert court.name not in client.get(pages[outside.name]).content.decode()
    given = sent_by(client.get(pages[inside.name]).content)
    assert given["office"] == str(court.pk)
    assert client.post(pages[inside.name], given | {"name": "N", "roles": ["learner"]}).status_code == 302
    refused = client.post(pages[outside.name], given | {"roles": ["learner"]})
    assert refused.context["form"].errors["office"]
