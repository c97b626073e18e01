"""The directory: who edits, what is refused, secret places, contacts that change by two people, find help for everybody."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter, PublicContact
from referral import actions
from referral.actions import ServiceDetails
from referral.models import AgencyContact, Capacity, Organisation, Service
from referral.queries import directory
from referral.queries.directory import services_for

SECRET = "12 Quillfeather Lane"


pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def house(agency, at):
    """A safe house with a secret place."""
    service = agency("Safe house A", "shelter")
    actions.add_place(service=service, visibility="secret", address=SECRET, by="test", at=at)
    return service


def form_of(**changes):
    return {"name": "Rooms", "term": "shelter", "status": "active", **changes}


def test_a_secret_place_is_in_no_page_and_opens_only_to_a_supervisor_with_a_reason(house, person, liberia, sign_in, client):  # fmt: skip
    place = house.places.get()
    reveal = reverse("referral:place_reveal", args=[house.public_id, place.public_id])
    pages = [client.get(reverse("referral:find_help", args=["liberia"]))]
    for role in ("operator", "supervisor", "manager", "focal_point"):
        user = person(role, country=liberia)
        pages += [
            sign_in(user).get(reverse("referral:service", args=[house.public_id])),
            client.get(reverse("referral:directory")),
        ]
        if role != "supervisor":
            assert client.post(reveal, {"reason": "I want to know it."}).status_code == 404

    assert {page.status_code for page in pages} == {200}
    assert not [page for page in pages if "Quillfeather" in page.content.decode()]
    assert "Quillfeather" not in place.sealed_address.raw
    sign_in(person("supervisor", country=liberia))
    assert client.post(reveal, {"reason": ""}).status_code == 302
    assert SECRET in client.post(reveal, {"reason": "A woman is on her way."}).content.decode()
    assert AuditEntry.objects.filter(verb="sealed.revealed", body__contains="secret_place").count() == 1


@pytest.mark.parametrize("role", ["operator", "supervisor", "analyst", "translator", "learner"])
def test_others_do_not_edit(house, person, liberia, sign_in, role):
    client = sign_in(person(role, country=liberia))

    answers = [
        client.post(reverse("referral:service_edit", args=[house.public_id]), form_of()),
        client.post(reverse("referral:service_confirm", args=[house.public_id])),
        client.post(reverse("referral:contact_change", args=[house.public_id]), {"email": "x@example.org"}),
        client.post(reverse("referral:service_new"), form_of()),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Service.objects.get(pk=house.pk).name_en == "Safe house A"


def test_a_focal_point_edits_its_own_agency_only(house, agency, person, liberia, sign_in, client):
    other, user = agency("Safe house B", "shelter"), person("focal_point", country=liberia)
    house.organisation.focal_points.add(user)
    sign_in(user)

    own = client.post(reverse("referral:service_edit", args=[house.public_id]), form_of(sex_male="yes"))
    foreign = client.post(reverse("referral:service_edit", args=[other.public_id]), form_of())

    assert (own.status_code, foreign.status_code) == (302, 404)
    assert house.eligibilities.get(criterion="sex", value="male").is_taken
    assert client.get(reverse("referral:requests")).status_code == 200


def test_confirming_puts_todays_date_on_it(house, person, liberia, sign_in, at):
    client = sign_in(person("manager", country=liberia))

    first, again = (client.post(*shown_of(client, house)) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert Service.objects.get(pk=house.pk).assured_date == at.date()


@pytest.mark.parametrize(
    "changes", [{"minimum_age": "20", "maximum_age": "10"}, {"available": "5", "maximum": "4"}, {"available": "1"},
                {"available": "-1", "maximum": "4"}, {"valid_from": "2026-12-01", "valid_until": "2026-11-01"},
                {"name": ""}, {"name": "a\u0000"}, {"term": "odd"}],
)  # fmt: skip
def test_wrong_limits_are_refused_beside_their_fields(house, person, liberia, sign_in, changes):
    client = sign_in(person("manager", country=liberia))

    page = client.post(reverse("referral:service_edit", args=[house.public_id]), form_of(**changes))

    assert page.status_code == 400
    assert "error-text" in page.content.decode()
    assert Service.objects.get(pk=house.pk).name_en == "Safe house A"


def test_a_second_organisation_of_one_name_is_refused_and_named(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = form_of(organisation_name="safe house a (EXAMPLE)", organisation_description="Again.")

    page = client.post(reverse("referral:service_new"), told)

    assert page.status_code == 409
    assert "Safe house A (example)" in page.content.decode()
    assert Organisation.objects.count() == 1


def test_a_manager_adds_a_service_with_a_new_organisation(person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = form_of(organisation_name="Hostel C (example)", organisation_description="Example.", email="c@example.org")

    page = client.post(reverse("referral:service_new"), told)

    service = Service.objects.get()
    assert page.url == reverse("referral:service", args=[service.public_id])
    assert service.organisation.contacts.get().email is not None


def test_a_new_address_waits_three_days_and_for_another_manager(house, person, liberia, at):
    contact = house.organisation.contacts.get()
    first, second = person("manager", country=liberia), person("manager", country=liberia)
    actions.ask_contact_change(contact=contact, email="new@example.org", by=first, at=at)

    with pytest.raises(actions.SamePerson):
        actions.confirm_contact_change(contact=contact, by=first, at=at + dt.timedelta(days=4))
    with pytest.raises(actions.TooSoon):
        actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(hours=71))
    actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(hours=72))

    told = Letter.objects.get(key__startswith="contact_change")
    assert "new@example.org" not in accounts.open_letter(told).text
    with pytest.raises(actions.NoChangeWaits):
        actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(days=5))


def test_requests_go_to_the_old_address_while_a_change_waits(house, agency, at_referrals, open_run, operator, person, liberia, at, keys):  # fmt: skip
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    contact = house.organisation.contacts.get()
    actions.ask_contact_change(
        contact=contact, email="thief@example.org", by=person("manager", country=liberia), at=at
    )

    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    assert "thief@example.org" not in {accounts.open_letter(letter).to for letter in Letter.objects.all()}
    assert Letter.objects.filter(key__startswith="agency_link").count() == 1


def test_a_contact_is_sealed(house):
    contact = house.organisation.contacts.get()

    assert str(contact.email) == "sealed"
    assert "example.org" not in contact.email.raw


def test_find_help_is_open_to_everybody_and_filters(house, agency, liberia, county, client):
    agency("County clinic B", "health")
    PublicContact.objects.create(country=liberia, kind="hotline", name_en="Hotline", number="2883")
    page = reverse("referral:find_help", args=["liberia"])

    everything = client.get(page).content.decode()
    shelter = client.get(page, {"need": "shelter", "area": county.pk}).content.decode()
    odd = client.get(page, {"need": "\u202e", "area": "9" * 30})

    assert "Safe house A" in everything
    assert "County clinic B" in everything
    assert "Safe house A" in shelter
    assert "County clinic B" not in shelter
    assert "2883" in shelter
    assert odd.status_code == 200
    assert client.get(reverse("referral:find_help", args=["nowhere"])).status_code == 404


def test_old_checks_are_marked_and_never_hidden(agency, liberia, at):
    for days in (10, 91, 181):
        agency(f"House {days}", "shelter", assured_date=(at - dt.timedelta(days=days)).date())
    agency("House never", "shelter", assured_date=None)

    cards = services_for(liberia, "shelter", on=at.date())

    assert [card.checked for card in cards] == ["fresh", "marked", "ask", "never"]


def test_services_of_another_country_do_not_exist(house, person, sign_in, liberia):
    abroad = type(liberia).objects.create(
        code="MW", name="Malawi", slug="malawi", language_codes="en", time_zone="Africa/Blantyre"
    )
    client = sign_in(person("manager", country=abroad))

    assert client.get(reverse("referral:service", args=[house.public_id])).status_code == 404
    assert house.name not in client.get(reverse("referral:directory")).content.decode()


def test_what_is_not_stated_is_not_written_as_yes(house, at):
    details = ServiceDetails(name="Rooms", term="shelter", taken={("sex", "female"): True})

    actions.save_service(organisation=house.organisation, service=house, details=details, by="test", at=at)

    assert list(house.eligibilities.values_list("criterion", "value", "is_taken")) == [("sex", "female", True)]


def test_needs_are_five_sentences_of_a_visitor():
    assert len(directory.needs()) == 5


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [(0, 120, "all ages"), (None, 17, "age 0 to 17"), (18, 120, "from age 18"), (6, 17, "age 6 to 17")],
)
def test_find_help_says_whom_a_service_takes_by_age_in_words(agency, client, youngest, oldest, said):
    service = agency("Safe house A", "shelter")
    Service.objects.filter(pk=service.pk).update(minimum_age=youngest, maximum_age=oldest)

    assert said in client.get(reverse("referral:find_help", args=["liberia"])).content.decode()


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

    late = client.post(url, form_of(maximum_age=99, seen=seen))

    house.refresh_from_db()
    assert (late.status_code, house.minimum_age, house.maximum_age) == (409, 18, None)
    assert [(row.label, row.stands, row.sent) for row in late.context["stands"]] == [
        ("From age", "18", "–"),
        ("Up to age", "–", "99"),
    ]
    again = form_of(minimum_age=18, maximum_age=99, seen=late.context["form"]["seen"].value())
    assert client.post(url, again).status_code == 302
    house.refresh_from_db()
    assert (house.minimum_age, house.maximum_age) == (18, 99)


@pytest.fixture
def beds(house, agency, at_referrals, open_run, operator, at, keys):
    """A house with one free place of four, and what lets its agency take that place."""
    Capacity.objects.create(service=house, available=1, maximum=4, updated_at=at)
    case = at_referrals(house, agency("Listening room", "psychosocial"))

    def take():
        actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
        actions.accept(referral=case.referrals.get(), key=next(keys), by=operator, at=at)

    return take


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
    told = form_of(organisation=house.organisation_id, key=key)

    first, second = client.post(url, told), client.post(url, told)

    service = Service.objects.get(name_en="Rooms")
    assert first.url == second.url == reverse("referral:service", args=[service.public_id])


def test_another_service_of_one_name_is_refused_and_named(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = form_of(organisation=house.organisation_id, name="safe HOUSE a")

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


def test_the_database_keeps_one_active_contact_an_agency_has(house):
    with pytest.raises(IntegrityError, match=r"one_active_contact_an_agency|UNIQUE"):
        AgencyContact.objects.create(organisation=house.organisation, name="Desk")


def shown_of(client, service):
    """Return the address and what a browser sends when "checked today" is pressed on the page of a service."""
    shown = client.get(reverse("referral:service", args=[service.public_id])).context["shown"]
    told = {field.name: field.value() for field in shown}
    told = {name: value for name, value in told.items() if value is not None}
    return reverse("referral:service_confirm", args=[service.public_id]), told


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
