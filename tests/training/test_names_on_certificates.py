"""The name on a certificate for who manages it: as it is printed, with the account's beside it where that is another."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, DataKey
from tests.training.finishing import finish
from training import actions, credentials
from training.models import Certificate, NameIndex

LIST = "/en/reports/certificates/"


@pytest.fixture
def certificate(official, course, at):
    """What the official earned by passing, under the name that her account had then."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


def rename(user, name):
    user.name = name
    user.save()


def names(client, asked=None):
    page = BeautifulSoup(client.get(LIST, asked or {}).content, "html.parser")
    return [cell.get_text("|", strip=True) for cell in page.select('tbody th[scope="row"]')]


def readings(reason="certificates"):
    return AuditEntry.objects.filter(verb="sealed.revealed", body__contains=f'"reason":"{reason}"').count()


def test_the_list_says_the_printed_name_and_the_accounts_where_it_is_another(certificate, official, manager, sign_in):
    printed, client = official.name, sign_in(manager)

    before = names(client)
    rename(official, "مسؤولة")

    assert before == [printed, printed]
    assert names(client) == [f"{printed}|In the account:|مسؤولة"] * 2


def test_only_a_name_that_is_another_is_opened_and_each_reading_is_recorded(certificate, official, manager, sign_in):
    client = sign_in(manager)

    names(client)
    before = readings()
    rename(official, official.name.upper())
    names(client)
    capitals = readings()
    rename(official, "Somebody else")
    names(client)

    assert (before, capitals, readings()) == (0, 0, 2)


def test_the_list_costs_the_same_queries_for_one_person_and_for_three(
    certificate, person, countries, course, manager, at, sign_in
):
    client = sign_in(manager)

    def asked():
        with CaptureQueriesContext(connection) as found:
            names(client)
        return len(found)

    asked()
    one = asked()
    for number in (2, 3):
        finish(person("learner", country=countries["HT"], name=f"Learner {number}"), course, at)

    assert (len(names(client)), asked()) == (6, one)


@pytest.mark.parametrize(("asked", "rows"), [("  nadège   SPÉCIMEN ", 2), ("Nadège", 0), ("rose", 2)])
def test_search_finds_by_the_whole_printed_name_or_a_part_of_the_accounts(
    person, countries, course, manager, at, sign_in, asked, rows
):
    holder = person("learner", country=countries["HT"], name="Nadège Spécimen")
    finish(holder, course, at)
    finish(person("learner", country=countries["HT"], name="Another Learner"), course, at)
    rename(holder, "Rose-Laure Spécimen")

    assert len(names(sign_in(manager), {"code": asked})) == rows


def test_no_manager_finds_a_name_of_another_country(certificate, official, person, countries, sign_in):
    assert names(sign_in(person("manager", country=countries["TN"])), {"code": official.name}) == []


def test_the_page_to_withdraw_says_both_names_also_where_capitals_alone_differ(
    certificate, official, manager, sign_in
):
    printed, client = official.name, sign_in(manager)
    address = reverse("training:withdraw", args=[certificate.public_id])
    rename(official, printed.upper())

    page = BeautifulSoup(client.get(address).content, "html.parser")

    assert page.select_one("main strong").get_text() == printed
    assert [cell.get_text() for cell in page.select('[data-part="names"] dd')] == [printed, printed.upper()]
    assert readings("withdrawal") == 1


def test_a_name_that_cannot_be_opened_is_said_to_be_so_and_the_others_stand(
    certificate, official, person, countries, course, manager, at, sign_in
):
    finish(person("learner", country=countries["HT"], name="Another Learner"), course, at)
    rename(official, "Somebody else")
    DataKey.objects.filter(owner=certificate.learner.public_id).delete()

    found = names(sign_in(manager))

    assert sorted(set(found)) == [
        "Another Learner",
        "The printed name cannot be opened now.|In the account:|Somebody else",
    ]


def test_a_certificate_without_an_index_is_opened(certificate, official, manager, at):
    NameIndex.objects.filter(certificate=certificate).delete()
    row = Certificate.objects.select_related("learner__user", "indexed_name").get(pk=certificate.pk)

    found = actions.names_on([row], by=manager, at=at, reason="certificates")

    assert found == {row.pk: actions.Named(official.name, official.name)}
    assert readings() == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Nade\u0300ge  S", "Nadège S", True), ("Nadège S", "nadège s", False), ("Nadège", "Nadege", False)],
)
def test_a_name_is_the_same_where_a_reader_sees_the_same(one, other, same):
    assert (credentials.written_name(one) == credentials.written_name(other)) is same
    assert actions.Named(one, other).differs is not same
