"""The banner: translated at the desk, never shown out of date, above every page and in an open console."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import SafetySettings
from languages.models import Unit
from tests.cms.safety import administrator, put_up, save, signed_in, text_of
from tests.cms.translating import decide, do_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_memory", "root")]

WORDS = "The line is closed today. Call 999."
FRENCH = "La ligne est fermée aujourd’hui. Appelez le 999."


@pytest.fixture
def admin(person):
    """The browser of an administrator."""
    return administrator(person)


@pytest.fixture
def work(person, liberia):
    """The browser of a translator into French and Haitian Creole."""
    return signed_in(person("translator", country=liberia, language="fr", spoken="fr ht"))


def translate(work, text=FRENCH, language="fr"):
    """Write, approve and publish the banner in a language, as the desk's forms do."""
    pk = SafetySettings.objects.get().pk
    url = f"/en/desk/cms.safetysettings/{pk}/{language}/"
    unit = Unit.objects.filter(language=language, segment__path="banner").first()
    segment = Unit._meta.get_field("segment").related_model.objects.get(path="banner", object_id=pk, retired_at=None)
    work.post(f"{url}{segment.pk}/", {"text": text, "version": unit.version if unit else 0, "then": "review"})
    unit = Unit.objects.get(language=language, segment=segment)
    decide(work, unit, "approve")
    do_all(work, url, "publish", language)
    cache.clear()


def banner_of(client, language="fr"):
    """Return the banner of a public page, or None."""
    return BeautifulSoup(client.get(f"/{language}/languages/").content, "html.parser").select_one(
        ".banner:not([hidden])"
    )


def test_the_words_appear_at_the_desk(admin, work):
    put_up(admin, WORDS)

    page = text_of(work.get("/en/desk/", {"bundle": "standing"}))
    thing = text_of(work.get(f"/en/desk/cms.safetysettings/{SafetySettings.objects.get().pk}/fr/"))

    assert WORDS in page
    assert "Published 0 of 1" in thing


def test_what_the_desk_publishes_is_what_readers_see(admin, work, client):
    put_up(admin, WORDS)
    translate(work)

    shown = banner_of(client)

    assert (shown.p["lang"], shown.p["dir"], shown.p.text) == ("fr", "ltr", FRENCH)
    assert "Machine draft, awaiting a native reader" not in str(banner_of(client, "en"))
    haitian = banner_of(client, "ht")
    assert (haitian.p["lang"], haitian.p.text) == ("fr", FRENCH)


def test_a_translation_that_is_out_of_date_is_not_shown(admin, work, client):
    put_up(admin, WORDS)
    translate(work)
    put_up(admin, "The line is open again.")

    shown = banner_of(client)

    assert FRENCH not in str(shown)
    assert (shown.p["lang"], shown.p["dir"], shown.p.text) == ("en", "ltr", "The line is open again.")
    assert banner_of(client, "ht").p["lang"] == "en"
    assert (
        "out of date"
        in text_of(work.get(f"/en/desk/cms.safetysettings/{SafetySettings.objects.get().pk}/fr/")).lower()
    )

    translate(work, "La ligne est de nouveau ouverte.")
    assert banner_of(client).p.text == "La ligne est de nouveau ouverte."


def test_words_in_another_language_say_so(admin, client):
    put_up(admin, WORDS)

    arabic = banner_of(client, "ar")
    assert (arabic.p["lang"], arabic.p["dir"]) == ("en", "ltr")
    assert len(arabic.select("p")) == 2
    assert "Not yet in this language" not in str(banner_of(client, "en"))


def test_a_switch_or_another_kind_puts_no_translation_out_of_date(admin, work, client):
    put_up(admin, WORDS)
    translate(work)
    save(admin, is_banner_on=None)
    assert banner_of(client) is None
    save(admin, is_banner_on="on", banner_kind="bad")

    assert banner_of(client).p.text == FRENCH
    assert "bad" in banner_of(client)["class"]


def test_the_banner_costs_no_query_for_a_moment(admin, client, django_assert_num_queries):
    put_up(admin, WORDS)
    cache.clear()
    client.get("/fr/languages/")

    with django_assert_num_queries(0):
        assert banner_of(client) is not None


def queries_of(act) -> int:
    """Return how many queries an act costs."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_an_open_console_shows_the_banner_without_being_loaded_again(admin, person, liberia):
    desk = signed_in(person("operator", country=liberia))
    page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")
    seen = {field["name"]: field.get("value", "") for field in page.select("#live-mark, #live-contact, #live-notice")}
    asks = reverse("hotline:console_live")
    assert "#live-notice" in page.select_one("#live-ask")["hx-include"].split(",")
    assert page.select_one("#site-notice[role=status] .banner") is None
    assert desk.get(asks, seen).status_code == 204
    before = queries_of(lambda: desk.get(asks, seen))

    put_up(admin, WORDS)
    answer = desk.get(asks, seen)

    part = BeautifulSoup(answer.content, "html.parser").select_one("#site-notice")
    assert (part["hx-swap-oob"], part.select_one(".banner p").text) == ("innerHTML", WORDS)
    seen |= {"notice": part.select_one("#live-notice")["value"]}
    assert desk.get(asks, seen).status_code == 204
    assert queries_of(lambda: desk.get(asks, seen)) == before

    save(admin, is_banner_on=None)
    gone = BeautifulSoup(desk.get(asks, seen).content, "html.parser").select_one("#site-notice")
    assert gone.select_one("#live-notice")["value"] == ""
    assert gone.select_one(".banner:not([hidden])") is None


def test_a_console_that_is_loaded_shows_the_banner_once(admin, person, liberia):
    put_up(admin, WORDS)

    page = BeautifulSoup(
        signed_in(person("operator", country=liberia)).get(reverse("hotline:console")).content, "html.parser"
    )

    assert [part.text for part in page.select("#site-notice .banner p")] == [WORDS]


@pytest.mark.parametrize("path", ["/en/a/unknown/", "/en/nothing-here/", "/en/account/login/"])
def test_agencies_and_who_is_lost_see_it_too(admin, client, path):
    put_up(admin, WORDS)

    assert WORDS in text_of(client.get(path))
