"""A leaflet with every sort of block, published, and its translator's helpers."""

import pytest
from wagtail.models import Page

from languages import actions, queries
from tests.sample.models import Leaflet, Notice

BY = "11111111-1111-4111-8111-111111111111"

BODY = [
    {"type": "words", "id": "w1", "value": '<p>Call <a href="tel:116">116</a> now.</p>'},
    {"type": "plain", "id": "p1", "value": "Two lines\nof text."},
    {
        "type": "check",
        "id": "c1",
        "value": {
            "question": "Who keeps the passport?",
            "choices": [
                {"type": "item", "id": "i1", "value": {"text": "She does", "right": True, "code": "a"}},
                {"type": "item", "id": "i2", "value": {"text": "The agency", "right": False, "code": "b"}},
            ],
        },
    },
    {"type": "code", "id": "k1", "value": "XY-1"},
]

FRENCH = {
    "heading": "Avant de partir",
    "summary": "<p>En bref</p>",
    "body.w1": '<p>Appelez le <a href="x">116</a> maintenant.</p>',
    "body.p1": "Deux lignes\nde texte.",
    "body.c1.question": "Qui garde le passeport ?",
    "body.c1.choices.i1.text": "Elle",
    "body.c1.choices.i2.text": "L’agence",
}


@pytest.fixture
def by():
    """The public id of a translator."""
    return BY


@pytest.fixture
def leaflet(db):
    """A published leaflet in English."""
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    page = Leaflet(
        title="Leaflet", slug="leaflet", heading_en="Before you go", summary_en="<p>In short</p>", body_en=BODY
    )
    root.add_child(instance=page)
    page.save_revision().publish()
    return Leaflet.objects.get(pk=page.pk)


@pytest.fixture
def notice(db, at):
    """A plain row in English."""
    row = Notice.objects.create(code="n1", heading_en="Office closed", text_en="Come back on {day}.")
    actions.refresh_segments(row, by=BY, at=at)
    return row


@pytest.fixture
def french(leaflet, at):
    """The leaflet with all of its French live."""
    actions.seed_languages(leaflet, {"fr": FRENCH}, by=BY, at=at)
    return Leaflet.objects.get(pk=leaflet.pk)


@pytest.fixture
def segment(leaflet):
    """Find a segment of the leaflet by path."""

    def find(path):
        return queries.segments_of(leaflet).get(path=path)

    return find
