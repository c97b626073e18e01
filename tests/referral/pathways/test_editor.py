"""The pathway editor in the admin: a manager changes, proves, signs, publishes; nobody else gets in."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from referral import actions
from referral.models import Pathway, PathwayVersion, Signature, Step
from referral.queries import compiling


@pytest.fixture
def editor(manager, sign_in):
    """A client signed in as the first manager."""
    return sign_in(may_enter(manager))


def may_enter(user):
    """Give a person the right to enter the admin, as the group of managers has it."""
    group, _ = Group.objects.get_or_create(name="manager")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


def step_form(step, **changes):
    """Return what the page of a step would send, with some fields changed."""
    names = [
        "title_en", "guidance_en", "script_en", "role", "amount", "unit", "anchor", "deadline_type", "basis",
        "reference", "sources", "form", "service", "sharing_profile", "without_consent_basis",
    ]  # fmt: skip
    sent = {name: getattr(step, name) or "" for name in names}
    rules = list(step.escalations.all())
    sent |= {"late-TOTAL_FORMS": len(rules), "late-INITIAL_FORMS": len(rules)}
    for number, rule in enumerate(rules):
        sent |= {
            f"late-{number}-offset": rule.offset,
            f"late-{number}-to": rule.to,
            f"late-{number}-action": rule.action,
        }
    sent |= {"window-TOTAL_FORMS": 0, "window-INITIAL_FORMS": 0}
    return sent | {"change": "wording", "seen": step.pathway.edit_number} | changes


def sign_over_http(client, pathway):
    """Press the sign button of the page, accepting every gap."""
    page = client.get(reverse("pathways:detail", args=[pathway.pk]))
    form = page.context["form"]
    sent = dict.fromkeys(form.fields, "on") | {"digest": page.context["standing"].digest}
    return client.post(reverse("pathways:sign", args=[pathway.pk]), sent, follow=True)


def test_the_list_shows_own_country_only(editor, pathway, at):
    actions.load_seed("generic-nrm", by="installation", at=at)
    Pathway.objects.create(key="other", title_en="Elsewhere", country=None)

    page = editor.get(reverse("pathways:index"))

    assert page.status_code == 200
    assert {row.pathway.key for row in page.context["rows"]} == {"liberia-nrm", "generic-nrm", "other"}


def test_the_page_shows_drawing_list_findings_and_basis(editor, pathway):
    page = editor.get(reverse("pathways:detail", args=[pathway.pk]))
    words = page.content.decode()

    assert page.status_code == 200
    assert words.count("default, not law") >= 16
    assert "Nothing. All proofs hold." in words
    assert "style=" not in words[words.index('<svg class="g"') : words.index("</svg>")]
    assert len(page.context["graph"].nodes) == len(page.context["graph"].lines) == Step.objects.count()


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


def test_a_stale_form_gets_409(editor, pathway, at):
    step = pathway.step_rows.get(key="screening")
    sent = step_form(step, amount=3)
    actions.save_part(part=pathway.step_rows.get(key="plan"), changes={"amount": 15}, by="other", at=at)

    answer = editor.post(reverse("pathways:step", args=[step.pk]), sent)

    assert answer.status_code == 409
    assert "Somebody else edited this pathway meanwhile" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": 0}, "greater than or equal to 1"),
        ({"amount": "soon"}, "whole number"),
        ({"basis": "cited", "sources": ""}, "needs the address of its public source"),
        ({"title_en": "a\x00b"}, "hidden signs"),
        ({"title_en": "a\u202eb"}, "hidden signs"),
        ({"role": "nobody"}, "not one of the available choices"),
        ({"late-0-to": ""}, "a row is not complete"),
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


def filled(formset):
    """Return what a browser would send of a formset as it stands."""
    sent = {"seen": ""}
    for form in [formset.management_form, *formset.forms]:
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                sent[field.html_name] = "on" if value is True else value
    return sent


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


def test_the_comparison_speaks_in_words(editor, published, pathway, manager, at):
    step = pathway.step_rows.get(key="screening")
    actions.save_part(part=step, changes={"amount": 3, "title_en": "Listen"}, by=manager, at=at)

    page = editor.get(reverse("pathways:compare", args=[pathway.pk]))
    words = page.content.decode()

    assert [(row.about, row.part) for row in page.context["differences"]] == [
        ("Listen", "title"),
        ("Listen", "deadline"),
    ]

    assert "within 1 hour (default, not law)" in words
    assert "within 3 hours (default, not law)" in words


def test_what_if_tells_path_due_times_and_basis(editor, pathway):
    sent = {"start": "2026-11-25T10:00", "fact_age": "16", "fact_immediate_danger": "no", "answer_guardian": "stop"}

    page = editor.get(reverse("pathways:try", args=[pathway.pk]), sent)

    assert page.context["trial"].stop == "waits"
    assert [str(title) for title in page.context["trial"].stops_at] == [pathway.step_rows.get(key="guardian").title_en]
    assert "default, not law" in page.content.decode()


def test_times_are_read_and_shown_in_the_zone_of_the_country(editor, pathway, liberia):
    liberia.time_zone = "Asia/Dhaka"
    liberia.save()

    page = editor.get(reverse("pathways:try", args=[pathway.pk]), {"start": "2026-11-25T10:00"})

    assert page.context["trial"].lines[0].started_at == dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)
    assert "25 November 2026, 10:00" in page.content.decode()


def test_a_step_is_added_and_removed(editor, pathway):
    after = pathway.step_rows.get(key="plan")
    editor.post(
        reverse("pathways:add_step", args=[pathway.pk]), {"kind": "task", "title_en": "Court visit", "after": after.pk}
    )
    step = pathway.step_rows.get(title_en="Court visit")
    words = editor.get(reverse("pathways:detail", args=[pathway.pk])).content.decode()
    removed = editor.post(reverse("pathways:remove_step", args=[step.pk]), follow=True)

    assert "“Court visit” cannot be reached from the start." in words
    assert removed.status_code == 200
    assert not pathway.step_rows.filter(title_en="Court visit").exists()


def test_a_role_and_a_question_are_added(editor, pathway):
    editor.post(
        reverse("pathways:add_role", args=[pathway.pk]), {"name_en": "Court clerk", "is_proper_name": "", "cited": ""}
    )
    editor.post(
        reverse("pathways:add_fact", args=[pathway.pk]), {"key": "risk_level", "label_en": "How great is the risk?"}
    )
    again = editor.post(reverse("pathways:add_fact", args=[pathway.pk]), {"key": "age", "label_en": "Twice"})
    words = editor.post(reverse("pathways:add_fact", args=[pathway.pk]), {"key": "account", "label_en": "Told"})

    fact = pathway.fact_rows.get(key="risk_level")
    assert pathway.pathwayrole_rows.get(key="court_clerk").is_proper_name is False
    assert [(choice.key, choice.label_en) for choice in fact.choices.all()] == [
        ("low", "Low"),
        ("medium", "Medium"),
        ("high", "High"),
    ]
    assert "not one of the available choices" in again.content.decode()
    assert "not one of the available choices" in words.content.decode()


def test_a_sharing_profile_is_narrowed(editor, pathway):
    profile = pathway.sharingprofile_rows.get(key="shelter")
    url = reverse("pathways:profile", args=[profile.pk])

    editor.post(url, {"chosen": ["sex", "age_band"], "seen": pathway.edit_number})
    refused = editor.post(url, {"chosen": ["diary"], "seen": ""})

    profile.refresh_from_db()
    assert profile.fields == ["age_band", "sex"]
    assert "diary is not one of the available choices" in refused.content.decode()


def test_a_step_that_ways_lead_to_stays(editor, pathway):
    step = pathway.step_rows.get(key="plan")

    answer = editor.post(reverse("pathways:remove_step", args=[step.pk]), follow=True)

    assert "Ways lead to this step." in answer.content.decode()
    assert Step.objects.filter(pk=step.pk).exists()


def test_a_model_is_copied_for_the_own_country(editor, manager, at):
    model = actions.load_seed("generic-nrm", by="installation", at=at)

    editor.post(reverse("pathways:copy", args=[model.pk]))

    copy = Pathway.objects.get(country=manager.country)
    assert copy.key == "liberia-generic-nrm"
    assert copy.step_rows.count() == model.step_rows.count()


def test_a_version_is_retired_with_a_reason(editor, published):
    editor.post(reverse("pathways:retire", args=[published.pk]), {"reason": ""})
    url = reverse("pathways:version", args=[published.pk])
    before = editor.get(url).content.decode()
    editor.post(reverse("pathways:retire", args=[published.pk]), {"reason": "Replaced"})

    assert "Retire this version" in before
    assert "Replaced" in editor.get(url).content.decode()


@pytest.mark.parametrize("role", ["operator", "supervisor", "translator", "administrator", "learner"])
def test_other_roles_find_no_pathway_editor(person, liberia, sign_in, pathway, role):
    client = sign_in(may_enter(person(role, country=liberia)))

    assert client.get(reverse("pathways:index"), follow=True).status_code == 404
    assert client.get(reverse("pathways:detail", args=[pathway.pk]), follow=True).status_code == 404


def test_a_manager_of_another_country_finds_nothing(person, sign_in, pathway, published):
    step = pathway.step_rows.first()
    client = sign_in(may_enter(person("manager")))

    for name, key in (
        ("detail", pathway.pk),
        ("step", step.pk),
        ("ways", step.pk),
        ("version", published.pk),
        ("try", pathway.pk),
    ):
        assert client.get(reverse(f"pathways:{name}", args=[key]), follow=True).status_code == 404
    assert client.post(reverse("pathways:publish", args=[pathway.pk]), follow=True).status_code == 404
