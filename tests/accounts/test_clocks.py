"""Today is the day of the country that a row belongs to, near its midnight too, whoever keeps it from wherever."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Country, Holiday, Office, PublicContact
from accounts.queries.marks import holidays_mark
from tests.accounts.test_stale import words

EVENING = dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)  # 21:30 on the 25th in Haiti, already the 26th in UTC
NIGHT = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.UTC)  # 02:30 on the 26th in Dhaka, still the 25th in UTC
THERE = [("HT", EVENING, dt.date(2026, 11, 25)), ("BD", NIGHT, dt.date(2026, 11, 26))]
DAY = dt.timedelta(days=1)


@pytest.fixture(params=THERE, ids=["Haiti", "Dhaka"])
def there(request, haiti, time_machine):
    """A country near its midnight, and the day that it is there."""
    code, at, today = request.param
    Country.objects.create(
        code="BD", name="Bangladesh", slug="bangladesh", language_codes="bn", time_zone="Asia/Dhaka"
    )
    time_machine.move_to(at, tick=False)
    return Country.objects.get(pk=code), today


@pytest.fixture(params=["administrator", "manager"])
def keeper(request, sign_in, person, there):
    """A client of who keeps the country: an administrator of none, or a manager of its own."""
    return sign_in(person(request.param, country=there[0] if request.param == "manager" else None))


def sent(keeper, country, day):
    told = {"day": day.isoformat(), "name": "A feast", "seen": holidays_mark(country)}
    return keeper.post(reverse("accounts:holiday_add", args=[country.pk]), told)


def test_a_holiday_may_be_today_and_not_yesterday(keeper, there):
    country, today = there

    over, taken = sent(keeper, country, today - DAY), sent(keeper, country, today)

    assert (over.status_code, taken.status_code) == (200, 302)
    assert "This day is over." in words(over)
    assert list(Holiday.objects.values_list("country", "day")) == [(country.pk, today)]


def test_the_calendar_of_a_country_begins_today(keeper, there):
    country, today = there
    for name, day in (("Yesterdays feast", today - DAY), ("Todays feast", today)):
        Holiday.objects.create(country=country, day=day, name=name)

    page = words(keeper.get(reverse("accounts:country", args=[country.pk])))

    assert ("Todays feast" in page, "Yesterdays feast" in page) == (True, False)


def test_a_day_sent_over_a_changed_calendar_is_read_by_the_same_clock(keeper, there):
    country, today = there
    Holiday.objects.create(country=country, day=today, name="Another feast")
    told = {"day": today.isoformat(), "name": "A feast", "seen": "an older mark"}

    page = keeper.post(reverse("accounts:holiday_add", args=[country.pk]), told)

    assert page.status_code == 409
    assert "This day is over." not in words(page)


def test_a_number_that_was_called_is_checked_on_the_countrys_day(keeper, there):
    country, today = there
    contact = PublicContact.objects.create(country=country, kind="police", name="Police", number="114")

    keeper.post(reverse("accounts:number_checked", args=[country.pk, contact.pk]), {"number": "114"})

    contact.refresh_from_db()
    assert contact.checked_at == today


def test_officials_are_counted_today_at_the_latest(keeper, there):
    country, today = there
    new = reverse("accounts:office_new", args=[country.pk])

    def send(name, day):
        told = {"name": name, "kind": "border", "staff_count": "3", "staff_counted_on": day}
        return keeper.post(new, told).status_code

    answers = [send("A", (today + DAY).isoformat()), send("B", today.isoformat()), send("C", "")]

    assert answers == [200, 302, 302]
    assert list(Office.objects.order_by("name").values_list("name", "staff_counted_on")) == [
        ("B", today),
        ("C", today),
    ]
