"""A page that was opened before somebody else's change takes nothing of it back, and says what stands now."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Holiday, PublicContact

pytestmark = pytest.mark.either

CHANGED = "Somebody changed this while you had it open. Look at what stands now."
NUMBER_CHANGED = "Somebody changed this number while you had it open. Look at what stands now."


def sent_by(html, action=None):
    """Return what a browser would send for the form of a page, or for the one with this address."""
    page = BeautifulSoup(html, "html.parser")
    forms = [form for form in page.main.find_all("form") if action is None or form.get("action") == action]
    form = next(form for form in forms if form.find(attrs={"name": "seen"}) or action)
    given = {}
    for part in form.find_all(["input", "select"]):
        if part.name == "select":
            chosen = part.find("option", selected=True)
            given[part["name"]] = chosen["value"] if chosen else ""
        elif part.get("type") in {"checkbox", "radio"}:
            if part.has_attr("checked"):
                given.setdefault(part["name"], []).append(part.get("value", "on"))
        else:
            given[part["name"]] = part.get("value", "")
    return given


def words(response):
    """Return the words of a page, without the signs that isolate directions."""
    page = BeautifulSoup(response.content, "html.parser").main
    told = " ".join(page.get_text(" ").replace("\u2068", "").replace("\u2069", "").split())
    return told.replace(" ;", ";").replace(" :", ":")


@pytest.fixture
def keeper(sign_in, administrator):
    """A client signed in as an administrator."""
    return sign_in(administrator)


@pytest.fixture
def supervisor(person, liberia):
    """Somebody who supervises and operates in Liberia."""
    return person("operator", "supervisor", country=liberia, name="Martha")


@pytest.fixture
def person_page(supervisor):
    """The address of her page."""
    return reverse("accounts:person", args=[supervisor.public_id])


def test_a_stale_page_does_not_give_back_a_role_that_was_taken_away(keeper, supervisor, person_page):
    stale = sent_by(keeper.get(person_page).content)
    assert keeper.post(person_page, stale | {"roles": ["operator"]}).status_code == 302

    answer = keeper.post(person_page, stale | {"name": "Martha K."})

    supervisor.refresh_from_db()
    assert (answer.status_code, supervisor.name, supervisor.role_codes) == (409, "Martha", {"operator"})
    assert CHANGED in words(answer)
    assert "Name: stands now: Martha; yours: Martha K." in words(answer)
    assert "Roles: stands now: Hotline operator; yours: Hotline operator, Supervisor" in words(answer)
    assert sent_by(answer.content)["name"] == "Martha K."


def test_what_was_looked_at_again_is_kept(keeper, supervisor, person_page):
    stale = sent_by(keeper.get(person_page).content)
    keeper.post(person_page, stale | {"roles": ["operator"]})
    again = sent_by(keeper.post(person_page, stale | {"name": "Martha K."}).content)

    assert keeper.post(person_page, again | {"roles": ["operator"]}).status_code == 302

    supervisor.refresh_from_db()
    assert (supervisor.name, supervisor.role_codes) == ("Martha K.", {"operator"})


def test_a_second_press_of_the_same_button_is_no_conflict(keeper, supervisor, person_page):
    given = sent_by(keeper.get(person_page).content) | {"roles": ["operator"]}

    assert [keeper.post(person_page, given).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="person.moved").count() == 1


def test_a_person_sent_without_what_was_seen_is_not_changed(keeper, supervisor, person_page):
    given = sent_by(keeper.get(person_page).content) | {"name": "Martha K.", "seen": ""}

    assert keeper.post(person_page, given).status_code == 409


@pytest.fixture
def police(liberia, at):
    """The number of the police, checked."""
    facts = {"kind": "police", "name": "Police", "number": "911", "hours": "All day", "is_free": True,
             "source_kind": "official", "source": "Letter"}  # fmt: skip
    row = PublicContact(country=liberia, checked_at=at.date(), number="911")
    return actions.keep_number(contact=row, facts=facts, by="tests", at=at)


@pytest.fixture
def number_page(police):
    """The address of its form."""
    return reverse("accounts:number", args=["LR", police.pk])


COUNTRY = "/en/countries/LR/"


def test_a_stale_form_does_not_bring_an_old_number_back(keeper, police, number_page):
    stale = sent_by(keeper.get(number_page).content)
    assert keeper.post(number_page, stale | {"number": "4455667"}).status_code == 302

    answer = keeper.post(number_page, stale | {"source": "Ministry, by telephone"})

    police.refresh_from_db()
    assert (answer.status_code, police.number, police.source) == (409, "4455667", "Letter")
    assert NUMBER_CHANGED in words(answer)
    assert "stands now: 4455667; yours: 911" in words(answer)
    assert "Free to call" not in BeautifulSoup(answer.content, "html.parser").find("div", class_="wait").get_text()
    again = sent_by(answer.content)
    assert again["source"] == "Ministry, by telephone"
    assert keeper.post(number_page, again | {"number": "4455667"}).status_code == 302


def test_a_number_sent_twice_is_no_conflict(keeper, police, number_page):
    given = sent_by(keeper.get(number_page).content) | {"number": "112"}

    assert [keeper.post(number_page, given).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="country.number_kept").count() == 2


def test_a_price_taken_away_meanwhile_is_told_in_words(keeper, police, number_page):
    stale = sent_by(keeper.get(number_page).content)
    keeper.post(number_page, {name: value for name, value in stale.items() if name != "is_free"})

    told = words(keeper.post(number_page, stale | {"source": "Ministry"}))

    assert "stands now: no; yours: yes" in told


def test_a_number_that_was_never_called_does_not_get_the_date(keeper, police, number_page):
    button = reverse("accounts:number_checked", args=["LR", police.pk])
    called = sent_by(keeper.get(COUNTRY).content, button)
    keeper.post(number_page, sent_by(keeper.get(number_page).content) | {"number": "7788990"})

    answer = keeper.post(button, called)

    police.refresh_from_db()
    assert (answer.status_code, police.checked_at) == (409, None)
    assert NUMBER_CHANGED in words(answer)
    assert "you saw: 911; stands now: 7788990" in words(answer)
    assert keeper.post(button, sent_by(answer.content, button)).status_code == 302


def test_a_check_noted_twice_is_no_conflict(keeper, police):
    button = reverse("accounts:number_checked", args=["LR", police.pk])
    called = sent_by(keeper.get(COUNTRY).content, button)

    assert [keeper.post(button, called).status_code for _ in range(2)] == [302, 302]


def test_a_number_that_was_changed_meanwhile_is_not_taken_off(keeper, police, number_page):
    button = reverse("accounts:number_remove", args=["LR", police.pk])
    seen = sent_by(keeper.get(COUNTRY).content, button)
    keeper.post(number_page, sent_by(keeper.get(number_page).content) | {"number": "7788990"})

    answer = keeper.post(button, seen)

    assert answer.status_code == 409
    assert NUMBER_CHANGED in words(answer)
    assert PublicContact.objects.filter(pk=police.pk).exists()
    assert keeper.post(button, sent_by(answer.content, button)).status_code == 302
    assert not PublicContact.objects.filter(pk=police.pk).exists()


def test_a_number_taken_off_twice_is_no_conflict(keeper, police):
    button = reverse("accounts:number_remove", args=["LR", police.pk])
    seen = sent_by(keeper.get(COUNTRY).content, button)

    assert [keeper.post(button, seen).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="country.number_removed").count() == 1


def test_a_stale_form_does_not_bring_old_hours_back(keeper, liberia):
    stale = sent_by(keeper.get(COUNTRY).content, COUNTRY)
    assert keeper.post(COUNTRY, stale | {"office_from": "09:30"}).status_code == 302

    answer = keeper.post(COUNTRY, stale | {"weekend": ["4", "5"]})

    liberia.refresh_from_db()
    assert (answer.status_code, liberia.office_from, liberia.weekend) == (409, dt.time(9, 30), "5 6")
    assert CHANGED in words(answer)
    assert "stands now: 09:30; yours: 08:00" in words(answer)
    assert "Offices close at" not in BeautifulSoup(answer.content, "html.parser").find("div", class_="wait").get_text()
    again = sent_by(answer.content, COUNTRY)
    assert again["weekend"] == ["4", "5"]
    assert keeper.post(COUNTRY, again | {"office_from": "09:30"}).status_code == 302


def test_hours_sent_twice_are_no_conflict(keeper, liberia):
    given = sent_by(keeper.get(COUNTRY).content, COUNTRY) | {"office_from": "09:30"}

    assert [keeper.post(COUNTRY, given).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="country.changed").count() == 1


def test_a_number_taken_off_while_its_form_was_open_does_not_come_back(police, at):
    facts = {"kind": "police", "name": "Police", "source_kind": "official", "source": "Letter"}
    opened = PublicContact.objects.get(pk=police.pk)
    actions.remove_number(contact=police, by="tests", at=at)

    with pytest.raises(actions.NumberChangedMeanwhile):
        actions.keep_number(contact=opened, facts=facts, by="tests", at=at, seen="")

    assert not PublicContact.objects.exists()


NEW = {"kind": "police", "name": "Police", "number": "911", "hours": "All day", "is_free": "on",
       "source_kind": "official", "source": "Letter"}  # fmt: skip
NEW_NUMBER = reverse_lazy("accounts:number_new", args=["LR"])


def test_a_new_number_sent_twice_stands_once_and_both_answers_say_so(keeper, liberia):
    given = sent_by(keeper.get(NEW_NUMBER).content) | NEW

    answers = [keeper.post(NEW_NUMBER, given, follow=True) for _ in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[(COUNTRY, 302)]] * 2
    assert "It stands there once." in words(answers[1])
    assert PublicContact.objects.count() == 1
    assert AuditEntry.objects.filter(verb="country.number_kept").count() == 1


def test_a_number_that_somebody_else_added_meanwhile_is_not_added_beside_it(keeper, police):
    given = sent_by(keeper.get(NEW_NUMBER).content) | NEW | {"number": "9 1 1", "name": "County police"}

    answer = keeper.post(NEW_NUMBER, given)

    assert (answer.status_code, PublicContact.objects.count()) == (409, 1)
    assert "This number is on the list already, as “Police”." in words(answer)
    assert sent_by(answer.content)["name"] == "County police"
    assert reverse("accounts:number", args=["LR", police.pk]) in answer.content.decode()


def test_one_number_may_serve_two_purposes_and_two_countries(keeper, police, haiti, at):
    assert keeper.post(NEW_NUMBER, NEW | {"kind": "ambulance", "name": "Ambulance"}).status_code == 302
    facts = NEW | {"is_free": True}
    actions.keep_number(contact=PublicContact(country=haiti), facts=facts, by="tests", at=at)

    assert PublicContact.objects.count() == 3


ADD_DAY = reverse_lazy("accounts:holiday_add", args=["LR"])
CALENDAR_CHANGED = "Somebody changed the holidays while you had them open."


@pytest.fixture
def day(liberia):
    """A day to come that is in no calendar yet."""
    return (timezone.now().date() + dt.timedelta(days=40)).isoformat()


def test_a_day_that_got_a_name_meanwhile_is_not_renamed_unseen(keeper, liberia, day):
    stale = sent_by(keeper.get(COUNTRY).content, ADD_DAY) | {"day": day, "name": "Founders' Day"}
    keeper.post(ADD_DAY, stale | {"name": "Flag Day"})

    answer = keeper.post(ADD_DAY, stale)

    assert (answer.status_code, Holiday.objects.get().name) == (409, "Flag Day")
    assert CALENDAR_CHANGED in words(answer)
    assert "stands now: Flag Day; yours: Founders' Day" in words(answer)
    again = sent_by(answer.content, ADD_DAY)
    assert (again["day"], again["name"]) == (day, "Founders' Day")
    assert keeper.post(ADD_DAY, again).status_code == 302
    assert Holiday.objects.get().name == "Founders' Day"


def test_a_day_that_was_taken_out_meanwhile_does_not_come_back_unseen(keeper, liberia, day, at):
    holiday = actions.add_holiday(country=liberia, day=dt.date.fromisoformat(day), name="Day", by="tests", at=at)
    stale = sent_by(keeper.get(COUNTRY).content, ADD_DAY) | {"day": day, "name": "Flag Day"}
    actions.remove_holiday(holiday=holiday, by="tests", at=at)

    answer = keeper.post(ADD_DAY, stale)

    assert (answer.status_code, Holiday.objects.exists()) == (409, False)
    assert sent_by(answer.content, ADD_DAY)["name"] == "Flag Day"


def test_a_day_that_got_another_name_meanwhile_is_not_taken_out_unseen(keeper, liberia, day, at):
    told = {"country": liberia, "day": dt.date.fromisoformat(day), "by": "tests", "at": at}
    holiday = actions.add_holiday(name="Day", **told)
    button = reverse("accounts:holiday_remove", args=["LR", holiday.pk])
    stale = sent_by(keeper.get(COUNTRY).content, button)
    actions.add_holiday(name="Flag Day", **told)

    answer = keeper.post(button, stale)

    assert (answer.status_code, Holiday.objects.get().name) == (409, "Flag Day")
    assert CALENDAR_CHANGED in words(answer)
    again = sent_by(answer.content, button)
    assert [keeper.post(button, again).status_code for _ in range(2)] == [302, 302]
    assert not Holiday.objects.exists()
    assert AuditEntry.objects.filter(verb="country.holiday_removed").count() == 1


def test_a_day_sent_twice_is_no_conflict(keeper, liberia, day):
    given = sent_by(keeper.get(COUNTRY).content, ADD_DAY) | {"day": day, "name": "Flag Day"}

    assert [keeper.post(ADD_DAY, given).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="country.holiday_added").count() == 1
