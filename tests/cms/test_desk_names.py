"""How things are called at the desk: in the reader's language where it stands, held apart from the number beside it."""

import pytest
from django.utils import translation

from cms.desk import bundles, queries
from languages.queries import key_of
from training.models import Course

pytestmark = pytest.mark.usefixtures("no_memory")


def test_a_reader_sees_names_in_her_language(desk, french):
    page = desk.get("/fr/desk/?bundle=sample.leaflet").content.decode()

    assert '<bdi lang="fr">Avant de partir</bdi>, ' in page
    assert "Before you go" not in page


def test_a_name_that_stands_only_in_the_source_says_so_and_the_number_keeps_its_side(desk, french):
    page = desk.get("/ar/desk/?bundle=sample.leaflet").content.decode()

    assert '<bdi lang="en">Before you go</bdi>، ' in page


def test_a_name_is_found_by_either_language(desk, french):
    for words in ("avant", "before"):
        page = desk.get(f"/fr/desk/?bundle=sample.leaflet&words={words}").content.decode()
        assert "Avant de partir" in page


def test_the_editor_and_its_trail_say_the_language_of_the_name(desk, french, address):
    page = desk.get(address().replace("/en/", "/fr/")).content.decode()

    assert '<h1><bdi lang="fr">Avant de partir</bdi></h1>' in page


def test_the_row_of_a_course_is_called_as_its_readers_call_it(curriculum, root):
    course = curriculum.add_child(
        instance=Course(title="C", slug="c", key="c", summary_en="S", heading_en="Judges", heading_fr="Juges")
    )
    with translation.override("fr"):
        place = bundles.places([key_of(course)])[key_of(course)]
        name = queries.name_of(curriculum)

    assert (place.name, place.name.language, place.name.source) == ("Juges", "fr", "Judges")
    assert (name, name.language) == ("Droit", "fr")
