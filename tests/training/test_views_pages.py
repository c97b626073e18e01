"""Lessons as a reader meets them, without any script."""

import re

import pytest
from django.utils import translation

from languages import actions as language_actions
from languages import queries as language_queries
from tests.training.answers import address
from training.models import Enrolment, Event
from training.queries import screens
from training.templatetags.training_tags import after_verdict

pytestmark = pytest.mark.either


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ht", "sw"])
def test_a_visitor_reads_a_lesson_and_nothing_is_kept(client, lessons, language):
    response = client.get(address(lessons[0], language))

    html = response.content.decode()
    assert response.status_code == 200
    assert 'data-page="lesson"' in html
    assert "/account/login/" in html
    assert (Event.objects.count(), Enrolment.objects.count()) == (0, 0)


def test_law_of_the_readers_country_stands_framed_with_its_source(client, sign_in, official, lessons):
    sign_in(official)

    html = client.get(address(lessons[0], "en")).content.decode()

    assert "Definition in law: Haiti" in html
    assert "Law CL/2014-0010" in html
    assert "Not yet confirmed for your country" in html
    assert "Organic law no. 2016-61" not in html


def test_a_content_note_offers_to_skip_what_it_warns_of(client, lessons):
    """The small lesson has two texts below its note, then the law."""
    lesson = next(one for one in lessons if any(b["type"] == "note" for b in one.body_en.get_prep_value()))

    html = client.get(address(lesson)).content.decode()

    link = re.search(r'<a href="#s-([^"]+)"[^>]*>Skip this part</a>', html)
    kinds = {block["id"]: block["type"] for block in lesson.body_en.get_prep_value()}
    below = [kind for key, kind in kinds.items() if html.index(f'id="s-{key}"') > link.end()]
    assert kinds[link.group(1)] == next(kind for kind in below if kind != "text")


@pytest.mark.parametrize(
    ("kinds", "to"),
    [
        (["note", "audio", "download", "check"], 2),
        (["note", "text", "audio", "check"], 2),
        (["note", "text", "image", "text", "law", "check"], 4),
        (["note", "text", "check", "text"], 2),
        (["note", "download", "law"], 2),
        (["note", "text"], None),
    ],
)
def test_it_leaps_over_no_sound_no_file_and_no_law_that_follow(kinds, to):
    told = {"language": "en", "direction": "ltr", "is_own": True, "language_name": "English"}
    made = [screens.Screen(id=f"{place}", kind=kind, **told) for place, kind in enumerate(kinds)]

    assert screens._with_skips(made)[0].skip_to == ("" if to is None else f"{to}")


@pytest.mark.parametrize(
    ("language", "feedback", "shown"),
    [("fr", "Juste. La traite peut rester dans un pays.", "La traite peut rester dans un pays."),
     ("ar", "صحيح. قد يحدث.", "قد يحدث."), ("bn", "ঠিক। আসল রাখুন।", "আসল রাখুন।"), ("en", "Right. It may.", "It may."),
     ("fr", "Right. It may.", "It may."), ("en", "Yes. It may.", "Yes. It may."), ("en", "Right.", "Right."),
     ("en", "Rights are kept. It may.", "Rights are kept. It may."), ("en", "", "")],
)  # fmt: skip
def test_the_verdict_is_not_said_twice(language, feedback, shown):
    with translation.override(language):
        assert after_verdict(feedback) == shown


def test_a_visitor_chooses_her_country_and_a_wrong_one_is_ignored(client, lessons):
    asked = client.get(address(lessons[0])).content.decode()
    chosen = client.get(address(lessons[0], query="?country=TN")).content.decode()
    wrong = client.get(address(lessons[0], query="?country=<b>"))

    assert "Choose yours:" in asked
    assert "Definition in law: Tunisia" in chosen
    assert wrong.status_code == 200


def test_a_block_that_falls_back_is_marked_with_its_language(client, lessons, at):
    first = lessons[0].body_en[0].id
    language_actions.withdraw(lessons[0], "ar", paths=[f"body.{first}.html"], reason="wrong", by="test", at=at)

    html = client.get(address(lessons[0], "ar")).content.decode()

    section = html.split(f'id="s-{first}"')[1].split("</section>")[0]
    assert section.startswith(f' data-screen="{first}" lang="en" dir="ltr"')
    assert html.count(' lang="en" dir="ltr">') >= 1
    assert "<bdi>English</bdi>" in section.split("</p>")[0]
    assert language_queries.status_of(lessons[0], "ar").code == "partial"


def test_a_language_with_nothing_says_in_which_one_it_is_read(client, lessons):
    html = client.get(address(lessons[0], "sw")).content.decode()

    assert "English</bdi>" in html
    assert '<html lang="sw"' in html
    assert '<span lang="en" dir="ltr">Three elements</span>' in html
