"""Answers and progress of readers by form, without any script."""

import pytest

from tests.training.answers import address, check_of, choose, fields, token_of
from training.models import Enrolment, Event, Progress

pytestmark = pytest.mark.either


@pytest.mark.parametrize("right", [True, False])
def test_a_visitors_answer_is_explained_and_nothing_is_kept(client, lessons, right):
    response, _token = choose(client, lessons[0], right)

    html = response.content.decode()
    assert response.status_code == 200
    assert ("That is right." in html) is right
    assert "Recruiting is an act." in html
    assert Event.objects.count() == 0


@pytest.mark.both
def test_opening_a_lesson_enrols_once_and_notes_it_once(client, sign_in, official, lessons):
    sign_in(official)

    for _time in range(3):
        client.get(address(lessons[0]))

    assert Enrolment.objects.get().learner.user == official
    assert [event.verb for event in Event.objects.all()] == ["opened"]


@pytest.mark.both
def test_an_answer_by_form_is_kept_redirected_and_explained(client, sign_in, official, lessons):
    sign_in(official)

    response, _token = choose(client, lessons[0], True, "fr")
    html = client.get(response["Location"].split("#")[0]).content.decode()

    block = check_of(lessons[0])
    assert response.status_code == 302
    assert response["Location"].endswith(f"?screen={block['id']}#s-{block['id']}")
    assert Event.objects.get(verb="answered").language == "fr"
    assert 'class="banner ok"' in html


@pytest.mark.both
def test_a_double_tap_is_one_event_and_back_with_another_answer_counts_last(client, sign_in, official, lessons):
    sign_in(official)
    block = check_of(lessons[0])

    _first, token = choose(client, lessons[0], False)
    client.post(address(lessons[0]), {"token": token} | fields(block, False))
    client.post(address(lessons[0]), {"token": token} | fields(block, True))

    assert Event.objects.filter(verb="answered").count() == 2
    assert "That is right." in client.get(address(lessons[0])).content.decode()


def test_an_empty_answer_says_what_to_do_and_keeps_nothing(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), "data-check")

    response = client.post(address(lessons[0]), {"token": token})

    assert response.status_code == 422
    assert "Choose at least one match, then send it." in response.content.decode()
    assert not Event.objects.filter(verb="answered").exists()


@pytest.mark.parametrize("value", ["", "x", "a" * 3000, "\u202e", "e30:1:2"])
def test_a_strange_token_is_refused_with_a_sentence(client, lessons, value):
    response = client.post(address(lessons[0]), {"token": value, "r": "a"})

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_token_of_another_person_keeps_nothing(client, sign_in, official, person, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), "data-check")
    sign_in(person("learner"))

    client.post(address(lessons[0]), {"token": token} | fields(check_of(lessons[0]), True))

    assert not Event.objects.filter(verb="answered").exists()


def test_a_lesson_finished_after_the_session_is_over_leads_to_sign_in(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), 'class="pager"')
    client.logout()

    answer = client.post(address(lessons[0]), {"token": token})
    html = answer.content.decode()

    assert answer.status_code == 409
    assert "You are signed out. What you sent is kept for one hour" in html
    assert f'/en/account/login/?next={address(lessons[0])}">Sign in and come back to this lesson' in html


def test_an_answer_after_the_session_is_over_is_explained_and_said_to_wait(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), "data-check")
    client.logout()

    html = client.post(address(lessons[0]), {"token": token} | fields(check_of(lessons[0]), True)).content.decode()

    assert "That is right." in html
    assert "You are signed out. What you sent is kept for one hour" in html
    assert not Event.objects.filter(verb="answered").exists()


def test_what_is_too_large_to_wait_is_said_not_to_count(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), 'class="pager"')
    client.logout()

    html = client.post(address(lessons[0]), {"token": token, "more": "x" * 100_000}).content.decode()

    assert "This was not counted: you are signed out." in html


def test_a_visitor_goes_on_to_the_next_lesson_without_a_warning(client, lessons):
    token = token_of(client.get(address(lessons[0])).content.decode(), 'class="pager"')

    answer = client.post(address(lessons[0]), {"token": token})

    assert answer["Location"] == address(lessons[1])


def test_a_course_finished_in_mixed_languages_without_script(client, sign_in, official, lessons, course):
    sign_in(official)

    for lesson, language in zip(lessons, ("en", "fr", "ar", "ht"), strict=True):
        token = token_of(client.get(address(lesson, language)).content.decode(), 'class="pager"')
        response = client.post(address(lesson, language), {"token": token})
        client.post(address(lesson, language), {"token": token})
        assert response.status_code == 302

    assert response["Location"] == f"{address(course, 'ht')}#test"
    assert (Progress.objects.get().done, Progress.objects.get().of) == (4, 4)
    for language in ("en", "fr", "ar", "ht", "sw"):
        html = client.get(address(lessons[0], language)).content.decode()
        assert html.count('<li class="done">') == 3


def test_switching_the_language_keeps_page_place_and_progress(client, sign_in, official, lessons):
    sign_in(official)
    block = check_of(lessons[0])
    query = f"?screen={block['id']}"
    client.get(address(lessons[0], "en", query))
    before = Progress.objects.get().state

    html = client.get(address(lessons[0], "en", query)).content.decode()
    switched = client.get(address(lessons[0], "ar", query))

    assert f'href="{address(lessons[0], "ar", query)}"' in html
    assert f'href="#s-{block["id"]}"' in switched.content.decode()
    assert 'dir="rtl"' in switched.content.decode()
    assert Progress.objects.get().state == before


@pytest.mark.both
def test_what_one_learner_did_is_never_shown_to_another(client, sign_in, official, person, lessons):
    sign_in(official)
    choose(client, lessons[0], True)
    hers = client.get(address(lessons[0])).content.decode()
    sign_in(person("learner", country=official.country))

    others = client.get(address(lessons[0])).content.decode()

    assert ("That is right." in hers, "That is right." in others) == (True, False)
    assert "checked>" not in others
