"""Prefixes, redirects of languages that are off, links to the same page, text in its true language."""

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from languages import actions, queries, table
from languages.middleware import SwitchedOffLanguage
from languages.models import Language
from tests.languages.conftest import BY


@pytest.fixture(autouse=True)
def no_memory():
    """Forget the switches that an earlier test left in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ask(db):
    """Ask for a path; returns the redirect's target, or "" when the request went through."""

    def go(path, method="get"):
        request = getattr(RequestFactory(), method)(path)
        answer = SwitchedOffLanguage(lambda request: None)(request)
        return (answer.status_code, answer.headers["Location"]) if answer else ""

    return go


@pytest.mark.parametrize("code", table.CODES)
def test_a_language_that_is_on_goes_through(ask, code):
    assert ask(f"/{code}/desk/?a=1") == ""


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/FR/x/?a=1&b=2", "/fr/x/?a=1&b=2"),
        ("/pt-BR/", "/pt-br/"),
        ("/pt_br/", "/pt-br/"),
        ("/fr-CA/x/", "/fr/x/"),
        ("/wo-sn/", "/wo/"),
    ],
)
def test_other_spellings_lead_to_the_known_code(ask, path, target):
    assert ask(path) == (302, target)


@pytest.mark.parametrize("path", ["/kri/", "/livez", "/admin/", "/", "/french/", "/hotline/twilio/voice/"])
def test_what_is_no_language_goes_through(ask, path):
    assert ask(path) == ""


def test_a_language_that_is_off_leads_along_its_chain(ask, at):
    actions.switch_language(code="ht", state="off", by=BY, at=at, reason="no speaker left")
    assert ask("/ht/liberia/?x=1") == (302, "/fr/liberia/?x=1")

    actions.switch_language(code="fr", state="desk", by=BY, at=at)
    assert ask("/ht/x/", "post") == (307, "/en/x/")

    actions.switch_language(code="ht", state="public", by=BY, at=at)
    assert ask("/ht/liberia/") == ""


def test_a_countrys_switch_beats_the_general_one(db, at):
    actions.switch_language(code="rw", state="off", by=BY, at=at)
    actions.switch_language(code="rw", country="LR", state="public", by=BY, at=at)

    assert "rw" not in queries.languages_on()
    assert "rw" in queries.languages_on("LR")
    assert queries.languages_on("LR") == list(table.CODES)


def test_the_source_stays_public(db, at):
    with pytest.raises(actions.SourceStaysPublic):
        actions.switch_language(code="en", state="off", by=BY, at=at)
    assert not Language.objects.exists()


def test_switches_cost_no_query_for_a_moment(db, django_assert_num_queries):
    queries.languages_on()
    with django_assert_num_queries(0):
        queries.languages_on("LR")


def test_known():
    assert (table.known("PT-BR"), table.known("ar-EG"), table.known("xx"), table.known("")) == ("pt-br", "ar", "", "")


def _render(source, **context):
    return Template("{% load languages_tags %}" + source).render(Context(context))


def test_fallen_back_text_carries_its_true_language(french):
    with translation.override("ht"):
        html = _render('{% shown page "heading" %} {% shown page "summary" %}', page=french)

    assert html.startswith('<span lang="fr" dir="ltr">Avant de partir</span>')
    assert '<div lang="fr" dir="ltr">' in html


def test_text_in_the_language_of_the_page_is_not_wrapped(french):
    with translation.override("fr"):
        assert _render('{% shown page "heading" %}', page=french) == "Avant de partir"


def test_stored_text_is_escaped(notice):
    notice.heading_en = "<b>x</b>"
    with translation.override("en"):
        assert _render('{% shown page "heading" %}', page=notice) == "&lt;b&gt;x&lt;/b&gt;"


def test_words_that_bear_their_language_are_wrapped_and_escaped():
    with translation.override("ar"):
        assert (
            _render("{{ words|said_in:code }}", words="<b>", code="en") == '<span lang="en" dir="ltr">&lt;b&gt;</span>'
        )
        assert _render("{{ words|said_in:code }}", words="<b>", code="ar") == "&lt;b&gt;"


def test_language_links_keep_the_page_and_its_query(db):
    request = RequestFactory().get("/fr/cours/1/?screen=2")

    with translation.override("fr"):
        html = _render(
            "{% language_links as links %}{% for link in links %}{{ link.code }}={{ link.href }}{% if link.is_current %}*{% endif %} {% endfor %}",
            request=request,
        )

    assert html.split()[:2] == ["en=/en/cours/1/?screen=2", "fr=/fr/cours/1/?screen=2*"]
    assert len(html.split()) == 15


def test_hreflang_lists_only_languages_with_something_live(french):
    request = RequestFactory().get("/en/leaflet/")

    html = _render(
        "{% hreflang_links page as links %}{% for link in links %}{{ link.code }} {% endfor %}",
        request=request, page=french,
    )  # fmt: skip

    assert html.split() == ["en", "fr"]


def test_small_filters():
    assert _render('{{ word|isolate }} {{ "ar"|own_name }} {{ "ar"|direction }} {{ "fr"|direction }}', word="<i>") == (
        "<bdi>&lt;i&gt;</bdi> العربيّة rtl ltr"
    )
