import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts import actions, queries
from accounts.choices import ContactKind
from accounts.models import AuditEntry, Holiday, PublicContact
from accounts.queries.marks import country_mark, holiday_mark, holidays_mark, number_mark

pytestmark = pytest.mark.either

NUMBER = {
    "kind": "police",
    "name": "Police",
    "number": "911",
    "hours": "All day",
    "source_kind": "official",
    "source": "Letter",
}


@pytest.fixture
def keeper(sign_in, person, liberia):
    """A client signed in as a programme manager of Liberia."""
    return sign_in(person("manager", country=liberia))


@pytest.fixture
def contact(liberia, at):
    """A checked number of Liberia."""
    return actions.keep_number(
        contact=PublicContact(country=liberia, checked_at=at.date(), number="911"),
        facts=NUMBER | {"is_free": False},
        by="tests",
        at=at,
    )


@pytest.mark.both
def test_a_manager_corrects_zone_days_off_and_hours(keeper, liberia):
    given = {"time_zone": "Asia/Dhaka", "weekend": ["4", "5"], "office_from": "09:00", "office_until": "17:00"}

    liberia.refresh_from_db()
    keeper.post(reverse("accounts:country", args=["LR"]), given | {"seen": country_mark(liberia)})

    calendar = queries.calendar_of("LR")
    assert (calendar.time_zone, calendar.weekend, calendar.office_from) == ("Asia/Dhaka", {4, 5}, dt.time(9))


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Base"), ("weekend", ["7"]), ("weekend", list("0123456")), ("office_from", "late"), ("office_until", "08:00")],
)  # fmt: skip
def test_an_impossible_week_is_refused(keeper, field, value):
    given = {"time_zone": "Africa/Monrovia", "weekend": ["5", "6"], "office_from": "09:00", "office_until": "17:00"}

    response = keeper.post(reverse("accounts:country", args=["LR"]), given | {field: value})

    assert field in response.context["form"].errors


def test_a_manager_keeps_her_own_country_only(keeper, haiti):
    assert keeper.get(reverse("accounts:country", args=["HT"])).status_code == 404
    assert (
        keeper.post(reverse("accounts:holiday_add", args=["HT"]), {"day": "2027-01-01", "name": "x"}).status_code
        == 404
    )
    assert not Holiday.objects.exists()


def test_a_new_number_is_shown_and_not_yet_checked(keeper, liberia):
    keeper.post(reverse("accounts:number_new", args=["LR"]), NUMBER)

    (contact,) = queries.contacts_of("LR")
    assert (contact.name, contact.number, contact.checked_at) == ("Police", "911", None)


@pytest.mark.parametrize(("field", "value"), [("number", "call us"), ("number", "1"), ("number", "9" * 31), ("name", ""), ("kind", "x"), ("source_kind", "rumour"), ("hours", "a\0")])  # fmt: skip
def test_a_number_that_cannot_be_dialled_is_refused(keeper, field, value):
    response = keeper.post(reverse("accounts:number_new", args=["LR"]), NUMBER | {field: value})

    assert field in response.context["form"].errors
    assert not PublicContact.objects.exists()


def test_another_number_to_dial_loses_its_check(keeper, contact):
    keeper.post(
        reverse("accounts:number", args=["LR", contact.pk]), NUMBER | {"number": "112", "seen": number_mark(contact)}
    )

    contact.refresh_from_db()
    assert (contact.number, contact.checked_at) == ("112", None)


def test_the_same_number_keeps_its_check(keeper, contact, at):
    given = NUMBER | {"hours": "Day and night", "seen": number_mark(contact)}
    keeper.post(reverse("accounts:number", args=["LR", contact.pk]), given)

    contact.refresh_from_db()
    assert (contact.hours, contact.checked_at) == ("Day and night", at.date())


@pytest.mark.both
def test_a_call_that_was_answered_is_noted(keeper, contact):
    keeper.post(reverse("accounts:number_checked", args=["LR", contact.pk]), {"number": "911"})

    contact.refresh_from_db()
    assert contact.checked_at == timezone.now().date()
    assert AuditEntry.objects.filter(verb="country.number_checked").count() == 1


def test_a_number_taken_off_is_gone(keeper, contact):
    keeper.post(reverse("accounts:number_remove", args=["LR", contact.pk]), {"seen": number_mark(contact)})

    assert queries.contacts_of("LR") == []


def test_a_number_of_another_country_is_missing(keeper, haiti, at):
    other = PublicContact.objects.create(country=haiti, kind="police", name="Police", number="114")

    assert keeper.post(reverse("accounts:number_remove", args=["LR", other.pk])).status_code == 404
    assert PublicContact.objects.filter(pk=other.pk).exists()


