"""The names of languages in their own words, on pages in Arabic: each says its language, and none turns its line."""

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from languages import table
from languages.choices import NAMES

pytestmark = pytest.mark.django_db
ALL = {row.code: row.direction for row in table.TABLE}


def arabic(client, name):
    """Return a page in Arabic."""
    with translation.override("ar"):
        return BeautifulSoup(client.get(reverse(name)).content, "html.parser")


def test_the_chooser_puts_each_name_at_the_edge_of_its_column(client):
    names = arabic(client, "choose_language").select("ul.langs bdi")

    assert {name["lang"]: name["dir"] for name in names} == ALL
    assert {name.parent.name for name in names} == {"span"}
    assert not any(name.parent.has_attr("dir") for name in names)


def test_a_name_on_the_card_of_a_course_stays_on_one_line():
    sheet = (settings.BASE_DIR / "cms" / "static" / "css" / "public.css").read_text()

    assert ".course-grid bdi[lang]{white-space:nowrap}" in sheet


def test_the_profile_marks_each_language(sign_in, person):
    page = arabic(sign_in(person("operator")), "accounts:profile")

    boxes, options = page.select("label.choice bdi"), page.select("#id_language option")

    assert {box["lang"]: box["dir"] for box in boxes} == ALL
    assert [box.text for box in boxes] == [row.own for row in table.TABLE]
    assert {option["value"]: option["lang"] for option in options} == {code: code for code in ALL}
    assert not any(option.has_attr("dir") for option in options)


def test_a_list_marks_languages_and_nothing_else(sign_in, person, liberia):
    page = arabic(sign_in(person("supervisor", country=liberia)), "hotline:call_log")

    options = page.select("#id_language option")

    assert [(option["value"], option.get("lang")) for option in options[:2]] == [("", None), ("none", None)]
    assert [option["lang"] for option in options[2:]] == list(ALL)


def test_each_language_has_a_name_for_sentences():
    with translation.override("en"):
        assert {code: str(name) for code, name in NAMES.items()} == dict(table.LANGUAGES)
