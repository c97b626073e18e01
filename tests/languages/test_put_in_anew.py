"""Blocks that are copied, or taken out and put in anew, bear other ids and the same words: their translations stay live."""

import json

import pytest

from languages.models import Segment, Unit
from tests.languages.conftest import BODY, FRENCH
from tests.languages.test_publishing import edit


def put_in_anew(body):
    """Return a body with every id of it exchanged, as a copy of its blocks has it."""
    return json.loads(json.dumps(body).replace('"id": "', '"id": "new-'))


def french_of(page):
    """Return the words of the French body, place by place."""
    column = [block.value for block in page.body_fr]
    check = column[2]
    return [str(column[0]), column[1], check["question"], *(one["text"] for one in check["choices"])]


@pytest.mark.parametrize("change", ["wording", "minor", "material"])
def test_the_same_words_under_other_ids_keep_their_translations(french, change):
    before = french_of(french)

    page = edit(french, change, body_en=json.dumps(put_in_anew(BODY)))

    assert [block.id for block in page.body_en] == [f"new-{block['id']}" for block in BODY]
    assert french_of(page) == before
    assert "Appelez" in before[0]
    assert Segment.objects.filter(retired_at=None).count() == len(FRENCH)
    assert not Unit.objects.filter(language="fr", is_retired=True).exists()
    assert set(Unit.objects.filter(language="fr").values_list("freshness", flat=True)) == {1}


def test_of_two_that_say_the_same_each_keeps_its_own_in_the_order_of_their_places(french, at):
    twice = [*BODY, {"type": "plain", "id": "p2", "value": "Two lines\nof text."}]
    page = edit(french, "wording", body_en=json.dumps(twice))
    second = Segment.objects.get(path="body.p2")
    Unit.objects.filter(segment=second, language="fr").delete()

    page = edit(page, "wording", body_en=json.dumps(put_in_anew(twice)))

    assert Segment.objects.get(path="body.new-p2").pk == second.pk
    assert Segment.objects.get(path="body.new-p1").units.get(language="fr").live == FRENCH["body.p1"]


def test_what_was_taken_out_and_comes_back_under_another_id_has_its_translation_again(french):
    without = [block for block in BODY if block["id"] != "p1"]
    edit(french, "minor", body_en=json.dumps(without))

    page = edit(
        french, "minor", body_en=json.dumps([*without, {"type": "plain", "id": "p9", "value": BODY[1]["value"]}])
    )

    assert page.body_fr[-1].value == FRENCH["body.p1"]


def test_what_stood_until_now_comes_before_what_went_earlier(french):
    two = {"type": "plain", "id": "p2", "value": BODY[1]["value"]}
    page = edit(french, "wording", body_en=json.dumps([*BODY, two]))
    standing = Segment.objects.get(path="body.p2")
    page = edit(page, "wording", body_en=json.dumps([*(one for one in BODY if one["id"] != "p1"), two]))

    edit(page, "wording", body_en=json.dumps([*(one for one in BODY if one["id"] != "p1"), two | {"id": "p9"}]))

    assert Segment.objects.get(path="body.p1").retired_at is not None
    assert Segment.objects.get(path="body.p9").pk == standing.pk


def test_other_words_under_another_id_are_new(french):
    other = [block | ({"id": "p9", "value": "Other words."} if block["id"] == "p1" else {}) for block in BODY]

    page = edit(french, "minor", body_en=json.dumps(other))

    assert page.body_fr[1].value == "Other words."
    assert Segment.objects.get(path="body.p1").retired_at is not None
    assert not Unit.objects.filter(segment__path="body.p9", live_version__gte=1).exists()
