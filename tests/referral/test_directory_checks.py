"""Who confirms a service confirms what the page showed."""

import datetime as dt

import pytest
from django.urls import reverse

from referral import actions
from referral.actions import ServiceDetails
from referral.models import Capacity, Service

pytestmark = pytest.mark.usefixtures("now")


def shown_of(client, service):
    """Return the address and what a browser sends when "checked today" is pressed on the page of a service."""
    shown = client.get(reverse("referral:service", args=[service.public_id])).context["shown"]
    told = {field.name: field.value() for field in shown}
    told = {name: value for name, value in told.items() if value is not None}
    return reverse("referral:service_confirm", args=[service.public_id]), told


def test_confirming_puts_todays_date_on_it(house, person, liberia, sign_in, at):
    client = sign_in(person("manager", country=liberia))

    first, again = (client.post(*shown_of(client, house)) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert Service.objects.get(pk=house.pk).assured_date == at.date()


def test_who_confirms_an_older_page_of_a_service_is_shown_what_changed(house, person, liberia, sign_in, at):
    client = sign_in(person("manager", country=liberia))
    checked = Service.objects.get(pk=house.pk).assured_date
    address, told = shown_of(client, house)
    Service.objects.filter(pk=house.pk).update(fees="5 dollars", changed_at=at + dt.timedelta(minutes=1))

    late = client.post(address, told)

    assert late.status_code == 409
    assert [(row.label, row.sent, row.stands) for row in late.context["changes"]] == [("Fees", "–", "5 dollars")]
    assert "Somebody changed this service while you had it open." in late.content.decode()
    assert Service.objects.get(pk=house.pk).assured_date == checked
    told = {field.name: field.value() for field in late.context["shown"] if field.value() is not None}
    assert client.post(address, told).status_code == 302
    assert Service.objects.get(pk=house.pk).assured_date == at.date()


def test_a_confirmation_of_a_count_from_before_a_place_was_taken_is_shown_the_count(
    house, beds, person, liberia, sign_in
):
    client = sign_in(person("manager", country=liberia))
    address, told = shown_of(client, house)
    beds()

    late = client.post(address, told)

    assert late.status_code == 409
    assert [(row.label, row.sent, row.stands) for row in late.context["changes"]] == [("Free places today", "1", "0")]


def test_a_confirmation_that_does_not_say_what_it_saw_confirms_nothing(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    checked = Service.objects.get(pk=house.pk).assured_date

    late = client.post(reverse("referral:service_confirm", args=[house.public_id]))

    assert late.status_code == 409
    assert Service.objects.get(pk=house.pk).assured_date == checked


def test_a_count_is_of_today_when_the_service_is_confirmed(house, person, liberia, sign_in, at):
    old = at - dt.timedelta(days=30)
    Capacity.objects.create(service=house, available=1, maximum=4, updated_at=old)
    client = sign_in(person("manager", country=liberia))

    client.post(*shown_of(client, house))

    assert (house.count, house.capacities.get().updated_at) == ((1, 4), at)


def test_a_save_keeps_the_check_of_a_service_that_came_while_it_was_read(house, at):
    read = Service.objects.get(pk=house.pk)
    actions.confirm_service(service=house, by="other", at=at)

    details = ServiceDetails(name="Rooms", term="shelter")
    actions.save_service(organisation=house.organisation, service=read, details=details, by="test", at=at)

    assert Service.objects.get(pk=house.pk).assured_date == at.date()


def test_the_page_of_a_service_carries_what_it_shows_to_the_confirmation(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))

    page = client.get(reverse("referral:service", args=[house.public_id])).content.decode()

    assert '<input type="hidden" name="minimum_age" value="0">' in page
    assert '<input type="hidden" name="counted" value="none">' in page
    assert 'id="None"' not in page
