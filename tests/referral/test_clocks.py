"""Near midnight days and times, typed, written and counted, are those of the country, not the server's."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from accounts.actions import open_letter
from accounts.models import Country, Letter
from referral import actions, urls
from referral.actions import escalations
from referral.models import AgencyLink, Consent, Referral, RoleAssignment, Service
from tests.referral.offers import opened
from tests.referral.pages import url

EVENING = dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)  # 21:30 on the 25th in Haiti, already the 26th in UTC
NIGHT = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.UTC)  # 02:30 on the 26th in Dhaka, still the 25th in UTC
DAY = dt.timedelta(days=1)


@pytest.fixture(
    autouse=True,
    params=[("America/Port-au-Prince", EVENING), ("Asia/Dhaka", NIGHT)],
    ids=["Haiti", "Dhaka"],
)
def there(request, version):
    """The country's zone, and an instant at which it has another day than the server."""
    name, at = request.param
    Country.objects.update(time_zone=name)
    return ZoneInfo(name), at


def test_each_address_has_a_clock_but_the_two_for_everybody():
    inside = [one for found in urls.urlpatterns for one in getattr(found, "url_patterns", [found])]
    without = {one.name for one in inside if not getattr(one.callback, "has_clock", False)}

    # a letter to an agency goes by the clock of its country, once it is opened; the page of help by the country it names
    assert without == {"agency", "find_help"}


def test_a_consent_may_end_at_the_end_of_the_countrys_today(
    new_case, house, operator, sign_in, open_run, at, keys, now, there
):
    zone, instant = there
    case, client = new_case(), sign_in(operator)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    now.move_to(instant, tick=False)
    names = re.findall(r'name="(line_\w+)"', client.get(url("case_consent", case)).content.decode())
    case.refresh_from_db()
    told = dict.fromkeys(names, "yes") | {"agrees": "yes", "giver": "person", "wants_police": "yes"}
    told |= {"key": next(keys), "seen": case.event_count}
    today = instant.astimezone(zone).date()

    over = client.post(url("case_consent", case), told | {"ends_on": (today - DAY).isoformat()})
    taken = client.post(url("case_consent", case), told | {"ends_on": today.isoformat()})

    assert (over.status_code, taken.status_code) == (400, 302)
    assert Consent.objects.get().ends_at == dt.datetime.combine(today, dt.time(23, 59), zone)


def test_a_letter_to_an_agency_says_its_times_by_the_clock_of_the_country(offer, there):
    referral, _code, _path = offer
    zone, _instant = there
    link = AgencyLink.objects.get(referral=referral)

    text = open_letter(Letter.objects.get(key=f"agency_link:{link.public_id}")).text

    for moment in (referral.due_at, link.expires_at):
        assert date_format(moment.astimezone(zone), "DATETIME_FORMAT") in text
        assert date_format(moment.astimezone(dt.UTC), "DATETIME_FORMAT") not in text


def test_an_agency_is_free_again_from_the_countrys_today_on_and_not_from_yesterday(offer, now, there):
    referral, code, path = offer
    zone, instant = there
    AgencyLink.objects.update(expires_at=instant + DAY)
    now.move_to(instant, tick=False)
    browser, today = opened(path, code), instant.astimezone(zone).date()
    told = {"act": "answer", "answer": "decline", "reason": "full"}

    over = browser.post(path, told | {"free_from": (today - DAY).isoformat()}, follow=True)
    state = Referral.objects.get(pk=referral.pk).state
    browser.post(path, told | {"free_from": today.isoformat()})

    assert ("This day is over." in over.content.decode(), state) == (True, "requested")
    assert Referral.objects.get(pk=referral.pk).free_from == today


def test_a_service_is_checked_on_the_countrys_today(house, person, liberia, there):
    zone, instant = there
    house = Service.objects.get(pk=house.pk)

    actions.confirm_service(service=house, by=person("manager", country=liberia), at=instant)

    assert Service.objects.get(pk=house.pk).assured_date == instant.astimezone(zone).date()


def test_the_directory_counts_the_age_of_a_check_from_the_countrys_today(agency, person, liberia, sign_in, now, there):
    zone, instant = there
    now.move_to(instant, tick=False)
    today, client = instant.astimezone(zone).date(), sign_in(person("manager", country=liberia))
    kept = {days: agency(f"House {days}", "shelter", assured_date=today - days * DAY) for days in (90, 91)}

    whole, old = (client.get(reverse("referral:directory"), told).context["page"] for told in ({}, {"check": "old"}))
    pages = [client.get(reverse("referral:service", args=[service.public_id])) for service in kept.values()]

    assert {service.pk: service.checked for service in whole} == {kept[90].pk: "fresh", kept[91].pk: "marked"}
    assert [service.pk for service in old] == [kept[91].pk]
    assert [page.context["checked"] for page in pages] == ["fresh", "marked"]


def test_find_help_shows_what_runs_on_the_countrys_today(agency, liberia, client, now, there):
    zone, instant = there
    now.move_to(instant, tick=False)
    today = instant.astimezone(zone).date()
    agency("Last day", "shelter", valid_until=today, assured_date=today - 90 * DAY)
    agency("Over", "shelter", valid_until=today - DAY)
    agency("First day", "shelter", valid_from=today)
    agency("Tomorrow", "shelter", valid_from=today + DAY)

    cards = client.get(reverse("referral:find_help", args=[liberia.slug])).context["services"]

    assert {card.name: card.checked for card in cards} == {"Last day": "fresh", "First day": "fresh"}


def test_who_fills_a_role_for_one_day_is_told_on_the_countrys_day(late, person, liberia, there):
    zone, instant = there
    (_case, first), today = late, instant.astimezone(zone).date()
    person("manager", country=liberia)
    RoleAssignment.objects.create(
        country=liberia, role=first.to_role, staff_role="manager", valid_from=today, valid_until=today
    )

    escalations.fire(escalation=first, at=instant)

    first.refresh_from_db()
    assert (first.told_role, first.was_hole) == ("manager", False)
