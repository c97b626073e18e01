"""The pathway editor in the admin: a manager changes words, deadlines, ways and parts; nobody else gets in."""

import re

import pytest
from django.urls import reverse

from referral import actions
from referral.models import Pathway, PathwayVersion, Retirement, Signature, Step
from referral.queries import compiling
from tests.growth import MORE, statements
from tests.referral.pathways.forms import filled, may_enter, sign_over_http, step_form

pytestmark = pytest.mark.either


def test_the_list_shows_own_country_only(editor, pathway, at):
    actions.load_seed("generic-nrm", by="installation", at=at)
    Pathway.objects.create(key="other", title_en="Elsewhere", country=None)

    page = editor.get(reverse("pathways:index"))

    assert page.status_code == 200
    assert {row.pathway.key for row in page.context["rows"]} == {"liberia-nrm", "generic-nrm", "other"}


@pytest.mark.both
def test_the_list_costs_the_same_for_many_pathways(editor, pathway, liberia, at):
    frozen = {"text": "{}", "digest": "0" * 64, "shape_digest": "0" * 64, "published_by": "test", "published_at": at}

    def one_more(number):
        own = Pathway.objects.create(key=f"more{number}", title_en="More", country=liberia, language_codes="en fr")
        first, second = (own.step_rows.create(key=key, kind="task", title_en=key) for key in "ab")
        own.transitions.create(from_step=first, to_step=second)
        own.fact_rows.create(key="asked", type="enum", label_en="?").choices.create(key="one", label_en="One")
        version = PathwayVersion.objects.create(pathway=own, country=liberia, number=1, **frozen)
        Retirement.objects.create(version=version, by="test", at=at, reason="Example")

    one_more(0)
    before = statements(editor, reverse("pathways:index"))
    for number in range(1, MORE + 1):
        one_more(number)

    assert statements(editor, reverse("pathways:index")) == before


def test_the_list_tells_faults_versions_and_retirement_of_each(editor, published, second_manager, liberia, at):
    bare = Pathway.objects.create(key="bare", title_en="Bare", country=liberia)
    actions.save_part(part=published.pathway.step_rows.first(), changes={"title_en": "New"}, by=second_manager, at=at)
    actions.retire_version(version=published, by=second_manager, at=at, reason="A new law")

    rows = {row.pathway.pk: row for row in editor.get(reverse("pathways:index")).context["rows"]}

    own = rows[published.pathway_id]
    assert (own.version, own.is_retired, own.is_edited, own.fault_count) == (published, True, True, 0)
    assert (rows[bare.pk].version, rows[bare.pk].is_retired) == (None, False)
    assert rows[bare.pk].fault_count == sum(finding.blocks for finding in compiling.findings(bare))


def test_the_page_shows_drawing_list_findings_and_basis(editor, pathway):
    page = editor.get(reverse("pathways:detail", args=[pathway.pk]))
    words = page.content.decode()

    assert page.status_code == 200
    assert words.count("default, not law") >= 16
    assert "Nothing. All proofs hold." in words
    assert "style=" not in words[words.index('<svg class="g"') : words.index("</svg>")]
    assert len(page.context["graph"].nodes) == len(page.context["graph"].lines) == Step.objects.count()


def test_what_may_be_shared_is_told_in_words_with_the_steps_it_holds_for(editor, pathway):
    page = editor.get(reverse("pathways:detail", args=[pathway.pk])).content.decode()
    step = pathway.step_rows.get(key="shelter")
    form = editor.get(reverse("pathways:step", args=[step.pk])).content.decode()

    shared = page[page.index("What may be shared") : page.index('id="sign"')]
    words = " ".join(re.sub(r"<[^>]+>", "", shared.replace("<br>", " ")).split())
    assert "health: Case code, Age group, Sex, Language, Medical need, Safe way and time of contact" in words
    assert f"Children with the person, Needs because of a disability, Risk level, Safe way and time of contact Steps: {step.title_en}" in words  # fmt: skip
    for key in ("case_code", "age_band", "location_now", "medical_need"):
        assert key not in shared
        assert key not in form
    assert "shelter: Case code, Age group, Sex, Language, Children with the person" in form


