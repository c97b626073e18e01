"""The front page, the homes and the standing pages say what readers of lessons are told: out of date, not yet read, fallen back."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import trans_real
from wagtail.models import Site

from cms.models import FrontPage, HomePage, StandardPage
from languages import actions, queries
from languages.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_memory")]

STALE = "The English text has changed; this translation is of 25 November 2026."
DRAFT = "Machine draft, awaiting a native reader"
BODY = [{"type": "text", "id": "b1", "value": {"heading": "Who reads this", "text": "<p>Nobody but you.</p>"}}]


@pytest.fixture
def site(homes, at):
    """The site of the homes, with a front page, a home and a standing page that are live in French."""
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=homes["front"], is_default_site=True)
    Site.clear_site_root_paths_cache()
    models = {"front": FrontPage, "LR": HomePage, "shared": StandardPage}
    for name, model in models.items():
        page = model.objects.get(pk=homes[name].pk)
        if name == "shared":
            page.body_en = BODY
        page.go_live()
        texts = {"heading": f"Titre {name}"}
        if name == "shared":
            texts |= {"body.b1.heading": "Qui lit ceci", "body.b1.text": "<p>Vous seule.</p>"}
        actions.seed_languages(page, {"fr": texts}, by="system", at=at)
    return {name: model.objects.get(pk=homes[name].pk) for name, model in models.items()}


PATHS = {"front": "/", "LR": "/liberia/", "shared": "/privacy/"}


def marks(client, name, language="fr"):
    """Return the marks of a page, each as its words."""
    page = BeautifulSoup(client.get(f"/{language}{PATHS[name]}").content, "html.parser")
    assert page.h1
    return [" ".join(mark.get_text(" ").split()) for mark in page.select("main .native")]


def read_by_native():
    Unit.objects.update(native_read_at=timezone.now(), native_read_by="x")


def change(page, **columns):
    """Publish other words of the source."""
    for name, value in columns.items():
        setattr(page, name, value)
    page.change = "material"
    page.go_live()


def translate_anew(page, text, at):
    """Bring another French heading before readers."""
    segment = queries.segments_of(page).get(path="heading")
    version = Unit.objects.get(segment=segment, language="fr").version
    unit = actions.save_target(segment=segment, language="fr", text=text, version=version, by="x", at=at)
    actions.submit(unit=unit, by="x", at=at)
    actions.approve(unit=Unit.objects.get(pk=unit.pk), by="y", at=at)
    actions.publish(page, "fr", by="y", at=at)


@pytest.fixture
def english_words(monkeypatch):
    """Let the words of the interface be English in every language."""
    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", lambda self, message: message, raising=False)


@pytest.mark.parametrize("name", PATHS)
def test_what_no_native_reader_has_read_says_so(site, client, english_words, name):
    assert marks(client, name) == [DRAFT]
    assert marks(client, name, "en") == []
    read_by_native()
    assert marks(client, name) == []


@pytest.mark.parametrize("name", PATHS)
def test_what_is_out_of_date_says_so_until_it_is_translated_anew(site, client, english_words, at, name):
    read_by_native()
    change(site[name], heading_en="Another heading")

    (mark,) = marks(client, name)
    assert mark == f"Out of date {STALE}"
    assert marks(client, name, "en") == []

    translate_anew(site[name], "Autre titre", at)
    read_by_native()
    assert marks(client, name) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_page_in_another_language_names_it_and_is_marked_there_too(site, client, english_words, name):
    read_by_native()
    change(site[name], heading_en="Another heading")

    missing, stale = marks(client, name, "ht")

    assert missing == "Not yet in this language You read it in français ."
    assert stale == f"Out of date {STALE}"
    assert marks(client, name, "es") == ["Not yet in this language You read it in English ."]


def test_blocks_that_fell_back_bear_their_language(site, client, english_words):
    body = [*BODY, {"type": "text", "id": "b2", "value": {"heading": "New", "text": "<p>In English.</p>"}}]
    change(site["shared"], body_en=body)

    page = BeautifulSoup(client.get("/fr/privacy/").content, "html.parser")
    arabic = BeautifulSoup(client.get("/ar/privacy/").content, "html.parser")

    (fallen,) = page.select(".lesson-body > div")
    assert (fallen["lang"], fallen["dir"], fallen.h2.text) == ("en", "ltr", "New")
    assert "Parts that are not translated yet are marked." in page.select_one(".native").get_text()
    assert [block["lang"] for block in arabic.select(".lesson-body > div")] == ["en", "en"]


@pytest.mark.parametrize("name", PATHS)
def test_the_marks_cost_one_query_and_none_in_the_source(site, client, name):
    counted = {}
    for language in ("en", "fr"):
        client.get(f"/{language}{PATHS[name]}")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/{language}{PATHS[name]}")
        counted[language] = len(caught)
    assert counted["fr"] == counted["en"] + 1
