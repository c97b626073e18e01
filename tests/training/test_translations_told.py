"""What publishing does to translations is told before it is done, and is what readers then have."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from training.models import Lesson

NEW = "no translation yet"


def keep(lesson, change, body):
    """Keep a draft with other blocks, said to be of a kind."""
    draft = Lesson.objects.get(pk=lesson.pk)
    draft.body_en, draft.change = body, change
    draft.save_revision()


def told(client, lesson):
    """Return what the page says of translations: by language how many texts go out of date, and the rest of its words."""
    with translation.override("en"):
        path = reverse("training:publishing", args=["lesson", lesson.pk])
    page = BeautifulSoup(client.get(path).content, "html.parser")
    part = next(one for one in page.select("section") if one.h2.get_text() == "Translations")
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in part.select("tbody tr")]
    return {row[0]: row[1] for row in rows}, " ".join(part.get_text(" ").split())


@pytest.mark.parametrize("change", ["wording", "minor", "material"])
def test_blocks_put_in_anew_with_the_same_words_keep_their_translations(client, editor, lessons, change):
    lesson = lessons[0]
    body = lesson.body_en.get_prep_value()
    url = lesson.url.replace("/en/", "/fr/")
    before = client.get(url).content.decode()
    ids = {block["id"] for block in body}
    anew = json.loads(json.dumps(body).replace('"id": "', '"id": "a-'))
    keep(lesson, change, anew)

    aged, words = told(editor, lesson)
    Lesson.objects.get(pk=lesson.pk).get_latest_revision().publish()
    after = client.get(url).content.decode()

    assert aged
    assert set(aged.values()) == {"0"}
    assert NEW not in words
    assert not ids & {block["id"] for block in Lesson.objects.get(pk=lesson.pk).body_en.get_prep_value()}
    for page in (before, after):
        assert "Les parties pas encore traduites sont marquées" not in page
        assert "Pas à jour" not in page


def test_a_block_that_is_new_is_told_as_one_that_no_language_has_but_english(client, editor, lessons):
    lesson = lessons[0]
    body = lesson.body_en.get_prep_value()
    keep(lesson, "minor", [*body, {"type": "note", "id": "n9", "value": {"text": "This hurts to read."}}])

    aged, words = told(editor, lesson)
    Lesson.objects.get(pk=lesson.pk).get_latest_revision().publish()

    assert set(aged.values()) == {"0"}
    assert f"1 new text has {NEW}: readers of other languages read it in English, marked." in words
    assert (
        "Les parties pas encore traduites sont marquées"
        in client.get(lesson.url.replace("/en/", "/fr/")).content.decode()
    )