@pytest.mark.both
def test_a_changed_role_and_deadline_are_saved_and_void_signatures(editor, pathway, second_manager, signed_by):
    signed_by(pathway, second_manager)
    step = pathway.step_rows.get(key="screening")

    answer = editor.post(
        reverse("pathways:step", args=[step.pk]), step_form(step, amount=3, role="social", title_en="Listen")
    )

    step.refresh_from_db()
    assert answer.status_code == 302
    assert (step.amount, step.role, step.title_en) == (3, "social", "Listen")
    assert not Signature.objects.filter(voided_at=None).exists()


@pytest.mark.both
def test_a_stale_form_gets_409_with_both_versions_and_may_be_sent_again(editor, pathway, at):
    step = pathway.step_rows.get(key="shelter")
    url, sent = reverse("pathways:step", args=[step.pk]), step_form(step, amount=8)
    told = {"title_en": "A safe bed", "role": "social", "amount": 6}
    actions.edit_step(
        step=step, changes=told, escalations=[{"offset": 0, "to": "head", "action": "notify"}], windows=None, change="wording",
        by="other", at=at,
    )  # fmt: skip

    stale = editor.post(url, sent)

    page = " ".join(re.sub(r"</?bdi>", "", stale.content.decode()).split())
    assert stale.status_code == 409
    assert "Somebody else edited this pathway meanwhile" in page
    assert "<strong>Title</strong>: stands now: A safe bed; yours: Safe accommodation" in page
    assert "<strong>Time</strong>: stands now: 6; yours: 8" in page
    assert "<strong>Role that acts</strong>: stands now: MoGCSP case worker; yours: Government" in page
    assert re.search(r"<strong>If it is late</strong>: stands now: [^<]*Taskforce[^<]*; yours: as below", page)
    assert "Further deadlines</strong>" not in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert editor.post(url, sent | {"seen": seen}).status_code == 302
    step.refresh_from_db()
    assert (step.title_en, step.amount) == ("Safe accommodation", 8)


@pytest.mark.both
def test_stale_ways_say_what_stands(editor, pathway, at):
    step = pathway.step_rows.get(key="shelter")
    url = reverse("pathways:ways", args=[step.pk])
    sent = filled(editor.get(url).context["form"]) | {"seen": pathway.edit_number, "ways-0-outcome": "no_answer"}
    actions.save_part(part=pathway.step_rows.get(key="plan"), changes={"amount": 15}, by="other", at=at)

    stale = editor.post(url, sent)

    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Urgent needs answered · accepted" in page
    assert step.ways.first().outcome == "accepted"


@pytest.mark.parametrize("seen", ["²", "9" * 5000, "-1", ""])
def test_ways_sent_with_a_number_that_is_none_change_nothing(editor, pathway, seen):
    step = pathway.step_rows.get(key="shelter")
    url = reverse("pathways:ways", args=[step.pk])
    sent = filled(editor.get(url).context["form"]) | {"seen": seen}

    assert editor.post(url, sent).status_code in {200, 302, 409}
    pathway.refresh_from_db()
    assert pathway.edit_number == step.pathway.edit_number


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": 0}, "must be 1 or more"),
        ({"amount": "soon"}, "whole number"),
        ({"basis": "cited", "sources": ""}, "needs the address of its public source"),
        ({"title_en": "a\x00b"}, "hidden signs"),
        ({"title_en": "a\u202eb"}, "hidden signs"),
        ({"reference": "Council\u2066, 2020"}, "hidden signs"),
        ({"sources": "Labour Act 2015, section 12\u202e34"}, "hidden signs"),
        ({"role": "nobody"}, "not one of the available choices"),
        ({"late-0-to": ""}, "a row is not complete"),
        ({"late-0-offset": ""}, "This field is required"),
        ({"late-0-offset": 501}, "500 or less"),
        ({"late-0-action": "shout"}, "not one of the available choices"),
    ],
)
def test_bad_input_saves_nothing_and_says_why(editor, pathway, changes, sentence):
    step = pathway.step_rows.get(key="safety")

    answer = editor.post(reverse("pathways:step", args=[step.pk]), step_form(step, **changes))

    step.refresh_from_db()
    assert answer.status_code in {200, 400}
    assert sentence in answer.content.decode()
    assert step.amount == 2


def test_a_fault_is_told_by_the_step_title_with_a_link(editor, pathway, at):
    step = pathway.step_rows.get(key="plan")
    actions.save_part(part=step, changes={"role": ""}, by="x", at=at)

    words = editor.get(reverse("pathways:detail", args=[pathway.pk])).content.decode()

    assert f"“{step.title_en}” has no role that acts." in words.replace("&#x27;", "'")
    assert reverse("pathways:step", args=[step.pk]) + "#id_role" in words
    assert reverse("pathways:sign", args=[pathway.pk]) not in words


