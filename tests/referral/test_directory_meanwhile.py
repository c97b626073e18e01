"""The directory under two pairs of hands: older pages, counts that moved, one sending twice, two who enrol."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import AuditEntry
from referral import actions
from referral.actions import ServiceDetails
from referral.models import AgencyContact, Organisation, Service
from tests.referral.pages import service_form

pytestmark = pytest.mark.usefixtures("now")


def test_who_saves_an_older_page_of_a_service_is_shown_what_stands_and_may_send_it_again(
    house, person, liberia, sign_in, at
):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    seen = client.get(url).context["form"]["seen"].value()
    details = ServiceDetails(name="Rooms", term="shelter", minimum_age=18)
    actions.save_service(
        organisation=house.organisation, service=house, details=details, by="other", at=at + dt.timedelta(minutes=1)
    )

    late = client.post(url, service_form(maximum_age=99, seen=seen))

    house.refresh_from_db()
    assert (late.status_code, house.minimum_age, house.maximum_age) == (409, 18, None)
    assert [(row.label, row.stands, row.sent) for row in late.context["stands"]] == [
        ("From age", "18", "–"),
        ("Up to age", "–", "99"),
    ]
    again = service_form(minimum_age=18, maximum_age=99, seen=late.context["form"]["seen"].value())
    assert client.post(url, again).status_code == 302
    house.refresh_from_db()
    assert (house.minimum_age, house.maximum_age) == (18, 99)


def opened(client, url):
    """Return what a browser sends when a page of a service is opened and sent as it is."""
    form = client.get(url).context["form"]
    told = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in told.items() if value is not None and value is not False}


def test_a_save_of_an_older_page_does_not_give_back_a_place_that_an_agency_took(house, beds, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url)
    beds()

    saved = client.post(url, told | {"description": "Rooms for four."})

    assert saved.status_code == 302
    assert Service.objects.get(pk=house.pk).description_en == "Rooms for four."
    assert house.count == (0, 4)


def test_a_count_that_was_edited_on_an_older_page_is_shown_beside_what_stands(house, beds, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url)
    beds()

    late = client.post(url, told | {"available": "2"})

    assert (late.status_code, house.count) == (409, (0, 4))
    assert [(row.label, row.stands, row.sent) for row in late.context["stands"]] == [("Free places today", "0", "2")]
    again = late.context["form"]["counted"].value()
    assert client.post(url, told | {"available": "2", "counted": again}).status_code == 302
    assert house.count == (2, 4)


def test_a_count_that_nobody_touched_is_the_one_of_now_when_something_else_is_shown_beside_what_stands(
    house, beds, person, liberia, sign_in, at
):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url)
    beds()
    Service.objects.filter(pk=house.pk).update(fees="None.", changed_at=at + dt.timedelta(minutes=1))

    late = client.post(url, told)

    assert late.status_code == 409
    assert [(row.label, row.stands) for row in late.context["stands"]] == [("Fees", "None.")]
    assert late.context["form"]["available"].value() == "0"


def test_the_same_new_service_sent_twice_is_added_once_and_shown_both_times(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_new")
    key = client.get(url).context["owner"]["key"].value()
    told = service_form(organisation=house.organisation_id, key=key)

    first, second = client.post(url, told), client.post(url, told)

    service = Service.objects.get(name_en="Rooms")
    assert first.url == second.url == reverse("referral:service", args=[service.public_id])


def test_the_same_form_with_another_service_is_refused_with_its_words_and_added_once_sent_anew(
    house, person, liberia, sign_in
):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_new")
    key = client.get(url).context["owner"]["key"].value()
    told = service_form(organisation=house.organisation_id, key=key)
    other = told | {"name": "Beds", "fees": "None."}
    client.post(url, told)

    refused = client.post(url, other)

    assert refused.status_code == 409
    assert "You sent this form before, with other answers." in refused.content.decode()
    form, anew = refused.context["form"], refused.context["owner"]["key"].value()
    assert (form["name"].value(), form["fees"].value()) == ("Beds", "None.")
    assert not Service.objects.filter(name_en="Beds").exists()
    answers = [client.post(url, other | {"key": anew}) for _ in range(2)]
    assert {answer.url for answer in answers} == {
        reverse("referral:service", args=[Service.objects.get(name_en="Beds").public_id])
    }


def test_the_same_form_with_another_new_organisation_adds_neither(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url, told = reverse("referral:service_new"), service_form(key="one", organisation_description="Example.")

    answers = [client.post(url, told | {"organisation_name": f"Hostel {letter} (example)"}) for letter in "CCD"]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert not Organisation.objects.filter(name="Hostel D (example)").exists()
    assert Service.objects.filter(name_en="Rooms").count() == 1


def test_another_service_of_one_name_is_refused_and_named(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = service_form(organisation=house.organisation_id, name="safe HOUSE a")

    page = client.post(reverse("referral:service_new"), told)

    assert page.status_code == 409
    assert "The directory has “Safe house A” already. Edit that one." in page.content.decode()
    assert Service.objects.count() == 1


def test_the_database_keeps_one_service_of_a_name_an_organisation_has(house, at):
    with pytest.raises(IntegrityError, match=r"one_service_a_name|UNIQUE"):
        Service.objects.create(
            organisation=house.organisation, name="x", name_en="SAFE house a", term="shelter", changed_at=at
        )


def test_who_enrols_an_address_that_another_manager_enrolled_meanwhile_is_told(agency, person, liberia, sign_in, at):
    house = agency("Safe house A", "shelter", email="")
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:contact_change", args=[house.public_id])
    assert 'name="act" value="enrol"' in client.get(url).content.decode()
    actions.enrol_contact(organisation=house.organisation, name="Desk", email="one@example.org", by="other", at=at)

    late = client.post(url, {"act": "enrol", "email": "two@example.org"})

    assert late.status_code == 409
    assert "has an address for requests already" in late.content.decode()
    assert 'name="act" value="ask"' in late.content.decode()
    contact = house.organisation.contacts.get()
    assert contact.change_asked_at is None
    assert client.post(url, {"act": "ask", "email": "two@example.org"}).status_code == 302
    contact.refresh_from_db()
    assert contact.change_asked_at is not None


def test_the_database_keeps_one_contact_an_agency_has(house):
    with pytest.raises(IntegrityError, match=r"one_contact_an_agency|UNIQUE"):
        AgencyContact.objects.create(organisation=house.organisation, name="Desk")


@pytest.fixture
def written_before(house, at):
    """The house and its agency, last changed an hour ago."""
    earlier = at - dt.timedelta(hours=1)
    Service.objects.update(changed_at=earlier)
    Organisation.objects.update(changed_at=earlier)


@pytest.mark.usefixtures("written_before")
def test_a_second_click_on_save_of_a_service_is_no_conflict(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url) | {"description": "Rooms for four.", "maximum_age": "60", "sex_female": "yes"}

    assert [client.post(url, told).status_code for _ in range(2)] == [302, 302]

    house.refresh_from_db()
    assert (house.description_en, house.maximum_age) == ("Rooms for four.", 60)
    assert AuditEntry.objects.filter(verb="directory.service_saved", thing__contains=str(house.public_id)).count() == 1


@pytest.mark.usefixtures("written_before")
def test_a_second_click_on_save_does_not_give_back_a_place_that_an_agency_took_in_between(
    house, beds, person, liberia, sign_in
):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url) | {"description": "Rooms for four."}
    assert client.post(url, told).status_code == 302
    beds()

    assert client.post(url, told).status_code == 302
    assert house.count == (0, 4)


@pytest.mark.usefixtures("written_before")
@pytest.mark.parametrize("change", [{"name": "Other"}, {"sex_male": "no"}, {"languages": ["fr"]}, {"fees": "none"}])
def test_an_older_page_that_says_something_else_is_still_refused(house, person, liberia, sign_in, change):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:service_edit", args=[house.public_id])
    told = opened(client, url)
    assert client.post(url, told | {"description": "Rooms for four."}).status_code == 302

    assert client.post(url, told | {"description": "Rooms for four."} | change).status_code == 409


@pytest.mark.usefixtures("written_before")
def test_a_second_click_on_a_public_number_is_no_conflict(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    url = reverse("referral:public_number", args=[house.public_id])
    told = opened(client, url) | {"number": "+231 77 000 0001"}

    assert [client.post(url, told).status_code for _ in range(2)] == [302, 302]
    assert client.post(url, told | {"number": "+231 77 000 0002"}).status_code == 409
    assert AuditEntry.objects.filter(verb="directory.public_number_changed").count() == 1
