"""The way of one text: written, sent, approved or sent back, published, read; two people at once."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from languages import actions, queries
from languages.models import Language, SourceText, Unit, UnitChange
from tests.languages.conftest import BODY, BY, FRENCH
from tests.languages.test_publishing import edit, expected, stored
from tests.sample.models import Leaflet

OTHER = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def draft(segment, at):
    """A French draft of the heading."""
    return actions.save_target(segment=segment("heading"), language="fr", text="Avant", version=0, by=BY, at=at)


def test_a_text_goes_its_way(leaflet, draft, at):
    actions.submit(unit=draft, by=BY, at=at)
    actions.approve(unit=draft, by=OTHER, at=at)
    actions.publish(leaflet, "fr", by=OTHER, at=at)

    unit = Unit.objects.get(pk=draft.pk)
    assert (unit.state, unit.live, unit.freshness, unit.native_read_at) == ("published", "Avant", 1, None)
    assert Leaflet.objects.get().heading_fr == "Avant"
    assert queries.status_of(leaflet, "fr").code == "partial"
    assert list(UnitChange.objects.values_list("verb", "by")) == [
        ("written", BY), ("submitted", BY), ("approved", OTHER), ("published", OTHER),
    ]  # fmt: skip


def test_a_better_draft_never_disturbs_readers(french, segment, at):
    unit = Unit.objects.get(segment=segment("heading"), language="fr")

    actions.save_target(segment=segment("heading"), language="fr", text="Mieux", version=unit.version, by=BY, at=at)

    unit.refresh_from_db()
    assert (unit.state, unit.draft, unit.live) == ("draft", "Mieux", "Avant de partir")
    assert Leaflet.objects.get().heading_fr == "Avant de partir"


def test_the_second_of_two_writers_sees_both_texts(draft, segment, at):
    actions.save_target(segment=segment("heading"), language="fr", text="Premier", version=1, by=BY, at=at)

    with pytest.raises(actions.TargetChangedMeanwhile) as caught:
        actions.save_target(segment=segment("heading"), language="fr", text="Second", version=1, by=OTHER, at=at)

    assert (Unit.objects.get().draft, caught.value.text) == ("Premier", "Second")


def test_two_first_texts_meet(draft, segment, at):
    with pytest.raises(actions.TargetChangedMeanwhile) as caught:
        actions.save_target(segment=segment("heading"), language="fr", text="Second", version=0, by=OTHER, at=at)

    assert caught.value.unit.draft == "Avant"


def test_broken_texts_are_not_kept(segment, at):
    with pytest.raises(actions.TargetRefused) as caught:
        actions.save_target(segment=segment("body.w1"), language="fr", text="<1>Appelez</1>", version=0, by=BY, at=at)

    assert [fault.code for fault in caught.value.faults] == ["tag_dropped"]
    assert not Unit.objects.exists()


def test_saving_a_published_text_as_it_is_changes_nothing(french, segment, at):
    before = Unit.objects.filter(segment=segment("heading")).values().get()

    actions.save_target(segment=segment("heading"), language="fr", text=FRENCH["heading"], version=1, by=BY, at=at)

    assert Unit.objects.filter(segment=segment("heading")).values().get() == before


def test_an_emptied_draft_is_missing(draft, segment, at):
    unit = actions.save_target(segment=segment("heading"), language="fr", text="", version=1, by=BY, at=at)

    assert (unit.state, unit.draft) == ("missing", "")


def test_sending_back_needs_and_keeps_the_reason(draft, at):
    actions.submit(unit=draft, by=BY, at=at)
    actions.approve(unit=draft, by=OTHER, at=at, returned="Say it shorter.")

    assert Unit.objects.get().state == "draft"
    assert UnitChange.objects.order_by("-id").first().reason == "Say it shorter."


def test_a_second_person_is_needed_where_the_language_says_so(draft, at):
    Language.objects.create(code="fr", needs_second_person=True)
    actions.submit(unit=draft, by=BY, at=at)

    with pytest.raises(actions.SecondPersonNeeded):
        actions.approve(unit=draft, by=BY, at=at)

    actions.approve(unit=draft, by=OTHER, at=at)
    assert Unit.objects.get().state == "approved"


@pytest.mark.parametrize(("change", "refused"), [("wording", False), ("minor", True), ("material", True)])
def test_a_source_that_moved_on_must_be_confirmed(leaflet, draft, at, change, refused):
    actions.submit(unit=draft, by=BY, at=at)
    edit(leaflet, change, heading_en="Before you leave")
    unit = Unit.objects.get()

    if refused:
        with pytest.raises(actions.SourceChangedSinceDraft):
            actions.approve(unit=unit, by=OTHER, at=at)
        actions.confirm(unit=unit, by=BY, at=at)
    actions.approve(unit=unit, by=OTHER, at=at)
    actions.publish(leaflet, "fr", by=OTHER, at=at)

    assert Unit.objects.get().freshness == (1 if refused else 2)


def test_confirming_a_stale_text_makes_it_fresh_after_review(french, at):
    edit(french, "material", heading_en="Before you leave")
    unit = Unit.objects.get(segment__path="heading", language="fr")

    actions.confirm(unit=unit, by=BY, at=at)
    assert (unit.state, Unit.objects.get(pk=unit.pk).freshness) == ("in_review", 4)
    actions.approve(unit=unit, by=BY, at=at)
    actions.publish(french, "fr", by=BY, at=at)

    assert queries.status_of(french, "fr").code == "published"


def test_withdrawing_needs_a_reason_and_shows_the_chain(french, at):
    with pytest.raises(ValueError, match="Say why"):
        actions.withdraw(french, "fr", paths=["heading"], reason=" ", by=BY, at=at)

    actions.withdraw(french, "fr", paths=["heading"], reason="Wrong law", by=BY, at=at)

    unit = Unit.objects.get(segment__path="heading", language="fr")
    assert (unit.state, unit.live, unit.draft) == ("draft", "", "Avant de partir")
    assert not Leaflet.objects.get().heading_fr


def test_publishing_nothing_is_refused(leaflet, draft, at):
    with pytest.raises(actions.NothingApproved):
        actions.publish(leaflet, "fr", by=BY, at=at)


def test_a_native_readers_word_holds_for_the_text_she_read(french, segment, at):
    unit = Unit.objects.get(segment=segment("heading"), language="fr")
    assert queries.status_of(french, "fr").awaiting_native == 7

    actions.mark_native_read(units=[unit], by=OTHER, at=at)
    assert queries.status_of(french, "fr").awaiting_native == 6
    assert actions.mark_native_read(units=[unit], by=OTHER, at=at) == 0
    assert actions.mark_native_read(units=[unit], by=BY, at=at) == 1

    later = at.replace(hour=11)
    saved = actions.save_target(segment=segment("heading"), language="fr", text="Autre", version=1, by=BY, at=later)
    actions.submit(unit=saved, by=BY, at=later)
    actions.approve(unit=saved, by=BY, at=later)
    actions.publish(french, "fr", by=BY, at=later)
    assert queries.status_of(french, "fr").awaiting_native == 7
    assert actions.mark_native_read(units=[unit], by=BY, at=later) == 1


def test_machine_drafts_are_not_approved_unread(segment, at):
    unit = actions.save_target(
        segment=segment("heading"), language="fr", text="Avant", version=0, by="machine", at=at, origin="machine"
    )
    actions.submit(unit=unit, by=BY, at=at)

    with pytest.raises(actions.MachineDraftUnread):
        actions.approve(unit=unit, by=OTHER, at=at)


def test_seeding_leaves_what_a_person_wrote(french, segment, at):
    unit = Unit.objects.get(segment=segment("heading"), language="fr")
    actions.save_target(
        segment=segment("heading"), language="fr", text="De ma main", version=unit.version, by=BY, at=at
    )

    assert actions.seed_languages(french, {"fr": FRENCH | {"heading": "Machine"}}, by="loader", at=at) == 0
    assert Unit.objects.get(pk=unit.pk).draft == "De ma main"


def test_seeding_twice_changes_nothing(french, at):
    before = list(Unit.objects.values())

    assert actions.seed_languages(french, {"fr": FRENCH}, by=BY, at=at) == 0
    assert list(Unit.objects.values()) == before


def test_seeding_refuses_what_does_not_fit(leaflet, at):
    with pytest.raises(actions.SeedRefused) as caught:
        actions.seed_languages(leaflet, {"fr": {"gone": "x"}}, by=BY, at=at)
    assert list(caught.value.faults) == ["gone"]

    with pytest.raises(actions.SeedRefused) as caught:
        actions.seed_languages(leaflet, {"fr": {"heading": "x" * 61}}, by=BY, at=at)
    assert [fault.code for fault in caught.value.faults["heading"]] == ["too_long"]


def test_copied_pages_keep_their_translations(french, at):
    copy = french.copy(update_attrs={"title": "Copy", "slug": "copy"})

    actions.copy_units([(french, copy)], by=BY, at=at)

    twin = Leaflet.objects.get(pk=copy.pk)
    assert queries.status_of(twin, "fr").code == "published"
    assert stored(twin) == expected(twin)
    assert Unit.objects.filter(language="fr").count() == 14


def test_a_copy_shows_what_its_units_say_also_where_its_columns_did_not_come_along(french, at):
    copy = french.copy(update_attrs={"title": "Copy", "slug": "copy"})
    Leaflet.objects.filter(pk=copy.pk).update(heading_fr=None)

    actions.copy_units([(french, Leaflet.objects.get(pk=copy.pk))], by=BY, at=at)

    assert Leaflet.objects.get(pk=copy.pk).heading_fr == FRENCH["heading"]


STEPS = st.lists(
    st.sampled_from(["save", "submit", "approve", "publish", "source", "material", "reorder", "delete", "withdraw"]),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 999))
def test_any_order_of_acts_keeps_columns_true(french, at, steps, seed):
    with transaction.atomic():
        page = Leaflet.objects.get(pk=french.pk)
        for number, step in enumerate(steps):
            page = _take(page, step, at, seed + number)

        assert stored(page) == expected(page)
        assert _freshness(page) == _replayed_freshness(page)
        transaction.set_rollback(True)


def _freshness(page):
    """Return the freshness of each live text as stored."""
    return {unit.segment.path: unit.freshness for unit in Unit.objects.filter(live_version__gte=1, is_retired=False)}


def _replayed_freshness(page):
    """Return the freshness of each live text, from every change of its source since it was written."""
    found = {}
    for unit in Unit.objects.filter(live_version__gte=1, is_retired=False).select_related("segment"):
        changes = SourceText.objects.filter(segment=unit.segment, version__gte=unit.live_version)
        worst = max([{"wording": 2, "minor": 3, "material": 4}[row.change] for row in changes], default=1)
        found[unit.segment.path] = 1 if unit.live_digest == unit.segment.digest else worst
    return found


def _take(page, step, at, seed):
    """Take one step on the page; steps that do not fit its state are left out."""
    units = list(Unit.objects.filter(language="fr", is_retired=False).select_related("segment").order_by("pk"))
    unit = units[seed % len(units)] if units else None
    if step == "save" and unit:
        tagged = f"{unit.draft}" if unit.segment.kind == "rich" else f"Texte {seed}"
        actions.save_target(segment=unit.segment, language="fr", text=tagged, version=unit.version, by=BY, at=at)
    elif step == "submit":
        for found in units:
            if found.state == "draft":
                actions.submit(unit=found, by=BY, at=at)
    elif step == "approve":
        for found in units:
            if found.state == "in_review" and found.origin == "person" and not actions.is_overtaken(found):
                actions.approve(unit=found, by=BY, at=at)
    elif step == "publish" and any(found.state == "approved" for found in units):
        actions.publish(page, "fr", by=BY, at=at)
    elif step == "withdraw" and unit and unit.live:
        actions.withdraw(page, "fr", paths=[unit.segment.path], reason="x", by=BY, at=at)
    elif step in {"source", "material"}:
        return edit(page, "" if step == "source" else "material", heading_en=f"Heading {seed}")
    elif step == "reorder":
        return edit(page, body_en=list(reversed(page.body_en.get_prep_value())))
    elif step == "delete":
        return edit(page, body_en=[block for block in BODY if block["id"] != "p1"])
    return Leaflet.objects.get(pk=page.pk)
