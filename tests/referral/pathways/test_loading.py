"""Seeds and files: what is loaded, what is refused."""

import json

import pytest

from accounts.models import Country
from languages.queries import status_of
from referral import actions, pathways
from referral.actions.loading import SEEDS
from referral.models import Pathway
from referral.queries import compiling, publishing


@pytest.fixture
def countries(liberia):
    """The countries of the seeds."""
    for code, name, languages in (
        ("TN", "Tunisia", "ar fr en"),
        ("MZ", "Mozambique", "pt en"),
        ("TH", "Thailand", "th en"),
    ):
        Country.objects.create(code=code, name=name, slug=name.lower(), language_codes=languages, time_zone="UTC")


@pytest.mark.parametrize("key", actions.seed_keys())
def test_a_seed_compiles_back_to_what_its_file_says(countries, at, key):
    file = json.loads((SEEDS / f"{key}.json").read_text(encoding="utf-8"))

    pathway = actions.load_seed(key, by="installation", at=at)

    draft = compiling.compiled_draft(pathway)
    for rows in ("steps", "facts", "transitions", "sharing_profiles", "languages", "country"):
        assert draft[rows] == file[rows]
    assert pathways.load(pathways.canonical(draft)).key == key


def test_words_of_other_languages_are_live_and_await_a_native_reader(countries, at):
    pathway = actions.load_seed("tunisia-mno", by="installation", at=at)
    step = pathway.step_rows.get(key="shelter")

    assert step.title_fr == "Hébergement sécurisé"
    assert status_of(step, "ar").code == "published"
    assert status_of(step, "ar").awaiting_native == 1
    assert compiling.missing_words([pathway]) == {pathway.pk: []}


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [("wording", "reworded", "the English words changed since"), ("minor", "out_of_date", "out of date"),
     ("material", "out_of_date", "out of date")],
)  # fmt: skip
def test_a_changed_wording_waits_for_its_required_languages(countries, at, change, state, words):
    pathway = actions.load_seed("tunisia-mno", by="installation", at=at)
    step = pathway.step_rows.get(key="shelter")

    actions.save_part(part=step, changes={"title_en": "A safe house tonight"}, change=change, by="x", at=at)

    lines = publishing.finding_lines(pathway, compiling.findings(pathway, at))
    assert any(f"French ({words}). It waits for the translators." in line.sentence for line in lines)
    found = [f for f in compiling.findings(pathway, at) if f.rule == "V17"]
    assert {(f.step, f.names["language"], f.names["state"]) for f in found} == {
        ("shelter", "fr", state), ("shelter", "ar", state),
    }  # fmt: skip


def test_an_unknown_seed_is_refused(at):
    with pytest.raises(actions.NoSuchSeed):
        actions.load_seed("../liberia-nrm", by="x", at=at)


def test_a_seed_without_its_country_makes_nothing(db, at):
    with pytest.raises(actions.CountryMissing):
        actions.load_seed("liberia-nrm", by="x", at=at)

    assert not Pathway.objects.exists()


def seed_text(**changes):
    """Return Liberia's seed with some parts changed."""
    return json.dumps(json.loads((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8")) | changes)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "line 1"),
        ("[]", "schema"),
        (seed_text(schema="pathway/2"), "schema"),
        (seed_text(colour="red"), "file.colour"),
        (seed_text(steps=[{"key": "a", "kind": "magic", "title": {}}]), "steps[0].kind"),
        (seed_text(steps=[{"key": "a", "kind": "task"}]), "steps[0].title: missing"),
        (seed_text(transitions=[{"from": "a", "to": "b", "when": {"eval": "1"}}]), "transitions[0].when"),
        (
            seed_text(transitions=[{"from": "a", "to": "b", "when": {"not": {"not": {"not": {"not": {}}}}}}]),
            "when.not.not.not.not",
        ),
        (seed_text(steps=[{"key": str(n), "kind": "task", "title": {}} for n in range(301)]), "steps: over 300"),
        (seed_text(notes="x" * 600_000), "size: over 512 KB"),
        ('{"schema": "pathway/1", "schema": "pathway/1"}', "schema: given twice"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_path(liberia, at, text, path):
    with pytest.raises(pathways.FileFault) as refused:
        actions.import_pathway(text=text, by="x", at=at)

    assert path in str(refused.value)
    assert not Pathway.objects.exists()


def test_the_public_drafts_load_too(countries, at, pytestconfig):
    for path in sorted((pytestconfig.rootpath / "tests" / "data" / "pathways").glob("*.json")):
        text = path.read_text(encoding="utf-8").replace("emergency-police", "emergency_police")
        assert pathways.load(text).start == "start"


def test_a_copy_takes_the_words_its_country_reads_into_its_versions(liberia, at):
    model = actions.load_seed("generic-nrm", by="installation", at=at)
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr ht", time_zone="UTC")

    copy = actions.copy_model(pathway=model, country=haiti, by="x", at=at)

    draft = pathways.Pathway(compiling.compiled_draft(copy))
    assert (copy.languages, copy.wanted_languages) == (["en"], ["en", "fr", "ht"])
    assert draft.roles["hotline"]["name"]["fr"] == "Conseillère ou conseiller de la ligne d’aide"
    assert all(set(step["title"]) == {"en", "fr"} for step in draft.steps.values())
    assert compiling.missing_words([copy]) == {copy.pk: []}
    english = actions.copy_model(pathway=model, country=liberia, by="x", at=at)
    assert status_of(english.step_rows.get(key="shelter"), "fr").code == "missing"


def test_a_word_that_is_out_of_date_and_not_required_is_left_out(db, at):
    model = actions.load_seed("generic-nrm", by="installation", at=at)
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr ht", time_zone="UTC")
    copy = actions.copy_model(pathway=model, country=haiti, by="x", at=at)
    step = copy.step_rows.get(key="shelter")

    actions.save_part(part=step, changes={"title_en": "A safe house tonight"}, change="material", by="x", at=at)

    draft = pathways.Pathway(compiling.compiled_draft(copy))
    assert draft.steps["shelter"]["title"] == {"en": "A safe house tonight"}
    assert "fr" in draft.steps["safety"]["title"]
