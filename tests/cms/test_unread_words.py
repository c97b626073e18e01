"""Staff read at the foot of their pages, and where they choose a language, that its words are a machine's draft."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from languages import catalogues, table

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PLACES = ("hotline:roster", "hotline:console", "accounts:profile", "choose_language")


def marks(client, place, language):
    """Return the marks of a page in a language, each as its words."""
    page = BeautifulSoup(
        client.get(reverse(place).replace("/en/", f"/{language}/"), follow=True).content, "html.parser"
    )
    assert page.h1
    return [" ".join(mark.get_text(" ").split()) for mark in page.select(".unread-words")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["ar", "bn"])
def test_a_page_in_words_that_no_native_reader_has_read_says_so_once(sign_in, person, place, language):
    (mark,) = marks(sign_in(person("supervisor")), place, language)

    assert mark.startswith(table.BY_CODE[language].own)


@pytest.mark.parametrize("place", PLACES)
def test_the_source_language_awaits_nobody(sign_in, person, place):
    assert marks(sign_in(person("supervisor")), place, "en") == []


def test_who_reads_without_an_account_is_told_by_the_marks_of_the_pages_alone(client):
    assert marks(client, "choose_language", "ar") == []


def test_a_catalogue_awaits_nobody_once_all_its_words_were_read(tmp_path):
    path = catalogues.path_of("fr", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n\n#. reviewed: A. Reader\nmsgid "Help"\nmsgstr "Aide"\n', encoding="utf-8")

    assert not catalogues.awaits_native("fr", tmp_path)
    assert catalogues.awaits_native("fr")
