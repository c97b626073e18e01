"""What the pages around lessons cost, and that what is kept of them in memory is never stale."""

import pytest
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from accounts.models import Country
from languages import actions as language_actions
from tests.training.answers import address as address_of
from tests.training.answers import paper, right, token_of, wrong
from training.models import Lesson

CARDS, LEARNING = "/en/courses/", "/en/learning/"


def asked(client, where):
    """Return the statements of a page that was opened just before."""
    for _warm in range(2):
        assert client.get(where).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        client.get(where)
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_pages_around_lessons_cost_at_most_eight_queries(client, sign_in, official, enrolment, course, language):
    sign_in(official)

    for where in (address_of(course, language), f"/{language}/learning/", f"/{language}/courses/"):
        statements = asked(client, where)
        assert len(statements) <= 8, statements


def test_the_result_of_a_test_costs_at_most_eight_queries_passed_or_not(client, attempt):
    client.post(paper(attempt), wrong(attempt, 0, 1, 2))
    failed = asked(client, paper(attempt, "fr", "result/"))
    again = client.post("/fr/learning/judicial/test/")["Location"]
    passed_one = attempt.enrolment.attempts.get(number=2)
    client.post(again, right(passed_one))

    passed = asked(client, paper(passed_one, "fr", "result/"))

    assert len(failed) <= 8, failed
    assert len(passed) <= 8, passed


def test_a_course_opened_again_writes_nothing_that_hangs_on_the_course_alone(
    client, sign_in, official, enrolment, course
):
    sign_in(official)
    client.get(address_of(course))
    client.get(CARDS)
    written = []

    def note(sender, template, **_rest):
        written.append(template.name)

    template_rendered.connect(note)
    client.get(address_of(course))
    client.get(CARDS)
    template_rendered.disconnect(note)

    once = {f"training/_{name}.html" for name in ("module", "languages", "aide", "words", "card")}
    assert "training/course.html" in written
    assert once.isdisjoint(written)


def test_an_edit_shows_at_once_though_course_and_cards_are_in_memory(client, sign_in, official, enrolment, course):
    sign_in(official)
    before = [client.get(where).content.decode() for where in (address_of(course), CARDS, LEARNING)]
    lesson = Lesson.objects.filter(path__startswith=course.path).order_by("path").first()
    lesson.heading_en = "Three elements, said anew"
    lesson.save_revision().publish()
    course.heading_en, course.summary_en = "Trials, said anew", "In short, said anew"
    course.save_revision().publish()

    page, cards, learning = (client.get(where).content.decode() for where in (address_of(course), CARDS, LEARNING))

    assert not any("said anew" in one for one in before)
    assert "1. Three elements, said anew" in page
    assert ("Trials, said anew" in page, "In short, said anew" in cards) == (True, True)
    assert "<strong>Three elements, said anew</strong>" in learning


def test_a_withdrawn_translation_shows_at_once_though_the_course_is_in_memory(client, course, lessons, at):
    before = client.get(address_of(course, "ar")).content.decode()
    language_actions.withdraw(lessons[0], "ar", paths=["heading"], reason="wrong", by="test", at=at)

    html = client.get(address_of(course, "ar")).content.decode()

    mark = f'<span lang="en" dir="ltr">{lessons[0].heading_en}</span>'
    assert (mark in before, mark in html) == (False, True)


def test_the_course_shows_each_learner_what_she_did_and_the_address_that_she_asked_for(
    client, sign_in, official, person, course, lessons
):
    sign_in(official)
    token = token_of(client.get(address_of(lessons[0])).content.decode(), 'class="pager"')
    client.post(address_of(lessons[0]), {"token": token})
    hers = client.get(address_of(course)).content.decode()
    sign_in(person("learner", country=official.country))

    others = client.get(address_of(course)).content.decode()
    asked_for = client.get(address_of(course, query="?country=HT")).content.decode()

    done = '<span class="vh"> (done)</span>'
    assert (hers.count(done), others.count(done)) == (1, 0)
    assert f'href="{address_of(course, "fr")}" lang="fr"' in others
    assert f'href="{address_of(course, "fr")}?country=HT" lang="fr"' in asked_for


def test_the_clock_of_a_country_that_was_changed_counts_at_once(client, sign_in, official, attempt):
    client.post(paper(attempt), right(attempt))
    where = "/en/learning/history/"
    before = client.get(where).content.decode()
    Country.objects.filter(pk=official.country_id).update(time_zone="Asia/Tokyo")

    assert client.get(where).content.decode() != before
