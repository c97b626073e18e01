"""The catalogue, courses and curricula as a reader meets them."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from cms.models import HomePage
from tests.training.answers import address
from training import actions
from training.choices import TEST_MINUTES
from training.models import Compiled, Course, Curriculum, Lesson, Question

pytestmark = pytest.mark.either


@pytest.fixture
def english_words(monkeypatch):
    """Let the words of the interface be English in every language."""
    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", lambda self, message: message, raising=False)


def test_catalogue_course_and_curriculum_tell_languages_and_what_is_asked(client, course, lessons):
    catalogue = client.get("/fr/courses/").content.decode()
    page = client.get(address(course, "fr")).content.decode()
    curriculum = client.get(address(course.get_parent(), "fr"))
    module = client.get(address(lessons[0].get_parent(), "fr"))

    assert "La traite des personnes devant le tribunal" in catalogue
    assert "Kreyòl ayisyen" in catalogue
    assert 'id="test"' in page
    assert curriculum.status_code == 200
    assert module["Location"] == address(course, "fr")


@pytest.mark.both
def test_catalogue_costs_the_same_for_every_number_of_courses(client, course, django_assert_max_num_queries):
    client.get("/sw/courses/?country=HT")

    with django_assert_max_num_queries(3):
        client.get("/en/courses/?country=HT")
    with django_assert_max_num_queries(3):  # also where each card says that it is not in the reader's language
        client.get("/sw/courses/?country=HT")


@pytest.mark.parametrize(("language", "is_marked"), [("en", False), ("fr", False), ("ar", False), ("sw", True)])
def test_each_card_says_when_the_course_is_not_in_the_readers_language(
    client, front, countries, course, english_words, language, is_marked
):
    home = HomePage(title="Haiti", slug="haiti", heading_en="Haiti", country=countries["HT"])
    front.add_child(instance=home)
    lists = ["/courses/", f"/{course.get_parent().slug}/", "/haiti/"]

    cards = [
        BeautifulSoup(client.get(f"/{language}{path}").content, "html.parser").select(".card.course") for path in lists
    ]

    assert [["Not in your language yet" in card.text for card in found] for found in cards] == [[is_marked]] * 3


@pytest.mark.both
def test_the_mark_costs_a_home_no_query(client, front, countries, course):
    front.add_child(instance=HomePage(title="Haiti", slug="haiti", heading_en="Haiti", country=countries["HT"]))
    pages = ["/fr/haiti/", "/sw/haiti/"]
    for page in pages:
        client.get(page)

    costs = []
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_an_unpublished_lesson_is_gone_from_page_and_outline(client, course, lessons):
    Lesson.objects.get(pk=lessons[3].pk).unpublish()

    gone = client.get(address(lessons[3]))
    html = client.get(address(lessons[0])).content.decode()

    assert gone.status_code == 410
    assert "Lesson 1 of 3" in html


def test_a_course_without_lessons_promises_and_counts_none(client, front, countries):
    curriculum = Curriculum(title="New", slug="new", heading_en="New")
    curriculum.go_live(below=front)
    Course(title="New", slug="new", key="new", heading_en="New", summary_en="Soon.").go_live(below=curriculum)

    html = client.get("/en/new/new/").content.decode()

    assert "Soon." in html
    for promise in ("0 lessons", "0 minutes", "0 of 0", "<h2>Languages</h2>", "<dt>For</dt>"):
        assert promise not in html


def test_the_last_lesson_of_a_course_without_a_test_leads_to_no_test(client, course, lessons, at):
    for question in Question.objects.all():
        question.unpublish()
    actions.course_changed(course, by="test", at=at)

    html = client.get(address(lessons[-1])).content.decode()

    assert "Go to the test" not in html


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_size_of_a_course_is_what_its_lessons_send(client, course, lessons, language):
    said = client.get(address(course, language)).content.decode()
    pages = [client.get(address(lesson, language)).content for lesson in lessons]

    shown = int(re.search(r"(\d+)\s(?:KB|Kio)", said)[1])

    assert shown == pytest.approx(sum(len(gzip.compress(page)) for page in pages) / 1024, rel=0.2)


@pytest.mark.parametrize("tested", [True, False])
def test_the_time_of_a_course_is_that_of_its_lessons_and_its_test(client, course, lessons, at, tested):
    if not tested:
        Question.objects.filter(course=course).update(live=False)
    Lesson.objects.filter(pk=lessons[0].pk).update(minutes=25)
    actions.course_changed(course, by="test", at=at)

    page = client.get(address(course)).content.decode()
    catalogue = client.get("/en/courses/").content.decode()

    counted = 25 + sum(lesson.minutes for lesson in lessons[1:]) + (TEST_MINUTES if tested else 0)
    assert f"<dd>about {counted} minutes</dd>" in page
    assert f"about {counted} minutes," in catalogue


def test_a_course_and_a_lesson_that_fell_back_run_as_their_own_language_does(client, course, lessons):
    Compiled.objects.filter(language="ar").delete()

    page = BeautifulSoup(client.get(address(course, "ar")).content, "html.parser")
    lesson = BeautifulSoup(client.get(address(lessons[0], "ar")).content, "html.parser")

    assert page.html["dir"] == lesson.html["dir"] == "rtl"
    places = {"h1": 1, "p.lead": 1, "dl.words dt": 4, "dl.words dd": 4, "p.disclaimer": 1}
    for soup in (page, lesson):
        for place, least in places.items():
            blocks = soup.select(f"main {place}")
            assert len(blocks) >= least, place
            assert {(one.get("lang"), one.get("dir")) for one in blocks} == {("en", "ltr")}, place
    assert {one.span["dir"] for one in page.select(".aide li")} == {"ltr"}


def test_a_course_in_the_readers_language_says_no_other(client, course, lessons):
    page = BeautifulSoup(client.get(address(course, "ar")).content, "html.parser")
    lesson = BeautifulSoup(client.get(address(lessons[0], "ar")).content, "html.parser")

    for soup in (page, lesson):
        assert not [one for one in soup.select("main h1, main p.lead, main .words dt") if one.get("dir")]


def test_what_is_written_once_is_written_in_each_language_by_itself(client, course):
    def heading(language):
        return BeautifulSoup(client.get(address(course, language)).content, "html.parser").select_one(".aide h3").text

    seen = [heading(language) for language in ("sw", "id", "th", "es")]  # none has the course: all read it in English

    assert seen == [pgettext_in(language, "heading of a list", "Do") for language in ("sw", "id", "th", "es")]
    assert len(set(seen)) == 4


def pgettext_in(language, context, message):
    with translation.override(language):
        return translation.pgettext(context, message)


@pytest.mark.parametrize(("language", "unit"), [("en", "KB"), ("ar", "ك.ب"), ("bn", "কিলোবাইট"), ("ht", "KB")])
def test_sizes_are_told_in_the_units_of_the_language(client, sign_in, official, course, language, unit):
    sign_in(official)
    addresses = [f"/{language}/courses/", address(course, language), f"/{language}/learning/judicial/keep/"]

    for where in addresses:
        main = BeautifulSoup(client.get(where).content, "html.parser").main
        told = main.text + " ".join(str(one.attrs) for one in main.select("[data-words]"))
        assert unit in told
        assert unit == "KB" or "KB" not in told
