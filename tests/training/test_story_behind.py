"""A scene whose translation is of an earlier day: the English text stands below it, online and on a phone."""

import pytest
from bs4 import BeautifulSoup

from tests.training.stories import changed, publish, translate
from training.models import CourseVersion, Progress

pytestmark = pytest.mark.either

NEW = "Where does she sleep tonight, and the nights after?"
NEW_FEEDBACK = "Her best interests come first, also against her family."
NEW_DEBRIEF = "A child needs no proof of force, nor of deceit."


@pytest.fixture
def learner(client, sign_in, official):
    """A client of the official."""
    return sign_in(official)


@pytest.fixture
def behind(course, at):
    """A function that publishes the story, translates it, and publishes it with a scene and an end said anew."""

    def make(how):
        translate(publish(course), at, "ar")
        return rewrite(course, how)

    return make


def rewrite(course, how):
    def tell_anew(_story, nodes):
        nodes["a1"]["text"] = NEW
        nodes["a1"]["choices"][0]["feedback"] = NEW_FEEDBACK
        nodes["e3"]["debrief"] = NEW_DEBRIEF

    return publish(course, changed(tell_anew), change=how)


def in_source(html):
    """Return what stands in English on an Arabic page, block by block."""
    found = BeautifulSoup(html, "html.parser").select(".in-source")
    assert all((one["lang"], one["dir"]) == ("en", "ltr") for one in found)
    return [" ".join(one.get_text(" ").split()) for one in found]


def scene(client, path, language="ar"):
    return in_source(client.get(f"/{language}/scenario/small-file/?path={path}").content.decode())


def test_a_scene_whose_law_changed_has_the_english_text_and_its_ways_below_it(learner, behind):
    behind("material")

    assert scene(learner, "") == []
    assert scene(learner, "look") == [f"{NEW} Call the body for child protection A cell, for her safety"]
    assert scene(learner, "look", "en") == []


def test_the_ways_stand_in_the_order_of_the_story(learner, course, at):
    def tell_anew(_story, nodes):
        nodes["a0"]["text"] += " She is not paid."

    translate(publish(course), at, "ar")
    publish(course, changed(tell_anew), change="material")

    (told,) = scene(learner, "")

    assert told.endswith("Look for act and purpose Treat it as a family matter")


def test_what_a_choice_led_to_and_what_an_end_says_stand_in_english_too(learner, behind):
    behind("material")

    last, end, *did = scene(learner, "look.care")

    assert last == NEW_FEEDBACK
    assert end == f"She sleeps in a safe place. {NEW_DEBRIEF}"
    assert did == [NEW_FEEDBACK]


def test_a_visitor_sees_it_too(client, behind):
    behind("material")

    assert scene(client, "look")[0].startswith(NEW)


def test_what_was_explained_better_is_no_matter_for_who_plays_it_first(learner, behind):
    behind("minor")

    assert scene(learner, "look.care") == []


def test_who_plays_again_as_it_changed_is_shown_what_was_explained_better_too(
    learner, course, behind, official, enrolment, at
):
    first = behind("minor")
    for path in ("", "look"):
        page = learner.get(f"/ar/scenario/small-file/?path={path}").content.decode()
        token = BeautifulSoup(page, "html.parser").select_one("form.ways [name=token]")["value"]
        choice = {"": "look", "look": "care"}[path]
        learner.post(f"/ar/scenario/small-file/?path={path}", {"token": token, "choice": choice})
    assert f"{first.activity}/" in Progress.objects.get().state
    translated = scene(learner, "look")

    def change_the_first(_story, nodes):
        nodes["a0"]["text"] += " She is not paid."
        nodes["a1"]["text"] = NEW

    publish(course, changed(change_the_first), change="material")

    assert translated == []
    assert scene(learner, "look")[-1].startswith(NEW)


@pytest.mark.parametrize("how", ["minor", "material"])
def test_a_kept_story_has_it_for_everybody(learner, behind, how):
    behind(how)
    newest = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    html = learner.get(f"/ar/keep/judicial/{newest.public_id}/story/small-file/").content.decode()

    found = in_source(html)

    assert f"{NEW} Call the body for child protection A cell, for her safety" in found
    assert f"She sleeps in a safe place. {NEW_DEBRIEF}" in found


def test_a_kept_choice_carries_what_follows_in_english(learner, behind):
    behind("material")
    newest = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    html = learner.get(f"/ar/keep/judicial/{newest.public_id}/story/small-file/").content.decode()

    way = BeautifulSoup(html, "html.parser").select_one("template[data-did=care]")

    assert NEW_FEEDBACK in way.decode_contents()
    assert 'data-part="newer"' in way.decode_contents()
