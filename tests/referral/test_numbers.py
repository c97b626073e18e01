"""The numbers of an agency: the public one that everybody sees, and the one at which a code is spoken."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Country, PublicContact
from referral import actions
from referral.models import AgencyContact, Organisation
from tests.referral.pages import service_form, url

pytestmark = pytest.mark.usefixtures("now")
CALL_BACK, PUBLIC = "+231770000201", "+231770000301"
LINK = f'href="tel:{CALL_BACK}"'
NONE = "The directory has no number for call-backs of"


@pytest.fixture
def numbered(at):
    """Give the agency of a service a public number and a number for call-backs."""

    def give(service):
        organisation, contact = service.organisation, service.organisation.contacts.get()
        actions.change_public_number(organisation=organisation, number=PUBLIC, by="test", at=at)
        accounts.seal(contact, "number", CALL_BACK)
        contact.number_index = accounts.index_of(CALL_BACK, "agency_contact")
        contact.save()

    return give


@pytest.fixture
def ask(own, open_run, operator, sign_in):
    """Ask the safe house from the page of the case; returns the page that shows the code."""
    run = open_run(own, "shelter")

    def send():
        told = {"service": str(house_of(own).pk), "urgency": "normal", "key": "ask", "seen": own.event_count}
        return sign_in(operator).post(url("refer", own, run.number), told)

    return send


def house_of(case):
    return Organisation.objects.get(country=case.country, name="Safe house A (example)").services.get()


def readings():
    return AuditEntry.objects.filter(verb="sealed.revealed", body__contains="call_agency").count()


def test_the_code_stands_beside_the_number_at_which_it_is_spoken_and_the_reading_is_recorded(own, ask, numbered):
    numbered(house_of(own))

    page = ask().content.decode()

    assert "spoken-code" in page
    assert LINK in page
    assert PUBLIC not in page
    assert readings() == 1


def test_where_an_agency_has_no_number_the_page_says_whom_to_ask(own, ask):
    page = ask().content.decode()

    assert "spoken-code" in page
    assert NONE in page
    assert "Ask a programme manager" in page
    assert "tel:" not in page[page.index("spoken-code") :]
    assert readings() == 0


def test_a_repeat_that_shows_no_code_reads_no_number(own, ask, numbered):
    numbered(house_of(own))

    pages = [ask().content.decode() for _ in range(2)]

    assert ["spoken-code" in page for page in pages] == [True, False]
    assert readings() == 1


def test_a_new_code_and_the_code_of_a_deletion_stand_beside_the_number(own, ask, numbered, operator, sign_in):
    numbered(house_of(own))
    ask()
    own.refresh_from_db()
    client, referral = sign_in(operator), own.referrals.get()

    again = client.post(url("referral_code", own, referral.public_id)).content.decode()
    actions.accept(referral=referral, key="yes", by=operator, at=referral.requested_at)
    own.refresh_from_db()
    told = {"organisation": "all", "key": "back", "seen": own.event_count}
    back = client.post(url("case_withdraw", own), told).content.decode()

    assert [("spoken-code" in page, LINK in page) for page in (again, back)] == [(True, True)] * 2
    assert readings() == 3


@pytest.mark.parametrize("where", ["case_detail", "referral_answer"])
def test_who_works_the_case_opens_the_number_from_the_pages_that_say_to_call(
    own, ask, numbered, operator, sign_in, where
):
    numbered(house_of(own))
    ask()
    client, referral = sign_in(operator), own.referrals.get()
    page = client.get(url(where, own, *([referral.public_id] if where == "referral_answer" else []))).content.decode()
    door = url("agency_number", own, referral.organisation.public_id)

    assert f'action="{door}"' in page
    assert CALL_BACK not in page
    before = readings()
    shown = client.post(door)
    assert LINK in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert readings() == before + 1


def test_nobody_else_opens_it_and_a_foreign_agency_has_no_page(own, numbered, person, liberia, sign_in, at):
    house = house_of(own)
    numbered(house)
    abroad = Country.objects.create(
        code="MW", name="Malawi", slug="malawi", language_codes="en", time_zone="Africa/Blantyre"
    )
    elsewhere = Organisation.objects.create(
        country=abroad, name="Elsewhere (example)", description="Example.", created_at=at, changed_at=at
    )
    door = url("agency_number", own, house.organisation.public_id)

    for role in ("operator", "manager", "focal_point", "analyst"):
        assert sign_in(person(role, country=liberia)).post(door).status_code == 404
    assert sign_in(own.owner).post(url("agency_number", own, elsewhere.public_id)).status_code == 404
    assert sign_in(own.owner).get(door).status_code == 405
    assert readings() == 0


def test_a_number_that_waits_for_a_second_manager_is_not_the_one_to_call(own, ask, numbered, person, liberia, at):
    house = house_of(own)
    numbered(house)
    contact = house.organisation.contacts.get()
    actions.ask_contact_change(contact=contact, number="+231770000999", by=person("manager", country=liberia), at=at)

    page = ask().content.decode()

    assert LINK in page
    assert "0999" not in page


@pytest.mark.parametrize("role", ["manager", "focal_point"])
@pytest.mark.parametrize(
    ("typed", "kept"), [("077 000 0301", PUBLIC), ("+231 77 000 0301", PUBLIC), ("911", "911"), ("", "")]
)
def test_a_manager_and_the_agency_itself_change_the_public_number(
    house, person, liberia, sign_in, client, role, typed, kept
):
    keeper = person(role, country=liberia)
    house.organisation.focal_points.add(keeper)
    page = reverse("referral:public_number", args=[house.public_id])
    browser = sign_in(keeper)
    seen = browser.get(page).context["form"]["seen"].value()

    answer = browser.post(page, {"number": typed, "seen": seen})

    assert answer.status_code == 302
    assert Organisation.objects.get(pk=house.organisation_id).public_number == kept
    assert AuditEntry.objects.filter(verb="directory.public_number_changed").count() == 1
    help_page = client.get(reverse("referral:find_help", args=["liberia"])).content.decode()
    assert (f'href="tel:{kept}"' in help_page) is bool(kept)


def test_find_help_keeps_what_is_told_of_a_number_apart(client, liberia):
    told = {"hours": "Every day", "is_free": True, "source_kind": "demonstration"}
    PublicContact.objects.create(country=liberia, kind="hotline", name="Hotline", number="2883", **told)

    page = client.get(reverse("referral:find_help", args=["liberia"])).content.decode()

    assert '<br><span class="soft small">free · <bdi>Every day</bdi> (demonstration)</span></li>' in page


@pytest.mark.parametrize("typed", ["12", "abc", "+999 1", "07700003\u0000", "9" * 29])
def test_what_cannot_be_dialled_is_refused_beside_its_field(house, person, liberia, sign_in, typed):
    browser = sign_in(person("manager", country=liberia))
    pages = {
        "public_number": browser.post(reverse("referral:public_number", args=[house.public_id]), {"number": typed}),
        "contact": browser.post(reverse("referral:contact_change", args=[house.public_id]), {"number": typed}),
    }

    assert {page.status_code for page in pages.values()} == {400}
    assert all("number" in page.context["form"].errors for page in pages.values())
    assert Organisation.objects.get(pk=house.organisation_id).public_number == ""
    assert house.organisation.contacts.get().new_number is None


@pytest.mark.parametrize("role", ["operator", "supervisor", "focal_point", "translator"])
def test_others_do_not_change_it(house, person, liberia, sign_in, role):
    page = reverse("referral:public_number", args=[house.public_id])

    answer = sign_in(person(role, country=liberia)).post(page, {"number": PUBLIC})

    assert answer.status_code == 404
    assert Organisation.objects.get(pk=house.organisation_id).public_number == ""


def test_who_saves_an_older_page_of_a_number_is_shown_what_stands_and_may_send_it_again(
    house, person, liberia, sign_in, at
):
    browser, page = (
        sign_in(person("manager", country=liberia)),
        reverse("referral:public_number", args=[house.public_id]),
    )
    seen = browser.get(page).context["form"]["seen"].value()
    later = at + dt.timedelta(minutes=1)
    actions.change_public_number(organisation=house.organisation, number="911", by="other", at=later)

    late = browser.post(page, {"number": PUBLIC, "seen": seen})

    assert late.status_code == 409
    assert [(row.stands, row.sent) for row in late.context["stands"]] == [("911", PUBLIC)]
    assert Organisation.objects.get(pk=house.organisation_id).public_number == "911"
    again = {"number": PUBLIC, "seen": late.context["form"]["seen"].value()}
    assert browser.post(page, again).status_code == 302
    assert Organisation.objects.get(pk=house.organisation_id).public_number == PUBLIC


def test_a_new_agency_gets_both_numbers_at_once(person, liberia, sign_in):
    told = service_form(
        organisation_name="Hostel C (example)", organisation_description="Example.", public_number="911",
        number="077 000 0201",
    )  # fmt: skip

    page = sign_in(person("manager", country=liberia)).post(reverse("referral:service_new"), told)

    assert page.status_code == 302
    agency = Organisation.objects.get()
    assert agency.public_number == "911"
    opened = actions.numbers_to_call(organisations=[agency], by="test", at=agency.created_at)
    assert opened == {agency.pk: CALL_BACK}


def test_the_page_of_a_service_says_which_numbers_there_are_and_shows_the_public_one(
    house, numbered, operator, sign_in
):
    page = reverse("referral:service", args=[house.public_id])
    bare = re.sub(r"<[^>]+>", " ", sign_in(operator).get(page).content.decode()).split()

    numbered(house)
    words = sign_in(operator).get(page).content.decode()

    assert "call-backs none" in " ".join(bare)
    assert f'href="tel:{PUBLIC}"' in words
    assert CALL_BACK not in words
    assert AgencyContact.objects.get().number is not None
