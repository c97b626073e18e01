"""Two signatures, frozen versions, pinned cases."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.models import Country
from languages import actions as languages
from languages.queries import units_in
from referral import actions, pathways
from referral.models import Pathway, PathwayEdit, PathwayVersion, Signature
from referral.queries import compiling, editing, publishing, runs


def test_two_managers_publish_a_frozen_version(published, pathway):
    assert published.number == 1
    assert pathways.digest(published.text) == published.digest
    assert pathways.canonical(json.loads(published.text)) == published.text
    assert runs.compiled(published).key == "liberia-nrm"


def test_a_text_that_is_published_is_not_published_again(published, pathway, manager, at):
    with pytest.raises(actions.PublishedAlready, match="published already, as version 1"):
        actions.publish_pathway(pathway=pathway, by=manager, at=at)

    assert pathway.versions.count() == 1


def test_one_signature_is_not_enough(pathway, manager, signed_by, at):
    signed_by(pathway, manager)

    with pytest.raises(actions.SignaturesMissing):
        actions.publish_pathway(pathway=pathway, by=manager, at=at)


def test_who_has_signed_is_told_what_is_next(pathway, manager, second_manager, signed_by):
    signed_by(pathway, manager)
    alone = editing.standing_of(pathway, manager)
    signed_by(pathway, second_manager)
    both = editing.standing_of(pathway, manager)

    assert (alone.is_ready, "Another manager must sign" in alone.why_not) == (False, True)
    assert (both.is_ready, "Publish it" in both.why_not) == (True, True)


def test_one_signer_twice_is_refused(pathway, manager, signed_by):
    signed_by(pathway, manager)

    with pytest.raises(actions.SignedAlready):
        signed_by(pathway, manager)


def test_two_editors_cannot_sign_alone(pathway, manager, second_manager, signed_by, at):
    step = pathway.step_rows.get(key="screening")
    actions.save_part(part=step, changes={"amount": 2}, by=manager, at=at)
    actions.save_part(part=step, changes={"amount": 3}, by=second_manager, at=at)
    signed_by(pathway, manager)

    with pytest.raises(actions.BothHaveEdited):
        signed_by(pathway, second_manager)


def test_two_signers_who_have_both_edited_cannot_publish(pathway, manager, second_manager, signed_by, at):
    signed_by(pathway, manager, second_manager)
    Signature.objects.filter(pathway=pathway).update(has_edited=True)

    with pytest.raises(actions.SignaturesMissing):
        actions.publish_pathway(pathway=pathway, by=manager, at=at)

    assert pathway.versions.count() == 0
    Signature.objects.filter(pathway=pathway, by=str(manager.public_id)).update(has_edited=False)
    assert actions.publish_pathway(pathway=pathway, by=manager, at=at).number == 1


def test_an_edit_voids_both_signatures(pathway, manager, second_manager, signed_by, at):
    signed_by(pathway, manager, second_manager)
    step = pathway.step_rows.get(key="screening")

    actions.save_part(part=step, changes={"title_en": "Screen"}, by=manager, at=at)

    assert Signature.objects.filter(pathway=pathway, voided_at=None).count() == 0
    with pytest.raises(actions.SignaturesMissing):
        actions.publish_pathway(pathway=pathway, by=manager, at=at)


def test_a_manager_of_another_country_cannot_sign(pathway, person, at):
    stranger = person("manager")

    with pytest.raises(actions.NotYourPathway):
        actions.sign(pathway=pathway, digest=compiling.draft_digest(pathway), by=stranger, at=at)


def test_a_signature_under_an_older_text_is_refused(pathway, manager, at):
    shown = compiling.draft_digest(pathway)
    actions.save_part(part=pathway.step_rows.get(key="plan"), changes={"amount": 20}, by="x", at=at)

    with pytest.raises(actions.TextHasChanged):
        actions.sign(pathway=pathway, digest=shown, by=manager, at=at)


def test_a_fault_keeps_everybody_from_signing(pathway, manager, at):
    actions.save_part(part=pathway.step_rows.get(key="plan"), changes={"role": ""}, by="x", at=at)

    with pytest.raises(actions.PathwayHasFaults):
        actions.sign(pathway=pathway, digest=compiling.draft_digest(pathway), by=manager, at=at)


def test_gaps_are_signed_and_stay_in_the_version(published):
    gaps = json.loads(published.gaps)["gaps"]

    assert {gap["rule"] for gap in gaps} == {"V19"}
    assert {"criterion": "age", "value": "child"} in gaps[0]["names"]["groups"]


def test_an_old_case_stays_on_its_version_and_a_new_one_follows_the_new(
    published, pathway, manager, second_manager, signed_by, liberia, at
):
    old = actions.open_case(country=liberia, facts={}, language="en", source="phone", key="one", by=manager, at=at)
    step = pathway.step_rows.get(key="screening")
    actions.save_part(part=step, changes={"title_en": "Listen first", "amount": 2}, by=manager, at=at)
    signed_by(pathway, manager, second_manager)
    version = actions.publish_pathway(pathway=pathway, by=second_manager, at=at)

    new = actions.open_case(country=liberia, facts={}, language="en", source="phone", key="two", by=manager, at=at)

    old.refresh_from_db()
    assert (old.version_id, new.version_id, version.number) == (published.pk, version.pk, 2)
    assert runs.version_of(new).steps["screening"]["title"]["en"] == "Listen first"
    assert runs.version_of(old).steps["screening"]["deadline"]["amount"] == 1


def test_a_retired_version_takes_no_new_case(published, manager, liberia, at):
    actions.retire_version(version=published, reason="Replaced", by=manager, at=at)

    with pytest.raises(actions.NoPathwayForCountry):
        actions.open_case(country=liberia, facts={}, language="en", source="phone", key="k", by=manager, at=at)


def test_a_stale_form_is_refused(pathway, at):
    seen = pathway.edit_number
    step = pathway.step_rows.get(key="plan")
    actions.save_part(part=step, changes={"amount": 20}, by="first", at=at, seen=seen)

    with pytest.raises(actions.PathwayChangedMeanwhile):
        actions.save_part(part=step, changes={"amount": 30}, by="second", at=at, seen=seen)


def test_an_edit_without_difference_is_no_edit(pathway, at):
    before = PathwayEdit.objects.count()
    step = pathway.step_rows.get(key="plan")

    changed = actions.save_part(part=step, changes={"amount": step.amount}, by="x", at=at)

    assert (changed, PathwayEdit.objects.count()) == ([], before)


def test_a_seed_loaded_twice_is_one_pathway(pathway, at):
    again = actions.load_seed("liberia-nrm", by="installation", at=at)

    assert again.pk == pathway.pk
    assert Pathway.objects.count() == 1


def test_compiling_twice_gives_the_same_bytes(pathway):
    fresh = Pathway.objects.get(pk=pathway.pk)

    assert compiling.draft_text(pathway) == compiling.draft_text(fresh)


def test_a_change_of_words_keeps_the_second_hash(pathway, at):
    before = compiling.compiled_draft(pathway)
    actions.save_part(part=pathway.step_rows.get(key="plan"), changes={"title_en": "Plan"}, by="x", at=at)
    after = compiling.compiled_draft(pathway)

    assert pathways.shape_digest(before) == pathways.shape_digest(after)
    assert pathways.canonical(before) != pathways.canonical(after)


def test_managers_see_their_own_country_and_the_models(pathway, manager, person, at):
    actions.load_seed("generic-nrm", by="installation", at=at)

    assert {row.key for row in publishing.pathways_visible_to(manager)} == {"liberia-nrm", "generic-nrm"}
    assert publishing.pathways_visible_to(person("manager")).count() == 0
    assert publishing.pathways_visible_to(person("operator")).count() == 0


def test_no_sql_changes_or_deletes_a_published_version(published, append_only_triggers):
    for statement in ("UPDATE referral_pathwayversion SET text = '{}'", "DELETE FROM referral_pathwayversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert PathwayVersion.objects.get().text == published.text


def test_a_text_that_no_longer_fits_its_hash_takes_no_new_case(published, liberia, manager, at):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referral_pathwayversion SET text = text || ' '")

    with pytest.raises(runs.VersionIsDamaged):
        actions.open_case(country=liberia, facts={}, language="en", source="phone", key="k", by=manager, at=at)
    assert [version.pk for version in publishing.damaged_versions()] == [published.pk]


@pytest.mark.parametrize(("column", "value"), [("country_id", "TN"), ("number", 7)])
def test_a_text_under_another_country_or_number_than_it_says_takes_no_new_case(published, column, value):
    Country.objects.create(code="TN", name="Tunisia", slug="tunisia", language_codes="ar", time_zone="Africa/Tunis")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE referral_pathwayversion SET {column} = %s", [value])  # noqa: S608 -- our own names
    version = PathwayVersion.objects.get()

    with pytest.raises(runs.VersionIsDamaged):
        runs.compiled(version)
    assert publishing.damaged_versions() == [version]


def test_a_translation_published_after_a_signature_needs_a_new_one(pathway, manager, second_manager, signed_by, at):
    actions.save_part(part=pathway, changes={"language_codes": "en fr"}, by="x", at=at)
    translate(pathway, "fr", at)
    signed_by(pathway, manager)
    translate(pathway.step_rows.get(key="plan"), "fr", at, text="Plan d’appui revu")
    signed_by(pathway, second_manager)

    with pytest.raises(actions.SignaturesMissing):
        actions.publish_pathway(pathway=pathway, by=manager, at=at)
    signed_by(pathway, manager)
    assert actions.publish_pathway(pathway=pathway, by=manager, at=at).number == 1


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("America/Port-au-Prince", dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)),  # 21:30 on the 25th in Haiti
        ("Asia/Dhaka", dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.UTC)),  # 02:30 on the 26th in Dhaka
    ],
)
def test_the_last_valid_day_of_a_pathway_ends_at_midnight_of_its_country(
    pathway, manager, signed_by, time_machine, zone, instant
):
    Country.objects.filter(pk=pathway.country_id).update(time_zone=zone)
    today = instant.astimezone(ZoneInfo(zone)).date()
    time_machine.move_to(instant, tick=False)

    def until(day):
        Pathway.objects.filter(pk=pathway.pk).update(valid_until=day)
        row = Pathway.objects.get(pk=pathway.pk)
        return row, [finding.sentence for finding in compiling.findings(row) if finding.where == "valid_until"]

    over, found_over = until(today - dt.timedelta(days=1))
    with pytest.raises(actions.PathwayHasFaults):
        signed_by(over, manager, at=instant)
    still, found_still = until(today)
    signed_by(still, manager, at=instant)

    assert (found_over, found_still) == (["expired"], [])
    assert Signature.objects.get().by == str(manager.public_id)


def test_a_model_to_copy_is_of_no_country_and_ends_by_utc(pathway, at):
    late = at.replace(hour=23, minute=30)
    Pathway.objects.filter(pk=pathway.pk).update(country=None, valid_until=late.date())
    model = Pathway.objects.get(pk=pathway.pk)

    ended = [
        "expired" in {finding.sentence for finding in compiling.findings(model, now)}
        for now in (late, late + dt.timedelta(hours=1))
    ]

    assert ended == [False, True]


def translate(thing, language, at, text="Texte"):
    """Put every text of a pathway, or of one of its rows, live in a language."""
    rows = [thing]
    if isinstance(thing, Pathway):
        facts = list(thing.fact_rows.all())
        rows += [*thing.step_rows.all(), *facts, *(choice for fact in facts for choice in fact.choices.all())]
    for row in rows:
        for segment, unit in units_in(row, language):
            unit = languages.save_target(
                segment=segment, language=language, text=text, version=unit.version if unit else 0, by="t", at=at
            )
            languages.submit(unit=unit, by="t", at=at)
            languages.approve(unit=unit, by="r", at=at)
        languages.publish(row, language, by="t", at=at)


def test_gaps_are_told_with_the_comma_of_the_language(published, pathway, at):
    with translation.override("ar"):
        kept = editing.gap_sentences(published)
        found = publishing.finding_lines(pathway, compiling.findings(pathway, at))

    told = " ".join([*kept, *(line.sentence for line in found)])
    assert ("، " in kept[0], "، " in found[0].sentence) == (True, True)
    assert not re.search(r"[\u0600-\u06ff], [\u0600-\u06ff]", told)
