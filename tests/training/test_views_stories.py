"""A scenario by links and buttons: what a learner, a visitor and somebody on a second phone see and keep."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.training.answers import address, token_of
from tests.training.off_and_on import off
from tests.training.stories import STORY, changed, publish, translate
from tests.training.story_words import WORDS
from training import actions, progress, queries
from training.models import CourseVersion, Event, Progress, Scenario

pytestmark = pytest.mark.either

HOME = "/en/scenario/small-file/"
TEXTS = {node["key"]: node["text"] for node in STORY["nodes"]}


@pytest.fixture
def story(story_once, course):
    """The story, published in the judicial course."""
    return Scenario.objects.get(pk=story_once)


@pytest.fixture
def arabic(story, at):
    """The story with its Arabic draft; some of its scenes are not translated."""
    translate(story, at, "ar")


@pytest.fixture
def learner(client, sign_in, official, story):
    """A client of the official, who lives in Haiti."""
    return sign_in(official)


def address_of(path, language="en"):
    return f"/{language}/scenario/small-file/?path={path}"


def page(client, path, language="en"):
    return client.get(address_of(path, language)).content.decode()


def choose(client, path, choice, language="en"):
    """Press the button of a choice in the scene at the end of a path; return where it leads."""
    token = token_of(page(client, path, language), 'name="token"')
    answer = client.post(address_of(path, language), {"token": token, "choice": choice})
    assert answer.status_code == 303 or answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query, keep_blank_values=True)["path"][0]


def play(client, *choices, language="en", path=""):
    for choice in choices:
        path = choose(client, path, choice, language)
    return path


def state():
    return progress.read(Progress.objects.get().state)


def plays():
    return sorted(entry[3] for entry in state()["plays"].values())


def test_before_it_begins_the_note_stands_with_the_way_out_before_the_way_in(client, story):
    html = client.get(HOME).content.decode()

    assert STORY["note"] in html
    assert STORY["intro"] in html
    assert TEXTS["a0"] not in html
    assert html.index("Not now: back to the course") < html.index("?path=#scene")
    assert "nothing is kept" in html


@pytest.mark.both
def test_a_learner_plays_to_a_sound_end_and_it_counts(learner, story):
    path = play(learner, "look", "care")

    html = page(learner, path)
    assert path == "look.care"
    assert TEXTS["e3"] in html
    assert "It ended well" in html
    assert "A child needs no proof of force." in html
    assert set(state()["ended"]) == {str(story.activity)}
    assert set(state()["ends"]) == {f"{story.activity}/e3"}
    assert plays() == [["look", "care"]]
    assert list(actions.differences()) == []


def test_the_feedback_stands_above_what_follows(learner):
    html = page(learner, play(learner, "family"))

    assert html.index("Custom is no defence.") < html.index(TEXTS["a1x"])
    assert "Treat it as a family matter" in html


def test_what_each_choice_did_is_told_in_words_and_never_in_numbers(learner):
    html = page(learner, play(learner, "family", "reopen", "care"))
    did = html[html.index("What each choice did") :]

    effects = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r'<span class="chip[^>]*>.*?</span>', did, re.DOTALL)]
    assert effects[:9] == [
        "Safety: much worse", "Own choice: worse", "The case: worse",
        "Safety: better", "Own choice: no change", "The case: better",
        "Safety: much better", "Own choice: better", "The case: better",
    ]  # fmt: skip
    assert did.count("Try again from here") == 3
    assert 'href="?path=family#scene"' in did


@pytest.mark.both
def test_back_and_another_way_is_another_play_and_takes_nothing_away(learner, story):
    play(learner, "look", "cell")
    play(learner, "care", path="look")

    assert plays() == [["look", "care"], ["look", "cell"]]
    assert set(state()["ended"]) == {str(story.activity)}


@pytest.mark.both
def test_a_page_kept_in_the_browser_that_is_sent_later_is_another_play_too(learner):
    old = token_of(page(learner, ""), 'name="token"')
    learner.post(address_of(""), {"token": old, "choice": "family"})
    play(learner, "reopen", "cell", path="family")

    for _twice in range(2):
        answer = learner.post(address_of(""), {"token": old, "choice": "look"})

    assert answer["Location"].startswith("/en/scenario/small-file/?path=look#")
    assert plays() == [["family", "reopen", "cell"], ["look"]]
    assert 'href="?path=look#scene"' in learner.get(HOME).content.decode()


@pytest.mark.both
def test_the_same_button_twice_is_one_event(learner):
    token = token_of(page(learner, ""), 'name="token"')

    for _twice in range(3):
        learner.post(address_of(""), {"token": token, "choice": "look"})

    assert Event.objects.filter(verb="chose").count() == 1


@pytest.mark.both
def test_another_phone_goes_on_where_the_first_stopped(learner, official, sign_in):
    play(learner, "family", "reopen")
    other = Client()
    other.force_login(official, backend="accounts.sessions.AuthenticationBackend")

    html = other.get(HOME).content.decode()
    assert "Go on where you stopped" in html
    assert 'href="?path=family.reopen#scene"' in html

    play(other, "care", path="family.reopen")
    assert plays() == [["family", "reopen", "care"]]


def test_a_play_in_two_languages_is_one_play(learner, story):
    path = play(learner, "family", language="fr")
    path = play(learner, "reopen", language="ar", path=path)
    play(learner, "care", path=path)

    assert plays() == [["family", "reopen", "care"]]
    assert set(Event.objects.values_list("language", flat=True)) == {"fr", "ar", "en"}
    assert set(state()["ended"]) == {str(story.activity)}


def test_a_visitor_plays_to_the_end_and_nothing_is_kept(client, story):
    path = play(client, "family", "again", "look", "cell", "move")

    html = page(client, path)
    assert TEXTS["e2"] in html
    assert "nothing is kept" in html
    assert Event.objects.count() == Progress.objects.count() == 0


def test_a_visitors_country_goes_along(client, story):
    html = client.get(f"{address_of('')}&country=TN").content.decode()
    token = token_of(html, 'name="token"')

    answer = client.post(f"{address_of('')}&country=TN", {"token": token, "choice": "look"})

    assert answer["Location"] == "/en/scenario/small-file/?path=look&country=TN#scene"
    assert 'href="?path=&amp;country=TN#scene"' in client.get(answer["Location"].split("#")[0]).content.decode()


@pytest.mark.both
def test_who_signs_in_at_the_end_keeps_what_she_played(client, sign_in, official, story):
    path = play(client, "look", "care")
    sign_in(official)
    html = page(client, path)
    assert "This end is not in your record yet." in html

    client.post(address_of(path), {"token": token_of(html, "Keep that I played")})

    assert plays() == [["look", "care"]]
    assert set(state()["ended"]) == {str(story.activity)}
    assert "not in your record" not in page(client, path)


def test_whose_session_is_over_is_told_and_loses_nothing(learner, official):
    token = token_of(page(learner, "look"), 'name="token"')
    learner.logout()

    answer = learner.post(address_of("look"), {"token": token, "choice": "care"}, follow=True)

    assert "not in your record yet" in answer.content.decode()
    assert TEXTS["e3"] in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_page_that_another_account_opened_counts_for_nobody(learner, person, countries, sign_in):
    token = token_of(page(learner, ""), 'name="token"')
    sign_in(person("learner", country=countries["HT"]))

    answer = learner.post(address_of(""), {"token": token, "choice": "look"}, follow=True)

    assert "another account had opened the page" in answer.content.decode()
    assert TEXTS["a0"] in answer.content.decode()
    assert Event.objects.count() == 0


@pytest.mark.parametrize("path", ["nonsense", "look.nonsense.care", "look.care.more", "%00", "a" * 4000, "." * 500])
def test_a_path_that_leads_nowhere_shows_the_last_scene_that_stands(client, story, path):
    answer = client.get(address_of(path))

    assert answer.status_code == 200
    known = {"look.nonsense.care": "a1", "look.care.more": "e3"}.get(path, "a0")
    assert TEXTS[known] in answer.content.decode()


@pytest.mark.parametrize("sent", [{"choice": "nonsense"}, {"choice": ""}, {}])
def test_what_is_no_choice_is_answered_beside_the_scene(learner, sent):
    token = token_of(page(learner, ""), 'name="token"')

    answer = learner.post(address_of(""), {"token": token} | sent)

    assert answer.status_code == 422
    assert "Choose one of the ways on." in answer.content.decode()
    assert TEXTS["a0"] in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_token_that_is_not_ours_is_refused_and_the_scene_stays(learner):
    answer = learner.post(address_of("look"), {"token": "x", "choice": "care"})

    assert answer.status_code == 422
    assert TEXTS["a1"] in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_scenario_that_is_unknown_is_404_and_one_that_was_taken_off_says_so(client, story, course):
    story.unpublish()

    gone = client.get(HOME)

    assert client.get("/en/scenario/nobodys/").status_code == 404
    assert gone.status_code == 410
    assert "This story was taken off." in gone.content.decode()
    assert f'href="{course.url}"' in gone.content.decode()


def test_a_choice_sent_while_the_course_is_off_still_counts(learner, story, course):
    token = token_of(page(learner, ""), 'name="token"')
    off(course)

    shown = learner.get(HOME)
    answer = learner.post(HOME, {"token": token, "choice": "family"})

    assert shown.status_code == 410
    assert answer.status_code == 302
    assert Event.objects.filter(verb="chose").count() == 1


@pytest.mark.both
def test_a_play_of_before_the_story_was_rewritten_goes_on_from_what_is_left_of_it(learner, course):
    play(learner, "family", "reopen", "care")
    done = state()["ended"]

    publish(course, changed(lambda s, n: n["a1x"]["choices"][0].update(key="open-again")))

    assert 'href="?path=family#scene"' in learner.get(HOME).content.decode()
    assert "was rewritten since" in page(learner, "family.reopen.care")
    assert state()["ended"] == done
    assert list(actions.differences()) == []


@pytest.mark.both
def test_a_step_sent_from_a_page_of_before_a_rewriting_counts_in_its_own_edition(learner, course, story):
    token = token_of(page(learner, "look"), 'name="token"')
    before = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    publish(course, changed(lambda s, n: n["a1x"]["choices"][0].update(key="open-again")))

    learner.post(address_of("look"), {"token": token, "choice": "care"})

    assert Event.objects.get(verb="chose").course_version == before
    assert set(state()["ended"]) == {str(story.activity)}


@pytest.mark.both
def test_the_page_costs_few_queries(learner, story, django_assert_max_num_queries):
    path = play(learner, "family", "reopen")
    page(learner, path)
    for one in (HOME, address_of(path), address_of("look.care")):
        with django_assert_max_num_queries(8):
            learner.get(one)


def test_the_course_and_my_learning_lead_to_it(learner, course, story, lessons):
    html = learner.get(course.url).content.decode()
    assert "A small file" in html
    assert "/en/scenario/small-file/" in html

    play(learner, "look")
    mine = queries.progress_of(Event.objects.first().learner.user, at=timezone.now())[0]
    assert mine.next_story.url == HOME
    for lesson in lessons:
        learner.post(
            address(lesson),
            {"token": token_of(learner.get(address(lesson)).content.decode(), 'class="button" type="submit">Finish')},
        )
    assert HOME in learner.get("/en/learning/").content.decode()
    play(learner, "care", path="look")
    assert HOME not in learner.get("/en/learning/").content.decode()


def test_a_story_is_told_in_the_readers_language_and_what_is_not_translated_says_so(client, arabic):
    before, scene, other = (
        client.get("/ar/scenario/small-file/").content.decode(),
        page(client, "", "ar"),
        page(client, "family", "ar"),
    )

    assert WORDS["ar"]["heading"] in before
    assert WORDS["ar"]["intro"] in before
    assert 'dir="rtl"' in scene
    assert WORDS["ar"]["a0"][0] in scene
    assert WORDS["ar"]["a0 look"][0] in scene
    assert "English" not in scene.split("<main")[1].split("</main>")[0]
    assert WORDS["ar"]["a0 family"][1] in other
    assert f'lang="en" dir="ltr"><p>{TEXTS["a1x"]}' in other


def test_the_language_is_changed_in_the_middle_and_the_scene_stays(learner, arabic):
    path = play(learner, "look", language="ar")
    switch = re.search(r'href="([^"]*next=[^"]*)"', page(learner, path, "ar")).group(1)

    assert "%3Fpath%3Dlook" in switch
    assert TEXTS["a1"] in page(learner, path, "en")
    assert WORDS["ar"]["a1"][0] in page(learner, path, "ar")


def test_a_lesson_leads_to_a_scenario_of_its_course(client, story, lessons):
    lesson = lessons[0]
    block = {"type": "scenario", "value": {"scenario": story.pk}, "id": "0b9c3a1e-0000-4000-8000-000000000001"}
    lesson.body_en = [*lesson.body_en.get_prep_value(), block]
    lesson.save_revision().publish()

    section = (
        client.get(address(lesson)).content.decode().split(f'data-screen="{block["id"]}"')[1].split("</section>")[0]
    )

    assert HOME in section
    assert "A small file" in section


def test_a_course_that_is_not_on_offer_is_played_and_not_kept(client, sign_in, person, story, settings):
    settings.DEMO = False
    sign_in(person("learner"))

    path = play(client, "look", "care")

    assert TEXTS["e3"] in page(client, path)
    assert "nothing is kept" in page(client, path)
    assert Event.objects.count() == 0
