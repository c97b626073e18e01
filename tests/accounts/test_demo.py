import datetime as dt
import re

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts import demo, queries
from accounts.chain import thing_id
from accounts.choices import Role
from accounts.models import AuditEntry, Country, Holiday, PublicContact, User


@pytest.fixture(scope="module")
def people_of_the_demo(django_db_setup, django_db_blocker):
    """The people of the demo, made once for all tests of this file; none of them stays after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.make(at=dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC))
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield
        transaction.set_rollback(True)


@pytest.fixture
def made(people_of_the_demo, db):
    """What a test does to them is taken back after the test."""


def test_the_seven_countries_stand_with_languages_and_calendars(made):
    assert {country.code: country.languages for country in Country.objects.all()} == {
        "LR": ["en"], "HT": ["fr", "ht"], "MW": ["en", "ny"], "MZ": ["pt"], "MG": ["fr", "mg"], "BD": ["bn", "en"],
        "TN": ["ar", "fr"],
    }  # fmt: skip
    assert queries.calendar_of("BD").weekend == {4, 5}
    assert all(Holiday.objects.filter(country=code, day__year=year).exists() for code in ["LR", "HT", "MW", "MZ", "MG", "BD", "TN"] for year in (2026, 2027))  # fmt: skip
    assert not queries.calendar_of("LR").is_working_day(dt.date(2026, 7, 26))


def test_every_role_has_somebody_in_every_country(made):
    for country in Country.objects.all():
        found = {code for user in queries.staff_of(country) for code in user.role_codes}
        assert found == set(Role.values) - {Role.ADMINISTRATOR}
    assert User.objects.get(email="administrator@example.org").role_codes == {"administrator"}


@pytest.mark.parametrize("email", ["operator.lr", "manager.lr", "manager2.lr", "learner.ht", "translator.tn", "focal_point.lr", "analyst.lr"])  # fmt: skip
def test_people_have_the_addresses_other_rooms_use(made, email):
    user = User.objects.get(email=f"{email}@example.org")

    assert not user.has_usable_password()
    assert not user.is_superuser


def test_making_it_again_changes_nothing(made, at):
    before = User.objects.count(), Holiday.objects.count(), AuditEntry.objects.count()

    demo.make(at=at + dt.timedelta(days=1))

    assert (User.objects.count(), Holiday.objects.count(), AuditEntry.objects.count()) == before


def test_numbers_say_that_they_are_demonstrations(made, at):
    contacts = [
        contact for code in ("LR", "HT", "MW", "MZ", "MG", "BD", "TN") for contact in queries.contacts_of(code)
    ]

    assert {contact.source_kind for contact in contacts} == {"demonstration"}
    assert all(dt.timedelta(0) < at.date() - contact.checked_at <= dt.timedelta(days=30) for contact in contacts)
    assert queries.contacts_of("LR")[0].number == "2883"


def test_each_number_was_kept_by_the_action_and_stands_in_the_audit_log(made):
    kept = AuditEntry.objects.filter(verb="country.number_kept").values_list("thing", flat=True)

    assert sorted(kept) == sorted(thing_id(contact) for contact in PublicContact.objects.all())
    assert len(kept) == sum(len(numbers) for numbers in demo.NUMBERS.values())


def test_each_country_has_the_number_of_its_police_and_says_where_it_was_read(made):
    police = {row.country_id: row for row in PublicContact.objects.filter(kind="police")}

    assert {code: row.number for code, row in police.items()} == {
        "LR": "911", "HT": "114", "MW": "997", "MZ": "119", "MG": "117", "BD": "999", "TN": "197",
    }  # fmt: skip
    assert all(row.source.startswith(demo.UNCONFIRMED) and row.source != demo.UNCONFIRMED for row in police.values())
    with translation.override("ar"):
        assert PublicContact.objects.get(country="TN", kind="police").name == "الشرطة"


def test_one_click_signs_in_as_somebody_of_the_demo(made, client):
    user = User.objects.get(email="manager.lr@example.org")

    client.post(reverse("accounts:demo_people"), {"person": str(user.public_id)})

    assert client.get(reverse("accounts:people")).status_code == 200


def test_the_page_lists_everybody_of_the_demo(made, client):
    page = client.get(reverse("accounts:demo_people")).content.decode()

    assert page.count('name="person"') == User.objects.count()


def test_whom_a_visitor_needs_stands_first_and_most_learners_are_folded(made, person, client):
    liberia = Country.objects.get(pk="LR")
    for number in (10, 2, 11, 1):
        User.objects.filter(pk=person("learner", country=liberia).pk).update(email=f"official{number}.lr@example.org")
    section = client.get(reverse("accounts:demo_people")).content.decode().partition("<h2>Liberia</h2>")[2]
    shown, _tag, folded = section.partition("</section>")[0].partition("<details>")

    def found(part):
        return [address.removesuffix(".lr@example.org") for address in re.findall(r"<bdi>([^<]*@[^<]*)</bdi>", part)]

    assert found(shown) == [
        "operator", "operator2", "operator3", "supervisor", "manager", "manager2", "focal_point", "translator",
        "interpreter", "interpreter2", "analyst", "trainer", "learner", "learner2", "learner3",
    ]  # fmt: skip
    assert found(folded)[-4:] == ["official1", "official2", "official10", "official11"]
    assert "7 more learners</summary>" in folded


@pytest.mark.parametrize(
    ("onward", "where"),
    [
        ("/en/profile/?page=2", "/en/profile/?page=2"),
        ("/..//evil.example", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("", None),
    ],
)  # fmt: skip
def test_one_click_leads_only_to_a_page_of_ours(made, client, onward, where):
    user = User.objects.get(email="manager.lr@example.org")

    answer = client.post(reverse("accounts:demo_people"), {"person": str(user.public_id), "next": onward})

    assert answer["Location"] == (where or queries.home_for(user))


def test_the_way_by_one_click_keeps_where_one_was_going(made, client):
    user = User.objects.get(email="manager.lr@example.org")
    people = f"{reverse('accounts:demo_people')}?next=/en/profile/%3Fpage%3D2"

    assert f'href="{people}"' in client.get("/en/account/login/?next=/en/profile/%3Fpage%3D2").content.decode()
    assert client.post(people, {"person": str(user.public_id)})["Location"] == "/en/profile/?page=2"


@pytest.mark.parametrize("value", ["", "nobody", "00000000-0000-0000-0000-000000000000", "\0"])
def test_an_unknown_person_is_missing(made, client, value):
    assert client.post(reverse("accounts:demo_people"), {"person": value}).status_code == 404


def test_the_page_is_missing_where_the_switch_is_off(made, client, settings):
    settings.DEMO_SIGN_IN = False

    assert client.get(reverse("accounts:demo_people")).status_code == 404
    assert client.post(reverse("accounts:demo_people"), {"person": "x"}).status_code == 404


def test_a_real_person_is_never_signed_in_by_one_click(made, client, person):
    user = person("administrator")
    User.objects.filter(pk=user.pk).update(email="real@office.example")

    assert client.post(reverse("accounts:demo_people"), {"person": str(user.public_id)}).status_code == 404


def test_somebody_understands_each_language_of_liberias_line(made):
    spoken = set(" ".join(User.objects.filter(country="LR").values_list("spoken", flat=True)).split())

    assert {"en", "fr", "ar"} <= spoken


def test_every_number_says_its_hours_in_the_readers_language(made):
    hours = PublicContact.objects.get(country="LR", number="911")

    with translation.override("ar"):
        assert hours.hours == "ليلًا ونهارًا"


def test_every_translator_has_a_language_to_write(made):
    translators = [user for user in User.objects.all() if user.has_role("translator")]

    assert len(translators) == 7
    assert all(set(user.speaks) - {"en"} for user in translators)
    assert set(User.objects.get(email="translator.lr@example.org").speaks) == {"en", "fr", "ar"}
