"""The directory: who edits, what is refused, secret places, contacts that change by two people, find help for everybody."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter, PublicContact
from referral import actions
from referral.actions import ServiceDetails
from referral.models import Organisation, Service
from referral.queries import directory
from referral.queries.directory import services_for
from referral.queries.referrals import ranked
from tests.referral.pages import service_form

SECRET = "12 Quillfeather Lane"


pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def house(agency, at):
    """A safe house with a secret place."""
    service = agency("Safe house A", "shelter")
    actions.add_place(service=service, visibility="secret", address=SECRET, by="test", at=at)
    return service


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
        client.post(reverse("referral:service_edit", args=[house.public_id]), service_form()),
        client.post(reverse("referral:service_confirm", args=[house.public_id])),
        client.post(reverse("referral:contact_change", args=[house.public_id]), {"email": "x@example.org"}),
        client.post(reverse("referral:service_new"), service_form()),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Service.objects.get(pk=house.pk).name_en == "Safe house A"


def test_a_focal_point_edits_its_own_agency_only(house, agency, person, liberia, sign_in, client):
    other, user = agency("Safe house B", "shelter"), person("focal_point", country=liberia)
    house.organisation.focal_points.add(user)
    sign_in(user)

    own = client.post(reverse("referral:service_edit", args=[house.public_id]), service_form(sex_male="yes"))
    foreign = client.post(reverse("referral:service_edit", args=[other.public_id]), service_form())

    assert (own.status_code, foreign.status_code) == (302, 404)
    assert house.eligibilities.get(criterion="sex", value="male").is_taken
    assert client.get(reverse("referral:requests")).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"minimum_age": "20", "maximum_age": "10"}, {"available": "5", "maximum": "4"}, {"available": "1"},
                {"available": "-1", "maximum": "4"}, {"valid_from": "2026-12-01", "valid_until": "2026-11-01"},
                {"valid_from": "0001-01-01"}, {"valid_until": "9999-12-31"}, {"areas": str(2**63)}, {"areas": "9" * 400},
                {"name": ""}, {"name": "a\u0000"}, {"term": "odd"}],
)  # fmt: skip
def test_wrong_limits_are_refused_beside_their_fields(house, person, liberia, sign_in, changes):
    client = sign_in(person("manager", country=liberia))

    page = client.post(reverse("referral:service_edit", args=[house.public_id]), service_form(**changes))

    assert page.status_code == 400
    assert "error-text" in page.content.decode()
    assert Service.objects.get(pk=house.pk).name_en == "Safe house A"


@pytest.mark.parametrize("area", [str(2**63 - 1), str(2**63), "9" * 400, "-" + "9" * 30])
@pytest.mark.parametrize("name", ["service_new", "service_edit"])
def test_a_region_whose_key_no_row_can_have_is_an_unknown_choice(house, county, person, liberia, sign_in, name, area):
    client = sign_in(person("manager", country=liberia))
    page = reverse(f"referral:{name}", args=[] if name == "service_new" else [house.public_id])

    answer = client.post(page, service_form(areas=[str(county.pk), area], organisation=house.organisation_id))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["areas"]


def test_a_second_organisation_of_one_name_is_refused_and_named(house, person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = service_form(organisation_name="safe house a (EXAMPLE)", organisation_description="Again.")

    page = client.post(reverse("referral:service_new"), told)

    assert page.status_code == 409
    assert "Safe house A (example)" in page.content.decode()
    assert Organisation.objects.count() == 1


def test_a_manager_adds_a_service_with_a_new_organisation(person, liberia, sign_in):
    client = sign_in(person("manager", country=liberia))
    told = service_form(
        organisation_name="Hostel C (example)",
        organisation_description="Example.",
        email="c@example.org",
        organisation_kind="faith",
    )

    page = client.post(reverse("referral:service_new"), told)

    service = Service.objects.get()
    assert page.url == reverse("referral:service", args=[service.public_id])
    assert service.organisation.contacts.get().email is not None
    assert service.organisation.kind == "faith"


def test_a_new_address_waits_three_days_and_for_another_manager(house, person, liberia, at):
    contact = house.organisation.contacts.get()
    first, second = person("manager", country=liberia), person("manager", country=liberia)
    actions.ask_contact_change(contact=contact, email="new@example.org", by=first, at=at)

    with pytest.raises(actions.SamePerson):
        actions.confirm_contact_change(contact=contact, by=first, at=at + dt.timedelta(days=4), seen="")
    with pytest.raises(actions.TooSoon):
        actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(hours=71), seen="")
    seen = actions.show_contact_change(contact=contact, by=second, at=at + dt.timedelta(hours=72)).seen
    actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(hours=72), seen=seen)

    told = Letter.objects.get(key__startswith="contact_change:")
    assert "new@example.org" not in accounts.open_letter(told).text
    with pytest.raises(actions.NoChangeWaits):
        actions.confirm_contact_change(contact=contact, by=second, at=at + dt.timedelta(days=5), seen=seen)


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


def test_words_of_a_service_that_are_not_in_the_readers_language_bear_their_own(house, client):
    Service.objects.update(name_ar="بيت آمن", description_en="Beds for six")

    words = {language: client.get(f"/{language}/help/liberia/").content.decode() for language in ("ar", "ht", "en")}

    assert "<h3><bdi>بيت آمن</bdi></h3>" in words["ar"]
    assert '<p><span lang="en" dir="ltr">Beds for six</span></p>' in words["ar"]
    assert '<h3><bdi><span lang="en" dir="ltr">Safe house A</span></bdi></h3>' in words["ht"]
    assert "<h3><bdi>Safe house A</bdi></h3>" in words["en"]


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


@pytest.mark.parametrize(("said", "answer"), [("yes", "yes"), ("no", "no"), ("", "not_known")])
def test_the_page_of_a_service_says_which_forms_it_takes_and_matching_reads_it(
    house, new_case, person, liberia, sign_in, at, said, answer
):
    case, client = new_case(facts={"exploitation_type": ["domestic"]}), sign_in(person("manager", country=liberia))

    saved = client.post(
        reverse("referral:service_edit", args=[house.public_id]), service_form(form_domestic=said), follow=True
    )
    match = next(match for service, match in ranked(case, "shelter", at) if service == house)

    assert match.answer("form") == answer
    assert ("Domestic work:" in saved.content.decode()) is bool(said)


def test_needs_are_five_sentences_of_a_visitor():
    assert len(directory.needs()) == 5


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [
        (0, 120, "all ages"),
        (None, 17, "age 0 to 17"),
        (18, 120, "from age 18"),
        (18, 99, "from age 18"),
        (6, 17, "age 6 to 17"),
    ],
)
def test_find_help_says_whom_a_service_takes_by_age_in_words(agency, client, youngest, oldest, said):
    service = agency("Safe house A", "shelter")
    Service.objects.filter(pk=service.pk).update(minimum_age=youngest, maximum_age=oldest)

    assert said in client.get(reverse("referral:find_help", args=["liberia"])).content.decode()