@pytest.mark.both
def test_holidays_are_added_renamed_and_taken_out(keeper, liberia):
    day = timezone.now().date() + dt.timedelta(days=30)
    for name in ("First", "Second"):
        told = {"day": day.isoformat(), "name": name, "seen": holidays_mark(liberia)}
        keeper.post(reverse("accounts:holiday_add", args=["LR"]), told)

    holiday = Holiday.objects.get()
    assert holiday.name == "Second"
    assert not queries.calendar_of("LR").is_working_day(day)
    keeper.post(reverse("accounts:holiday_remove", args=["LR", holiday.pk]), {"seen": holiday_mark(holiday)})
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("day", ["", "soon", "1999-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(keeper, day):
    refused(keeper, day)


@pytest.mark.both
def test_a_day_that_is_over_is_refused(keeper):
    over = timezone.now().date() - dt.timedelta(days=1)

    assert "over" in refused(keeper, over.isoformat())


def refused(keeper, day):
    """Send a day that is refused; return what the page says of it."""
    response = keeper.post(reverse("accounts:holiday_add", args=["LR"]), {"day": day, "name": "A typed name"})
    form = response.context["holiday_form"]

    assert form.errors.keys() == {"day"}
    page = response.content.decode()
    assert 'value="A typed name"' in page
    assert str(form.errors["day"][0]) in page
    assert not Holiday.objects.exists()
    return str(form.errors["day"][0])


@pytest.mark.both
def test_fill_holidays_leaves_a_year_alone_that_people_have_edited(liberia, at):
    actions.add_holiday(country=liberia, day=dt.date(2026, 3, 3), name="Own", by="tests", at=at)

    assert actions.fill_holidays(country=liberia, years=[2026], by="tests", at=at) == 0
    assert actions.fill_all_holidays(by="tests", at=at) > 5
    assert Holiday.objects.filter(day__year=2026).count() == 1


def test_one_button_of_a_countrys_page_asks_first_and_its_rows_are_whole(keeper, contact):
    page = keeper.get(reverse("accounts:country", args=["LR"])).content.decode()

    assert re.findall(r'class="button"[^>]*>([^<]+)<', page) == ["Save"]
    assert '<td class="row"' not in page


@pytest.mark.parametrize(
    ("kind", "language", "shown"),
    [
        (ContactKind.POLICE, "en", "County police"),
        (ContactKind.POLICE, "pt", "Polícia do condado"),
        (ContactKind.POLICE, "fr", "Police"),
        (ContactKind.POLICE, "ar", "الشرطة"),
        (ContactKind.LABOUR, "ar", "County police"),
    ],
)
def test_a_number_without_a_name_in_the_readers_language_is_named_by_its_kind(liberia, kind, language, shown):
    number = PublicContact(country=liberia, kind=kind, name_en="County police", name_pt="Polícia do condado")

    with translation.override(language):
        assert number.shown_name == shown


@pytest.mark.parametrize("number", ["+-", "##", "1(((((", "(116", "1-", "+1", "*1#", "++231", "1--2", "((116))"])
def test_signs_that_no_telephone_dials_are_refused(keeper, number):
    response = keeper.post(reverse("accounts:number_new", args=["LR"]), NUMBER | {"number": number})

    assert "number" in response.context["form"].errors
    assert not PublicContact.objects.exists()


@pytest.mark.parametrize("number", ["116", "*123#", "*100*2#", "+231 77 000 0000", "(0800) 11-22 33", "112/911", "+44 (0)20 7946 0000"])  # fmt: skip
def test_numbers_as_people_write_them_are_kept(keeper, number):
    keeper.post(reverse("accounts:number_new", args=["LR"]), NUMBER | {"number": number})

    assert PublicContact.objects.get().number == number


def test_a_number_taken_off_that_stands_for_another_purpose_is_said_to_stand(keeper, contact, liberia, at):
    row = PublicContact(country=liberia, number="9-1-1")
    facts = NUMBER | {"number": "9-1-1", "kind": "other", "name": "Fire brigade", "is_free": False}
    other = actions.keep_number(contact=row, facts=facts, by="tests", at=at)
    off = {"seen": number_mark(contact), "number": contact.number}

    address = reverse("accounts:number_remove", args=["LR", contact.pk])
    for _ in range(2):
        page = keeper.post(address, off, follow=True)
        assert [str(message) for message in page.context["messages"]] == [
            "It is off the list for this purpose. The same number is still shown as: Fire brigade."
        ]
    page = keeper.post(
        reverse("accounts:number_remove", args=["LR", other.pk]), {"seen": number_mark(other)}, follow=True
    )
    assert [str(message) for message in page.context["messages"]] == ["The number is no longer shown anywhere."]


def test_a_sunday_taken_out_of_the_calendar_is_not_called_a_working_day(keeper, liberia):
    sunday = Holiday.objects.create(country=liberia, day=dt.date(2027, 4, 4), name="Feast")
    address = reverse("accounts:holiday_remove", args=["LR", sunday.pk])

    page = keeper.post(address, {"seen": holiday_mark(sunday)}, follow=True)

    assert [str(message) for message in page.context["messages"]] == ["The day is out of the calendar."]
