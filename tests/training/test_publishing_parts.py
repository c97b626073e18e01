"""“What publishing does” names each screen, choice and fact of a block that changes, and why the kind is proposed."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.training.folders import small_course
from tests.training.stories import publish
from training import actions, queries
from training.models import Lesson

pytestmark = pytest.mark.either
NOTHING = "Nothing that readers meet changes."


@pytest.fixture
def small(front, countries, tmp_path, at):
    """The small course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


@pytest.fixture
def lesson(small):
    """A lesson with whom to call that ends with law and a note."""
    found = Lesson.objects.get(slug="two")
    more = [("law", {"slot": "penalty", "optional": False}), ("note", {"text": "It hurts."})]
    found.body_en = [*found.body_en.get_prep_value(), *({"type": kind, "value": value} for kind, value in more)]
    found.save_revision().publish()
    return Lesson.objects.get(pk=found.pk)


def keep(thing, column, blocks):
    """Keep a draft with other blocks."""
    thing = type(thing).objects.get(pk=thing.pk)
    setattr(thing, column, blocks)
    thing.save_revision()


def rows(client, thing):
    """Return the rows of what changes on the page, each as its cells, with the reasons of the proposed kind."""
    path = reverse("training:publishing", args=[thing._meta.model_name, thing.pk])
    page = BeautifulSoup(client.get(path).content, "html.parser")
    section = next(one for one in page.select("section") if one.h2.get_text() == "What changes")
    told = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in section.select("tbody tr")
    ]
    return told, " ".join(page.get_text().split())


def body_of(lesson):
    return Lesson.objects.get(pk=lesson.pk).body_en.get_prep_value()


def place(body, kind):
    return next(number for number, block in enumerate(body) if block["type"] == kind)


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        (
            "law",
            ["Taken out Law of the country: Penalty", "Slot: Penalty", "–"],
            "law of a country is added or taken out",
        ),
        ("who", ["Taken out Who to call", "–", "–"], "whom to call is taken out"),
        ("note", ["Taken out Content note: It hurts.", "It hurts.", "–"], "a content note is taken out"),
        ("text", None, "a screen is taken out"),
    ],
)
def test_a_screen_that_is_taken_out_is_named_with_the_true_reason(editor, lesson, kind, row, reason):
    body = body_of(lesson)
    del body[place(body, kind)]
    keep(lesson, "body_en", body)

    found, page = rows(editor, lesson)

    assert len(found) == 1
    assert row is None or found == [row]
    assert reason in page
    assert "the text changes" not in page
    assert NOTHING not in page


def test_another_slot_and_a_tick_of_a_law_box_are_told_old_and_new(editor, lesson):
    body = body_of(lesson)
    body[place(body, "law")]["value"] = {"slot": "definition", "optional": True}
    keep(lesson, "body_en", body)

    found, page = rows(editor, lesson)

    name = "Changed Law of the country: Definition in law"
    assert found == [
        [f"{name} Slot", "Penalty", "Definition in law"],
        [f"{name} May stay empty", "no", "yes"],
    ]
    assert "what is said of the law of a country is added or taken out" in page


def test_screens_that_change_places_are_told_with_both_places(editor, lesson):
    body = body_of(lesson)
    body.insert(0, body.pop(place(body, "who")))
    keep(lesson, "body_en", body)

    found, page = rows(editor, lesson)

    assert found == [["Moved Who to call", "place 3 of 5", "place 1 of 5"]]
    assert "Proposed, because: screens change places." in page


def test_a_choice_that_counts_otherwise_or_leads_elsewhere_is_told(editor, small):
    story = publish(small)
    nodes = story.nodes_en.get_prep_value()
    way = nodes[0]["value"]["choices"][0]["value"]
    way |= {"safety": -2, "to": "a1x"}
    keep(story, "nodes_en", nodes)

    found, page = rows(editor, story)

    where = "Changed Scene: A file lies on your table. A girl… Choice: Look for act and purpose"
    assert found == [[f"{where} Leads to", "a1", "a1x"], [f"{where} Safety", "better", "much worse"]]
    assert "what a choice of a story does, or how the story can end, changes" in page


@pytest.mark.both
def test_what_changes_costs_no_more_queries_for_more_screens(lesson):
    body, counts = body_of(lesson), []
    for left in (len(body) - 1, 1):
        keep(lesson, "body_en", body[:left])
        with CaptureQueriesContext(connection) as captured:
            queries.publishing(Lesson.objects.get(pk=lesson.pk), at=lesson.last_published_at)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_draft_that_says_what_readers_have_changes_nothing(editor, lesson):
    keep(lesson, "body_en", body_of(lesson))

    assert rows(editor, lesson)[0] == []
    assert NOTHING in rows(editor, lesson)[1]


def test_what_is_told_of_a_block_is_in_the_language_of_who_reads(lesson):
    body = body_of(lesson)
    del body[place(body, "law")]
    keep(lesson, "body_en", body)

    with translation.override("fr"):
        (change,) = queries.publishing(Lesson.objects.get(pk=lesson.pk), at=lesson.last_published_at).changes

    assert change.where[0].label == "Loi du pays"
