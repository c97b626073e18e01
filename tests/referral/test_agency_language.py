"""The language in which an agency is written to: said when it is enrolled, changed by one person."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter
from referral import actions
from referral.models import AgencyContact
from tests.referral.pages import service_form

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


@pytest.fixture
def bilingual(liberia):
    """The country, in which French and English are spoken, French first."""
    liberia.language_codes = "fr en"
    liberia.save()
    return liberia


@pytest.fixture
def manager(person, bilingual):
    """A programme manager of the country."""
    return person("manager", country=bilingual)


@pytest.fixture
def house(agency, bilingual):
    """A safe house whose agency has no address for requests yet."""
    return agency("Safe house A", "shelter", email="")


@pytest.fixture
def page(house):
    """The address of the form that changes the language."""
    return reverse("referral:organisation_language", args=[house.organisation.public_id])


def enrol(client, house, **told):
    door = reverse("referral:contact_change", args=[house.public_id])
    return client.post(door, {"act": "enrol", "email": "desk@example.org", **told})


def stands(house):
    return AgencyContact.objects.get(organisation=house.organisation).language


def test_a_letter_of_request_to_an_agency_enrolled_in_french_is_french(
    house, manager, sign_in, at_referrals, agency, open_run, operator, at, keys
):
    assert enrol(sign_in(manager), house, language="fr").status_code == 302
    case = at_referrals(house, agency("Listening room", "psychosocial"))

    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    letter = Letter.objects.get(key__startswith="agency_link")
    told = accounts.open_letter(letter)
    assert letter.language == "fr"
    assert "Une demande attend la réponse de votre bureau" in told.text
    assert "/fr/a/" in told.text


@pytest.mark.parametrize(("told", "written"), [({}, "fr"), ({"language": "en"}, "en")])
def test_a_new_agency_says_its_language_and_is_else_written_to_in_the_first_of_its_country(
    manager, sign_in, told, written
):
    client, door = sign_in(manager), reverse("referral:service_new")
    assert '<option value="fr" selected lang="fr">français</option>' in client.get(door).content.decode()

    new = {"organisation_name": "Hostel C", "organisation_description": "Rooms.", "email": "c@example.org"}
    answer = client.post(door, service_form(key="1", **new, **told))

    assert answer.status_code == 302
    assert AgencyContact.objects.get().language == written


def test_a_language_that_the_country_does_not_have_is_refused(house, manager, sign_in):
    answer = enrol(sign_in(manager), house, language="th")

    assert (answer.status_code, "language" in answer.context["form"].errors) == (400, True)
    assert not AgencyContact.objects.exists()


def test_a_change_of_the_address_asks_for_no_language(house, manager, sign_in):
    client = sign_in(manager)
    enrol(client, house, language="fr")

    asked = client.post(
        reverse("referral:contact_change", args=[house.public_id]), {"email": "new@example.org", "language": "en"}
    )

    assert asked.status_code == 302
    assert stands(house) == "fr"


@pytest.mark.both
@pytest.mark.parametrize("role", ["manager", "focal_point"])
def test_one_person_changes_the_language_once(house, page, manager, person, bilingual, sign_in, at, role):
    enrol(sign_in(manager), house, language="fr")
    who = person(role, country=bilingual)
    if role == "focal_point":
        actions.add_focal_point(organisation=house.organisation, person=who, by="test", at=at)
    client = sign_in(who)
    seen = client.get(page).context["form"]["seen"].value()

    answers = [client.post(page, {"language": "en", "seen": seen}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert stands(house) == "en"
    assert AuditEntry.objects.filter(verb="directory.language_changed").count() == 1
    assert "English" in client.get(answers[0].url).content.decode()


@pytest.mark.both
def test_a_language_that_somebody_else_set_meanwhile_is_shown_first(house, page, manager, sign_in, at):
    client = sign_in(manager)
    enrol(client, house, language="fr")
    AgencyContact.objects.update(language="ht")
    seen = client.get(page).context["form"]["seen"].value()
    actions.set_language(
        organisation=house.organisation, language="fr", by="somebody", at=at + dt.timedelta(minutes=1)
    )

    late = client.post(page, {"language": "en", "seen": seen})

    assert late.status_code == 409
    assert [(row.stands, row.sent) for row in late.context["stands"]] == [("français", "English")]
    assert stands(house) == "fr"
    assert client.post(page, {"language": "en", "seen": late.context["form"]["seen"].value()}).status_code == 302
    assert stands(house) == "en"


def test_who_may_not_keep_the_agency_or_finds_no_address_changes_nothing(house, page, manager, person, sign_in):
    assert sign_in(manager).get(page).status_code == 404
    enrol(sign_in(manager), house)
    stranger = sign_in(person("focal_point", country=house.organisation.country))

    assert [stranger.get(page).status_code, stranger.post(page, {"language": "en"}).status_code] == [404, 404]
    assert Client().get(page).status_code == 302
    assert stands(house) == "fr"
