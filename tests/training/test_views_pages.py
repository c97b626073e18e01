"""Lessons, courses and the catalogue as a reader meets them, without any script."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from languages import actions as language_actions
from languages import queries as language_queries
from training.models import Compiled, Enrolment, Event, Lesson, Progress
from training.templatetags.training_tags import after_verdict


def address(page, language="en", query=""):
    return f"/{language}/{page.url_path.split('/', 2)[2]}{query}"


def token_of(html, marker):
    """Return the token of the form that holds a marker."""
    form = next(part for part in html.split("<form")[1:] if marker in part.split("</form>")[0])
    return re.search(r'name="token" value="([^"]+)"', form).group(1)


def check_of(lesson):
    """Return the raw check block of a lesson."""
    kinds = {"single", "multiple", "match", "order", "number"}
    return next(block for block in lesson.body_en.get_prep_value() if block["type"] in kinds)


def choose(client, lesson, right, language="en"):
    """Answer the check of a lesson by form; return the answer and the token used."""
    block = check_of(lesson)
    token = token_of(client.get(address(lesson, language)).content.decode(), "data-check")
    return client.post(address(lesson, language), {"token": token} | fields(block, right)), token


def fields(block, right):
    value = block["value"]
    if block["type"] == "match":
        first = {}
        group = {p["id"]: first.setdefault(p["value"]["right"], p["id"]) for p in value["pairs"]}
        wrong = next(iter(group.values()))
        return {f"r-{left}": key if right else wrong for left, key in group.items()}
    options = [option["id"] for option in value["options"] if option["value"]["right"] is right]
    return {"r": options if block["type"] == "multiple" else options[0]}


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ht", "sw"])
def test_a_visitor_reads_a_lesson_and_nothing_is_kept(client, lessons, language):
    response = client.get(address(lessons[0], language))

    html = response.content.decode()
    assert response.status_code == 200
    assert 'data-page="lesson"' in html
    assert "/account/login/" in html
    assert (Event.objects.count(), Enrolment.objects.count()) == (0, 0)


@pytest.mark.parametrize("right", [True, False])
def test_a_visitors_answer_is_explained_and_nothing_is_kept(client, lessons, right):
    response, _token = choose(client, lessons[0], right)

    html = response.content.decode()
    assert response.status_code == 200
    assert ("That is right." in html) is right
    assert "Recruiting is an act." in html
    assert Event.objects.count() == 0


def test_opening_a_lesson_enrols_once_and_notes_it_once(client, sign_in, official, lessons):
    sign_in(official)

    for _time in range(3):
        client.get(address(lessons[0]))

    assert Enrolment.objects.get().learner.user == official
    assert [event.verb for event in Event.objects.all()] == ["opened"]


def test_an_answer_by_form_is_kept_redirected_and_explained(client, sign_in, official, lessons):
    sign_in(official)

    response, _token = choose(client, lessons[0], True, "fr")
    html = client.get(response["Location"].split("#")[0]).content.decode()

    block = check_of(lessons[0])
    assert response.status_code == 302
    assert response["Location"].endswith(f"?screen={block['id']}#s-{block['id']}")
    assert Event.objects.get(verb="answered").language == "fr"
    assert 'class="banner ok"' in html


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


def test_a_lesson_finished_after_the_session_is_over_is_said_not_to_count(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), 'class="pager"')
    client.logout()

    answer = client.post(address(lessons[0]), {"token": token})
    html = answer.content.decode()

    assert answer.status_code == 409
    assert "This was not counted: you are signed out." in html
    assert f'/en/account/login/?next={address(lessons[0])}">Sign in and come back to this lesson' in html


def test_an_answer_after_the_session_is_over_is_explained_and_said_not_to_count(client, sign_in, official, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), "data-check")
    client.logout()

    html = client.post(address(lessons[0]), {"token": token} | fields(check_of(lessons[0]), True)).content.decode()

    assert "That is right." in html
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


def test_law_of_the_readers_country_stands_framed_with_its_source(client, sign_in, official, lessons):
    sign_in(official)

    html = client.get(address(lessons[0], "en")).content.decode()

    assert "Definition in law: Haiti" in html
    assert "Law CL/2014-0010" in html
    assert "Not yet confirmed for your country" in html
    assert "Organic law no. 2016-61" not in html


def test_a_source_that_is_cited_in_english_says_so_to_who_reads_another_language(client, lessons):
    english = client.get(address(lessons[0], query="?country=TN")).content.decode()
    arabic = client.get(address(lessons[0], "ar", query="?country=TN")).content.decode()

    source = re.compile(r'<dd><span lang="en" dir="ltr">[^<]+</span>(.*?)</dd>')
    assert source.search(english).group(1) == ""
    assert "tiny soft" in source.search(arabic).group(1)


def test_a_content_note_offers_to_skip_what_it_warns_of(client, lessons):
    lesson = next(one for one in lessons if any(b["type"] == "note" for b in one.body_en.get_prep_value()))

    html = client.get(address(lesson)).content.decode()

    link = re.search(r'<a href="#s-([^"]+)"[^>]*>Skip to the next question</a>', html)
    assert f'id="s-{link.group(1)}" data-screen' in html
    assert html.index(f'id="s-{link.group(1)}"') > link.end()
    assert check_of(lesson)["id"] == link.group(1)


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
    assert language_queries.status_of(lessons[0], "ar").code == "partial"


def test_a_language_with_nothing_says_in_which_one_it_is_read(client, lessons):
    html = client.get(address(lessons[0], "sw")).content.decode()

    assert "English</bdi>" in html
    assert '<html lang="sw"' in html
    assert '<span lang="en" dir="ltr">Three elements</span>' in html


@pytest.mark.parametrize("language", ["en", "fr", "sw"])
def test_a_lesson_costs_at_most_eight_queries(client, sign_in, official, lessons, language):
    sign_in(official)
    for _warm in range(2):
        client.get(address(lessons[0], language))

    with CaptureQueriesContext(connection) as caught:
        client.get(address(lessons[0], language))

    statements = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 8, statements
    assert not [statement for statement in statements if "wagtailcore_site" in statement]


def test_an_edit_shows_at_once_though_the_lesson_is_in_memory(client, lessons):
    before = client.get(address(lessons[0])).content.decode()
    lesson = Lesson.objects.get(pk=lessons[0].pk)
    lesson.heading_en = "Three elements, said anew"
    lesson.save_revision().publish()

    page = client.get(address(lessons[0])).content.decode()
    following = client.get(address(lessons[1])).content.decode()

    assert "said anew" not in before
    assert "<h1>Three elements, said anew</h1>" in page
    assert "Three elements, said anew" in following


def test_a_withdrawn_translation_is_marked_at_once_though_the_lesson_is_in_memory(client, lessons, at):
    first = lessons[0].body_en[0].id
    before = client.get(address(lessons[0], "ar")).content.decode()
    language_actions.withdraw(lessons[0], "ar", paths=[f"body.{first}.html"], reason="wrong", by="test", at=at)

    html = client.get(address(lessons[0], "ar")).content.decode()

    mark = f'data-screen="{first}" lang="en" dir="ltr"'
    assert (mark in before, mark in html) == (False, True)


def test_what_another_process_built_shows_at_once(client, lessons):
    client.get(address(lessons[0]))
    row = Compiled.objects.get(page=lessons[0].pk, language="en", part="")
    row.body = row.body.replace("Three elements", "Built elsewhere")
    row.built_at += dt.timedelta(seconds=1)
    row.save()

    assert "<h1>Built elsewhere</h1>" in client.get(address(lessons[0])).content.decode()


def test_what_one_learner_did_is_never_shown_to_another(client, sign_in, official, person, lessons):
    sign_in(official)
    choose(client, lessons[0], True)
    hers = client.get(address(lessons[0])).content.decode()
    sign_in(person("learner", country=official.country))

    others = client.get(address(lessons[0])).content.decode()

    assert ("That is right." in hers, "That is right." in others) == (True, False)
    assert "checked>" not in others


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_lesson_page_is_light(client, lessons, language):
    import gzip  # noqa: PLC0415 -- only this test weighs

    html = client.get(address(lessons[0], language)).content

    assert len(gzip.compress(html)) <= 14_000


def test_catalogue_course_and_curriculum_tell_languages_and_what_is_asked(client, course, lessons):
    catalogue = client.get("/fr/courses/").content.decode()
    page = client.get(address(course, "fr")).content.decode()
    curriculum = client.get(address(course.get_parent(), "fr"))
    module = client.get(address(lessons[0].get_parent(), "fr"))

    assert "Ce qu’il faut prouver" in catalogue
    assert "Kreyòl ayisyen" in catalogue
    assert 'id="test"' in page
    assert curriculum.status_code == 200
    assert module["Location"] == address(course, "fr")


def test_catalogue_costs_the_same_for_every_number_of_courses(client, course, django_assert_max_num_queries):
    client.get("/en/courses/")

    with django_assert_max_num_queries(3):
        client.get("/en/courses/?country=HT")


def test_an_unpublished_lesson_is_gone_from_page_and_outline(client, course, lessons):
    Lesson.objects.get(pk=lessons[3].pk).unpublish()

    gone = client.get(address(lessons[3]))
    html = client.get(address(lessons[0])).content.decode()

    assert gone.status_code == 404
    assert "Lesson 1 of 3" in html
