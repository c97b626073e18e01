"""What readers see after publishing the source or a language: columns equal what is live."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from languages import actions, queries
from languages.actions.applying import columns_of
from languages.columns import translated_columns
from languages.models import Segment, SourceText, Unit
from tests.languages.conftest import BODY, BY, FRENCH
from tests.sample.models import Leaflet, Notice


def stored(page):
    """Return the translated columns of a page as the database holds them, streams as raw data."""
    row = type(page).objects.get(pk=page.pk)
    return {name: raw(getattr(row, name)) for name in translated_columns(type(page))}


def expected(page):
    """Return what the columns should hold."""
    return {name: raw(value) for name, value in columns_of(type(page).objects.get(pk=page.pk)).items()}


def raw(value):
    return value.get_prep_value() if hasattr(value, "get_prep_value") else value


def edit(page, change="", **columns):
    """Publish a change of the source."""
    draft = page.get_latest_revision_as_object()
    draft.change = change
    for name, value in columns.items():
        setattr(draft, name, value)
    draft.save_revision().publish()
    return Leaflet.objects.get(pk=page.pk)


def body_with(**values):
    """Return the body with the values of some blocks replaced."""
    return [block | ({"value": values[block["id"]]} if block["id"] in values else {}) for block in BODY]


def test_publishing_a_page_makes_a_segment_of_each_string(leaflet):
    paths = list(queries.segments_of(leaflet).values_list("path", "kind", "text"))

    assert paths == [
        ("heading", "line", "Before you go"),
        ("summary", "rich", "<1>In short</1>"),
        ("body.w1", "rich", "<1>Call <2>116</2> now.</1>"),
        ("body.p1", "text", "Two lines\nof text."),
        ("body.c1.question", "line", "Who keeps the passport?"),
        ("body.c1.choices.i1.text", "line", "She does"),
        ("body.c1.choices.i2.text", "line", "The agency"),
    ]


def test_note_of_a_choice_carries_the_question(leaflet, segment):
    assert segment("body.c1.choices.i1.text").note == "Text: Who keeps the passport?"
    assert segment("body.c1.choices.i1.text").max_length == 80


def test_seeded_translation_reaches_the_columns_with_the_sources_link(french):
    assert french.heading_fr == "Avant de partir"
    assert raw(french.body_fr)[0]["value"] == '<p>Appelez le <a href="tel:116">116</a> maintenant.</p>'
    assert raw(french.body_fr)[2]["value"]["choices"][0]["value"] == {"text": "Elle", "right": True, "code": "a"}
    assert stored(french) == expected(french)


def test_reader_gets_the_language_of_the_address_and_its_chain(french):
    with translation.override("fr"):
        assert french.heading == "Avant de partir"
    with translation.override("ht"):
        assert french.heading == "Avant de partir"
        assert raw(french.body)[1]["value"] == "Deux lignes\nde texte."
    with translation.override("ar"):
        assert french.heading == "Before you go"
        assert raw(french.body)[1]["value"] == "Two lines\nof text."


def test_a_block_falls_back_whole(french, at, segment):
    actions.seed_languages(
        french, {"ht": {"heading": "Anvan ou pati", "body.c1.question": "Kiyès ki kenbe paspò a?"}}, by=BY, at=at
    )

    page = Leaflet.objects.get(pk=french.pk)

    assert page.heading_ht == "Anvan ou pati"
    assert raw(page.body_ht)[2]["value"]["question"] == "Qui garde le passeport ?"
    shown = queries.shown_in(page, "ht")
    assert (shown["heading"].language, shown["body.c1"].language, shown["body.p1"].language) == ("ht", "fr", "fr")


def test_shown_in_asks_one_query(french, django_assert_num_queries):
    queries.shown_in(french, "ht")
    with django_assert_num_queries(1):
        queries.shown_in(french, "ht")


def test_an_answer_key_change_reaches_every_language(french):
    body = [dict(block) for block in BODY]
    value = {"question": BODY[2]["value"]["question"], "choices": [dict(item) for item in BODY[2]["value"]["choices"]]}
    value["choices"][0] = value["choices"][0] | {"value": {"text": "She does", "right": False, "code": "a"}}
    body[2] = body[2] | {"value": value}

    page = edit(french, body_en=body)

    assert raw(page.body_fr)[2]["value"]["choices"][0]["value"]["right"] is False
    assert queries.status_of(page, "fr").code == "published"


def test_a_changed_link_reaches_a_fresh_translation_and_not_a_stale_one(french):
    linked = edit(french, body_en=body_with(w1='<p>Call <a href="tel:117">116</a> now.</p>'))
    assert raw(linked.body_fr)[0]["value"] == '<p>Appelez le <a href="tel:117">116</a> maintenant.</p>'

    stale = edit(linked, body_en=body_with(w1='<p>Write to <a href="mailto:a@b.example">us</a>.</p>'))
    assert raw(stale.body_fr)[0]["value"] == '<p>Appelez le <a href="tel:116">116</a> maintenant.</p>'


@pytest.mark.parametrize(
    ("change", "freshness", "code"),
    [("wording", 2, "published"), ("", 3, "out_of_date"), ("minor", 3, "out_of_date"), ("material", 4, "out_of_date")],
)
def test_the_class_of_a_change_ages_translations(french, change, freshness, code):
    page = edit(french, change, heading_en="Before you leave")

    unit = Unit.objects.get(segment__path="heading", language="fr")
    assert unit.freshness == freshness
    assert queries.status_of(page, "fr").code == code
    assert page.change == ""
    assert SourceText.objects.get(segment__path="heading").text == "Before you go"


def test_a_later_wording_edit_hides_no_material_one(french):
    page = edit(french, "material", heading_en="Before you leave")
    edit(page, "wording", heading_en="Before leaving")

    assert Unit.objects.get(segment__path="heading", language="fr").freshness == 4


def test_a_source_that_returns_to_its_text_is_fresh_again(french):
    page = edit(french, "material", heading_en="Before you leave")
    edit(page, "material", heading_en="Before you go")

    assert Unit.objects.get(segment__path="heading", language="fr").freshness == 1
    assert Segment.objects.get(path="heading").version == 3


def test_reverting_to_an_old_revision_keeps_translations(leaflet, at):
    old = leaflet.latest_revision or leaflet.save_revision()
    old.publish()
    actions.seed_languages(leaflet, {"fr": FRENCH}, by=BY, at=at)
    edit(Leaflet.objects.get(pk=leaflet.pk), heading_en="Other words")

    old.publish()

    page = Leaflet.objects.get(pk=leaflet.pk)
    assert (page.heading_en, page.heading_fr) == ("Before you go", "Avant de partir")
    assert stored(page) == expected(page)


def test_revisions_carry_the_source_only(french):
    content = french.save_revision().content

    assert content["heading_en"] == "Before you go"
    assert not {"heading", "heading_fr", "body_fr", "body_ind", "summary_pt_br"}.intersection(content)


def test_an_editor_who_reads_french_writes_english(french):
    with translation.override("fr"):
        page = edit(french, heading_en="Before you leave")

    assert (page.heading_en, page.heading_fr) == ("Before you leave", "Avant de partir")


def test_french_approved_while_a_draft_waits_is_live_with_it(leaflet, at, segment):
    draft = leaflet.get_latest_revision_as_object()
    draft.summary_en = "<p>In a word</p>"
    revision = draft.save_revision()
    actions.seed_languages(leaflet, {"fr": {"heading": "Avant de partir"}}, by=BY, at=at)

    revision.publish()

    page = Leaflet.objects.get(pk=leaflet.pk)
    assert (page.summary_en, page.heading_fr) == ("<p>In a word</p>", "Avant de partir")
    assert stored(page) == expected(page)


def test_a_scheduled_publish_reapplies(french):
    draft = french.get_latest_revision_as_object()
    draft.body_en = body_with(p1="Other text.")
    draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    draft.save_revision().publish()
    assert raw(Leaflet.objects.get(pk=french.pk).body_en)[1]["value"] == "Two lines\nof text."

    revision = french.revisions.order_by("-pk").first()
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - dt.timedelta(minutes=1))
    content = revision.content | {"go_live_at": (timezone.now() - dt.timedelta(minutes=1)).isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(content=content)
    call_command("publish_scheduled")

    page = Leaflet.objects.get(pk=french.pk)
    assert raw(page.body_en)[1]["value"] == "Other text."
    assert stored(page) == expected(page)
    assert queries.status_of(page, "fr").code == "out_of_date"


def test_a_failing_receiver_changes_nothing(french, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no")

    before = stored(french)
    monkeypatch.setattr("languages.actions.applying._apply", refuse)

    with pytest.raises(RuntimeError):
        edit(french, heading_en="Never seen")

    assert Leaflet.objects.get(pk=french.pk).heading_en == "Before you go"
    assert Segment.objects.get(path="heading").version == 1
    assert stored(french) == before


def test_deleting_a_block_retires_and_reverting_brings_it_back(french):
    gone = edit(french, body_en=[block for block in BODY if block["id"] != "p1"])
    assert queries.status_of(gone, "fr").total == 6

    back = edit(gone, body_en=BODY)

    assert queries.status_of(back, "fr").code == "published"
    assert raw(back.body_fr)[1]["value"] == "Deux lignes\nde texte."


def test_a_duplicated_block_gets_a_suggestion_that_is_not_live(french):
    page = edit(french, body_en=[*BODY, BODY[1] | {"id": "p2"}])

    unit = Unit.objects.get(segment__path="body.p2", language="fr")
    assert (unit.state, unit.origin, unit.draft, unit.live) == ("draft", "memory", "Deux lignes\nde texte.", "")
    assert raw(page.body_fr)[4]["value"] == "Two lines\nof text."


def test_list_items_without_ids_get_them(leaflet):
    body = [{"type": "check", "id": "c9", "value": {"question": "Who?", "choices": [{"text": "She", "right": True}]}}]

    page = edit(leaflet, body_en=body)

    item = raw(page.body_en)[0]["value"]["choices"][0]
    assert queries.segments_of(page).get(path=f"body.c9.choices.{item['id']}.text").text == "She"


def test_nested_streams_are_walked(leaflet):
    page = edit(
        leaflet, body_en=[{"type": "group", "id": "g1", "value": [{"type": "line", "id": "l1", "value": "In"}]}]
    )

    assert list(queries.segments_of(page).filter(path__startswith="body").values_list("path", flat=True)) == [
        "body.g1.l1"
    ]


def test_plain_rows_follow_their_source(notice, at):
    actions.seed_languages(notice, {"id": {"heading": "Kantor tutup", "text": "Kembali pada {day}."}}, by=BY, at=at)
    assert Notice.objects.get().heading_ind == "Kantor tutup"

    notice.heading_en = "Office shut"
    notice.save()
    actions.refresh_segments(notice, change="wording", by=BY, at=at)
    actions.reapply(notice)

    assert queries.status_of(notice, "id").code == "published"
    assert Notice.objects.get().heading_ind == "Kantor tutup"


def test_deleting_retires_segments(french):
    french.delete()

    assert not Segment.objects.filter(retired_at=None).exists()
    assert Unit.objects.filter(is_retired=False).count() == 0


def test_publishing_costs_few_queries(french, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        actions.refresh_segments(french, by=BY, at=timezone.now())
        actions.reapply(french)


def test_many_rows_are_loaded_at_nearly_the_cost_of_one(db, at, django_assert_max_num_queries):
    rows = Notice.objects.bulk_create(
        Notice(code=f"n{number}", heading_en=f"Office {number} closed", text_en="Come back.") for number in range(20)
    )

    with django_assert_max_num_queries(20 + 20):  # one UPDATE a row, the rest together; one by one it is 300
        actions.refresh_many(rows, by=BY, at=at)
        pairs = [(row, {"id": {"heading": f"Kantor {row.pk} tutup"}}) for row in rows]
        assert actions.seed_many(pairs, by=BY, at=at) == 20

    assert [row.heading_ind for row in Notice.objects.order_by("pk")] == [f"Kantor {row.pk} tutup" for row in rows]
    assert rows[3].heading_ind == f"Kantor {rows[3].pk} tutup"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans by its indexes alone")
@pytest.mark.parametrize(("many", "is_counted"), [(0, True), (1000, False)])
def test_the_server_counts_what_was_loaded_before_it_is_asked_for_it(french, at, monkeypatch, many, is_counted):
    monkeypatch.setattr("languages.actions.seeding.MANY", many)

    with CaptureQueriesContext(connection) as asked:
        actions.seed_languages(french, {"id": {"heading": "Kantor tutup"}}, by=BY, at=at)

    counted = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("ANALYZE")]
    assert counted == (['ANALYZE "languages_segment", "languages_unit"'] if is_counted else [])
