"""Cards and debrief sheet: every card once, every way leads to a card, in each script, and nothing half drawn."""

import datetime as dt

import pytest

from tests.training.sheets import pages_of
from tests.training.stories import STORY, changed, publish, translate
from tests.training.story_words import WORDS
from training import printing, queries
from training.drawing import faces
from training.printing import stories

pytestmark = pytest.mark.either

DAY = dt.date(2026, 11, 25)


@pytest.fixture
def story(course, at):
    """The story with drafts in three scripts."""
    made = publish(course)
    translate(made, at, *WORDS)
    return made


def view(language="en"):
    return queries.story_view("small-file", language)


def test_each_card_is_there_once_and_each_way_goes_to_the_card_of_its_scene(story):
    found = view()
    cards = [stories._card(found, told) for told in found.by_number]

    assert [card["name"] for card in cards] == [f"Card {number}" for number in range(1, 8)]
    assert [card["text"]["text"] for card in cards][0] == STORY["nodes"][0]["text"]
    assert [way["go"] for way in cards[0]["ways"]] == ["Go to card 3.", "Go to card 2."]
    assert cards[0]["begin"] == "Begin here"
    assert [bool(card["end"]) for card in cards] == [not card["ways"] for card in cards]


def test_the_first_scene_is_card_one_wherever_it_was_written(course):
    publish(course, changed(lambda s, n: s["nodes"].append(s["nodes"].pop(0))))

    assert [told.key for told in view().by_number][0] == "a0"
    assert [told.number for told in view().by_number] == list(range(1, 8))


def test_the_cards_give_nothing_away_that_stands_on_the_debrief_sheet(story):
    found = view()
    cards, debrief = (
        str([draw(found, told) for told in found.by_number]) for draw in (stories._card, stories._explained)
    )

    for told in ("Custom is no defence.", "A child needs no proof of force.", "It ended well", "much better"):
        assert told in debrief
        assert told not in cards


@pytest.mark.parametrize("language", ["en", "fr", "ar", "bn", "th"])
def test_eight_cards_are_two_pages_in_each_script(story, language):
    assert pages_of(printing.story_cards(view(language), language=language, on=DAY)) == 2
    assert pages_of(printing.story_debrief(view(language), language=language, on=DAY)) >= 1


def test_the_longest_scene_with_four_long_ways_stays_on_its_card(course):
    def fill(story, nodes):
        nodes["a0"]["text"] = "responsibility " * 90
        extra = {"to": "e1", "feedback": "x", "text": "A long way on that says in detail what is done and why. " * 5}
        nodes["a0"]["choices"] = [
            nodes["a0"]["choices"][0],
            nodes["a0"]["choices"][1],
            {"key": "c"} | extra,
            {"key": "d"} | extra,
        ]

    publish(course, changed(fill))

    assert pages_of(printing.story_cards(view(), language="en", on=DAY)) == 2


@pytest.mark.both
@pytest.mark.parametrize("sheet", ["cards", "debrief"])
def test_sheets_come_as_files_in_the_readers_language(client, story, sheet, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        response = client.get(f"/ar/scenario/small-file/{sheet}.pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="small-file-{sheet}-ar.pdf"'
    assert f"/en/scenario/small-file/{sheet}.pdf" in client.get("/en/scenario/small-file/").content.decode()
    assert client.get(f"/en/scenario/nobodys/{sheet}.pdf").status_code == 404


def test_without_typefaces_the_cards_are_refused_with_the_reason(client, story, monkeypatch, tmp_path):
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()

    response = client.get("/bn/scenario/small-file/cards.pdf")
    faces.faces_here.cache_clear()

    assert response.status_code == 503
    assert "Noto Sans Bengali" in response.content.decode()
