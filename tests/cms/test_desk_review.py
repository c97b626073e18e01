"""The review of translations: what each text is a part of, the texts whole, and what changed in them."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from languages.models import Unit
from tests.cms.translating import decide, unit_of
from tests.languages.test_publishing import edit

pytestmark = pytest.mark.usefixtures("no_memory")


def cards(client, language="en"):
    """Return the cards of the review in French."""
    page = BeautifulSoup(client.get(f"/{language}/desk/review/fr/").content, "html.parser")
    return page.select("[data-text]")


def words(node):
    return " ".join(node.get_text(" ").split())


@pytest.fixture
def reviewed(desk, french, segment, address):
    """A heading that was changed in English and written anew in French, and a text inside the body."""
    edit(french, "minor", heading_en="Before you leave home")
    for path, text in (("heading", "Avant de quitter la maison"), ("body.c1.question", "Qui a le passeport ?")):
        unit = unit_of(path)
        form = {"text": text, "version": unit.version, "then": "review"}
        desk.post(address(tail=f"{segment(path).pk}/"), form)
    return desk


def test_each_text_names_its_thing_its_row_and_its_field(reviewed):
    first, second = cards(reviewed)

    assert first.h2.bdi.string == "Before you leave home"
    assert first.h2.bdi["lang"] == "en"
    assert "Leaflet · Leaflets · Heading" in words(first)
    assert "Leaflet · Leaflets · Body" in words(second)
    assert "?unit=" in first.h2.a["href"]


def test_the_new_text_stands_whole_in_its_language_beside_the_source(reviewed):
    source, target = cards(reviewed)[0].select(".two")[0].select("p[lang]")

    assert (source["lang"], words(source)) == ("en", "Before you leave home")
    assert (target["lang"], target["dir"], words(target)) == ("fr", "ltr", "Avant de quitter la maison")
    assert not source.select("ins, del")
    assert not target.select("ins, del")


def test_what_changed_stands_below_on_either_side(reviewed):
    source, target = cards(reviewed)[0].select(".two")[1].select("p[lang]")

    assert [words(mark) for mark in source.select("ins, del")] == ["go", "leave home"]
    assert [words(mark) for mark in target.select("ins, del")] == ["partir", "quitter la maison"]


def test_a_first_text_has_no_differences_and_says_that_readers_have_none(desk, leaflet, segment, address):
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})

    (card,) = cards(desk)

    assert len(card.select(".two")) == 1
    assert "Readers have nothing in this language here yet." in words(card)


def test_the_review_costs_the_same_for_one_text_and_for_two(reviewed):
    cards(reviewed)
    with CaptureQueriesContext(connection) as two:
        assert len(cards(reviewed)) == 2
    decide(reviewed, unit_of("body.c1.question"), "approve", back="review")
    Unit.objects.filter(state="approved").update(state="draft")
    with CaptureQueriesContext(connection) as one:
        assert len(cards(reviewed)) == 1

    assert len(one) == len(two)
