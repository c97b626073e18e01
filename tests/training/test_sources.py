"""What a law rests on is cited in the reader's language: from the course's folder and from the desk."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from languages import queries as language_queries
from training import actions
from training.models import Overlay
from training.templatetags.training_tags import articles

pytestmark = pytest.mark.either

ENGLISH = "Organic law no. 2016-61 of 3 August 2016"
FRENCH = "Loi organique n° 2016-61 du 3 août 2016"
ARABIC = "القانون الأساسي عدد 61 لسنة 2016 المؤرخ في 3 أوت 2016"


@pytest.fixture
def cited(client, lessons):
    """A function that returns how a reader of a language sees the source of Tunisia's definition."""

    def in_language(language):
        where = f"/{language}/{lessons[0].url_path.split('/', 2)[2]}?country=TN"
        return BeautifulSoup(client.get(where).content, "html.parser").select_one(".law dd")

    return in_language


@pytest.fixture
def load(front, folder, at):
    """A function that loads the judicial course once more and returns the news."""

    def again():
        news = actions.News()
        actions.load_course(folder, front, by="test", at=at, news=news)
        return news.made, news.left

    return again


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("fr", FRENCH), ("ar", ARABIC)])
def test_a_law_is_cited_in_the_readers_language_without_a_mark(cited, language, words):
    found = cited(language)

    assert found.text == words
    assert found.find() is None


@pytest.mark.parametrize(("language", "words"), [("en", "2, 5"), ("ar", "2، 5")])
def test_the_articles_of_a_law_stand_with_the_comma_of_the_reader(client, lessons, language, words):
    where = f"/{language}/{lessons[0].url_path.split('/', 2)[2]}?country=TN"

    box = BeautifulSoup(client.get(where).content, "html.parser").select_one(".law dl")

    found = box.select("dd")[1]
    assert found.text == words
    assert [one.text for one in found.select("bdi")] == ["2", "5"]  # the page's direction orders them


def test_a_section_of_an_act_is_no_list_of_articles():
    with translation.override("ar"):
        assert articles("Act of 2012, section 3") == "<bdi>Act of 2012, section 3</bdi>"


@pytest.mark.parametrize(
    ("language", "words", "shown", "name"),
    [("wo", FRENCH, "fr", "français"), ("es", ENGLISH, "en", "English")],
)
def test_a_citation_that_falls_back_says_in_which_language_it_is(cited, language, words, shown, name):
    said, mark = cited(language).find_all("span")

    assert (said.text, said["lang"], said["dir"]) == (words, shown, "ltr")
    assert mark.bdi.text == name


def test_a_source_that_nobody_translated_is_english_and_its_old_translation_is_aged(cited, course, person, at):
    entry = Overlay.objects.get(country="TN", slot="definition")
    entry.source_en, entry.change = "Another law", "material"
    entry.save()

    actions.overlay_changed(overlay=entry, by=person("manager"), at=at)

    assert language_queries.status_of(entry, "fr").code == "out_of_date"
    assert cited("en").text == "Another law"


def test_the_desk_has_the_source_beside_the_text(course):
    entry = Overlay.objects.get(country="TN", slot="definition")

    lines = language_queries.exchange_file(entry, "fr").lines

    assert [line.path for line in lines] == ["text", "source"]
    assert (lines[1].source, lines[1].target, lines[1].max_length) == (ENGLISH, FRENCH, 300)
    assert language_queries.status_of(entry, "fr").awaiting_native == 2


@pytest.mark.both
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_loading_again_is_no_news_in_whatever_language_it_runs(load, course, language):
    with translation.override(language):
        assert load() == ([], [])
