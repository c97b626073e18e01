"""The number of the police: a line says what the public pages of its country show, or says none."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import demo as people
from accounts.models import PublicContact
from hotline import demo, queries
from hotline.models import Line
from hotline.queries.police import police_differs
from tests.hotline.conftest import Network

pytestmark = [pytest.mark.django_db, pytest.mark.either]

NONE_CONFIRMED = "No number of the police is confirmed for this country yet."
DIFFERS = "The line and the public pages do not name the same number of the police."
READ_OUT = re.compile(r"\d(?: \d)+")


@pytest.fixture
def countries(at):
    people.make(at=at)


def danger_words(client, number):
    """Return what a caller hears who presses the key of danger in the greeting."""
    network = Network(client)
    network.call(To=number)
    return network.step("language", 1, To=number, Digits="9").said()


def test_each_demo_line_says_the_number_that_the_public_page_shows(countries, clock, client, at):
    demo.lines.make(at=at)

    for place in people.PLACES:
        line = Line.objects.get(country_id=place.code)
        page = client.get(f"/en/help/{place.slug}/")

        assert [line.police_number] == page.context["police"]
        assert f'href="tel:{line.police_number}"' in page.content.decode()
        assert set(READ_OUT.findall(danger_words(client, line.number))) == {" ".join(line.police_number)}
        assert police_differs(line) is None


def test_a_demo_line_names_no_number_that_its_country_does_not_publish(countries, at):
    demo.lines.make(at=at)

    others = dict(Line.objects.values_list("country_id", "other_number"))
    assert others == {"LR": "116", "MZ": "116", "HT": "", "MW": "", "MG": "", "BD": "", "TN": ""}


def test_where_no_number_is_known_none_is_said_and_the_page_says_what_to_do(countries, clock, client, at):
    PublicContact.objects.filter(country="HT", kind="police").delete()
    demo.lines.make(at=at)

    page = client.get("/en/help/haiti/").content.decode()

    assert Line.objects.get(country="HT").police_number == ""
    assert READ_OUT.findall(danger_words(client, "840")) == []
    assert NONE_CONFIRMED in page
    assert NONE_CONFIRMED not in client.get("/en/help/liberia/").content.decode()
    PublicContact.objects.filter(country="HT").delete()
    assert NONE_CONFIRMED in client.get("/en/help/haiti/").content.decode()


@pytest.mark.parametrize(
    ("line_says", "public", "differs"),
    [
        ("911", ["911"], False), ("911", ["9-1-1"], False), ("911", ["112/911"], False), ("911", ["112", "911"], False),
        ("+231770123456", ["0770 123 456"], False), ("", [], False),
        ("911", ["999"], True), ("911", [], True), ("", ["999"], True),
    ],
)  # fmt: skip
def test_the_page_of_a_line_warns_of_another_number_of_the_police(manager, office, line_says, public, differs):
    Line.objects.update(police_number=line_says)
    for number in public:
        PublicContact.objects.create(country=office.country, kind="police", name_en="Police", number=number)
    PublicContact.objects.create(country=office.country, kind="child", name_en="Children", number="116")

    page = manager.get(reverse("hotline:line", args=[office.public_id])).content.decode()

    assert (DIFFERS in page) == differs


def test_only_a_practice_line_may_name_no_other_number(line):
    Line.objects.update(other_number="")

    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.update(is_practice=False)
    queries.forget_lines()