@pytest.mark.both
def test_two_managers_sign_and_publish_over_the_pages(editor, client, pathway, second_manager, sign_in, manager):
    step = pathway.step_rows.get(key="screening")
    editor.post(reverse("pathways:step", args=[step.pk]), step_form(step, amount=2))
    sign_over_http(editor, pathway)
    refused = editor.post(reverse("pathways:publish", args=[pathway.pk]), follow=True)
    other = sign_in(may_enter(second_manager))
    sign_over_http(other, pathway)
    published = other.post(reverse("pathways:publish", args=[pathway.pk]), follow=True)

    version = PathwayVersion.objects.get()
    assert "Two managers must sign this text" in refused.content.decode()
    assert published.status_code == 200
    assert "The stored text is the text that was signed." in published.content.decode()
    assert version.number == 1
    assert "No agency says that it takes these people" in published.content.decode()


def test_signing_without_accepting_a_gap_is_refused(editor, pathway):
    digest = compiling.draft_digest(pathway)

    answer = editor.post(reverse("pathways:sign", args=[pathway.pk]), {"digest": digest, "accept": "on"}, follow=True)

    assert "Accept every open gap" in answer.content.decode()
    assert not Signature.objects.exists()


def test_the_ways_page_keeps_everything_when_nothing_was_changed(editor, pathway):
    before = compiling.draft_text(pathway)
    step = pathway.step_rows.get(key="fork")
    url = reverse("pathways:ways", args=[step.pk])

    editor.post(url, filled(editor.get(url).context["form"]))

    assert compiling.draft_text(pathway) == before


def test_a_further_deadline_is_changed_and_a_broken_one_saves_nothing(editor, pathway):
    step = pathway.step_rows.get(key="health")
    url = reverse("pathways:step", args=[step.pk])
    sent = step_form(step) | filled(editor.get(url).context["windows"]) | {"seen": ""}

    broken = editor.post(url, sent | {"window-0-amount": 96, "window-0-value0": "perhaps"})
    kept = step.windows.get().amount
    saved = editor.post(url, sent | {"window-0-amount": 96})

    assert "one of them is not complete" in broken.content.decode()
    assert (kept, saved.status_code) == (72, 302)
    assert (step.windows.get().amount, step.windows.get().when["fact"]) == (96, "sexual_violence")


def test_a_new_condition_is_read_from_rows(editor, pathway):
    step = pathway.step_rows.get(key="fork")
    url = reverse("pathways:ways", args=[step.pk])
    sent = filled(editor.get(url).context["form"]) | {
        "ways-1-joiner": "any", "ways-1-fact1": "age", "ways-1-op1": "lt", "ways-1-value1": "18",
    }  # fmt: skip

    answer = editor.post(url, sent)

    way = step.ways.get(to_step__key="shelter")
    assert answer.status_code == 302
    assert way.when == {
        "any": [{"fact": "needs_shelter", "op": "eq", "value": True}, {"fact": "age", "op": "lt", "value": 18}]
    }


def test_a_condition_with_a_wrong_value_is_refused(editor, pathway):
    step = pathway.step_rows.get(key="fork")
    url = reverse("pathways:ways", args=[step.pk])
    sent = filled(editor.get(url).context["form"]) | {"ways-1-value0": "perhaps"}

    answer = editor.post(url, sent)

    assert "Type yes or no." in answer.content.decode()


@pytest.mark.both
def test_a_further_deadline_that_somebody_else_set_meanwhile_is_shown(editor, pathway, at):
    step = pathway.step_rows.get(key="health")
    url = reverse("pathways:step", args=[step.pk])
    sent = step_form(step) | filled(editor.get(url).context["windows"]) | {"seen": pathway.edit_number}
    other = {"amount": 48, "unit": "h", "anchor": "step_start", "deadline_type": "within", "basis": "default",
             "reference": "", "when": None}  # fmt: skip
    actions.edit_step(step=step, changes={}, change="wording", escalations=None, windows=[other], by="other", at=at)

    page = editor.post(url, sent).content.decode()

    assert "<strong>Further deadlines</strong>: stands now: <bdi>within 48 hours (default, not law)" in page
    assert "<strong>Time</strong>" not in page
