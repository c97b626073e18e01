"""Law of a country whose translation is of an earlier day: marked for every reader, with the English text below it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from tests.training.answers import address
from training import actions
from training.models import CourseVersion, Overlay

pytestmark = pytest.mark.either

NEW = "Whoever recruits a child is a trafficker, also without deceit."
LAW = "Act no. 7 of 2026"


@pytest.fixture
def entry(course):
    """Tunisia's definition."""
    return Overlay.objects.get(country="TN", slot="definition")


@pytest.fixture
def rewrite(entry, person, at):
    """A function that confirms that the entry says something else."""

    def make(change, **fields):
        for name, value in (
            fields | {"change": change, "confirmed": True, "checked_at": dt.date(2026, 12, 3)}
        ).items():
            setattr(entry, name, value)
        entry.save()
        actions.overlay_changed(overlay=entry, by=person("manager"), at=at)

    return make


def online(client, lesson, language="fr"):
    return read(client.get(f"{address(lesson, language)}?country=TN"))


def kept(client, lesson, language="fr"):
    version = CourseVersion.objects.filter(country="TN").order_by("-number").first().public_id
    with translation.override(language):
        return read(client.get(reverse("training:kept_lesson", args=["judicial", version, lesson.translation_key])))


def read(response):
    return BeautifulSoup(response.content, "html.parser")


def said(box):
    """Return what the body of a law says, line by line."""
    return [" ".join(one.get_text(" ").split()) for one in box.select(".law-body p, .law-body dd")]


@pytest.mark.parametrize("where", [online, kept])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_changed_law_stands_in_english_below_its_translation_for_who_never_read_it(
    client, lessons, entry, rewrite, where, language
):
    before = said(where(client, lessons[0], language).select_one(".law"))
    rewrite("material", text_en=NEW)

    page = where(client, lessons[0], language)
    box = page.select_one(".law")

    assert said(box) == [before[0], NEW, *before[1:]]
    assert page.select_one("[data-stale]")
    assert len(page.select(".law > .banner.wait")) == 1
    [new] = page.select(".in-source")
    assert (new["lang"], new["dir"], new.get_text()) == ("en", "ltr", NEW)


@pytest.mark.both
@pytest.mark.parametrize("where", [online, kept])
def test_the_day_it_was_checked_stands_below_the_text_that_was_checked(client, lessons, rewrite, where):
    rewrite("material", text_en=NEW)

    box = where(client, lessons[0]).select_one(".law")

    assert str(box).index(NEW) < str(box).index("Texte vérifié le 3 décembre 2026")
    assert str(box).index("banner wait") < str(box).index("law-body")


def test_what_was_explained_better_stands_there_too_without_the_alarm(client, lessons, rewrite):
    rewrite("minor", text_en=NEW)

    page = online(client, lessons[0])

    assert page.select(".law > .banner") == []
    assert page.select_one("[data-stale]")
    assert [one.get_text() for one in page.select(".law .in-source")] == [NEW]
    assert "cette traduction date du" in page.select_one(".law-body").get_text()


def test_another_wording_ages_nothing(client, lessons, rewrite):
    rewrite("wording", text_en=NEW)

    page = online(client, lessons[0])

    assert page.select(".law .in-source, .law > .banner, [data-stale]") == []


def test_what_it_rests_on_now_stands_below_the_citation_of_that_day(client, lessons, rewrite):
    before = said(online(client, lessons[0]).select_one(".law"))
    rewrite("material", text_en=NEW, source_en=LAW, article="9")

    box = online(client, lessons[0]).select_one(".law")

    assert said(box) == [*before[:2], NEW, f"{LAW} (Langue affichée : English )", "9"]
    assert (box.find("span", string=LAW)["lang"], len(box.select("dl"))) == ("en", 2)


def test_the_source_and_who_reads_in_another_country_are_told_nothing(client, lessons, rewrite):
    rewrite("material", text_en=NEW)

    english, elsewhere = online(client, lessons[0], "en"), read(client.get(f"{address(lessons[0], 'fr')}?country=HT"))

    assert english.select(".in-source, .law > .banner, [data-stale]") == []
    assert NEW in english.select_one(".law").get_text()
    assert elsewhere.select(".in-source, .law > .banner, [data-stale]") == []


def test_the_banner_leads_to_the_english_page_from_which_it_is_read(client, lessons, rewrite):
    rewrite("material", text_en=NEW)

    for query in ("?country=TN", "?country=TN&screen=x"):
        page = read(client.get(f"{address(lessons[0], 'fr')}{query}"))
        assert page.select_one(".law > .banner a")["href"].startswith(f"{address(lessons[0], 'en')}{query}#s-")
