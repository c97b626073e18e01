"""The editor after the change: compare, try, add and remove, copy, retire; who finds it at all."""

import datetime as dt

import pytest
from django.urls import reverse

from referral import actions
from referral.models import Pathway, Step
from tests.far import ZONES, walk
from tests.referral.pathways.forms import may_enter, sign_over_http

pytestmark = pytest.mark.either


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


@pytest.mark.parametrize("version", ["²", "9" * 5000, "0", "-1", "one"])
def test_what_if_on_a_version_that_is_none_takes_the_draft(editor, pathway, version):
    page = editor.get(reverse("pathways:try", args=[pathway.pk]), {"version": version})

    assert page.status_code == 200
    assert page.context["version"] is None


@pytest.mark.both
def test_times_are_read_and_shown_in_the_zone_of_the_country(editor, pathway, liberia):
    liberia.time_zone = "Asia/Dhaka"
    liberia.save()

    page = editor.get(reverse("pathways:try", args=[pathway.pk]), {"start": "2026-11-25T10:00"})

    assert page.context["trial"].lines[0].started_at == dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)
    assert "25 November 2026, 10:00" in page.content.decode()


@pytest.mark.both
def test_the_list_says_the_day_of_publishing_by_the_clock_of_the_country(
    editor, pathway, liberia, manager, second_manager, signed_by
):
    liberia.time_zone = "Asia/Dhaka"
    liberia.save()
    night = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.UTC)  # 02:30 on the 26th in Dhaka
    signed_by(pathway, manager, second_manager, at=night)
    actions.publish_pathway(pathway=pathway, by=manager, at=night)

    page = editor.get(reverse("pathways:index")).content.decode()

    assert "Version 1, 26 November 2026" in page


def test_a_step_is_added_and_removed(editor, pathway):
    after = pathway.step_rows.get(key="plan")
    editor.post(
        reverse("pathways:add_step", args=[pathway.pk]), {"kind": "task", "title_en": "Court visit", "after": after.pk}
    )
    step = pathway.step_rows.get(title_en="Court visit")
    words = editor.get(reverse("pathways:detail", args=[pathway.pk])).content.decode()
    seen = {"seen": Pathway.objects.get().edit_number}
    removed = editor.post(reverse("pathways:remove_step", args=[step.pk]), seen, follow=True)

    assert "“Court visit” cannot be reached from the start." in words
    assert removed.status_code == 200
    assert not pathway.step_rows.filter(title_en="Court visit").exists()


@pytest.mark.both
def test_what_is_added_twice_is_there_once(editor, pathway):
    after, places = pathway.step_rows.get(key="plan"), pathway.step_rows.values_list("position", flat=True)
    step = {"kind": "task", "title_en": "Court visit", "after": after.pk}
    role = {"name_en": "Court clerk", "is_proper_name": "", "cited": ""}
    pages = [
        editor.post(reverse(f"pathways:{name}", args=[pathway.pk]), told)["Location"]
        for name, told in (("add_step", step), ("add_step", step), ("add_role", role), ("add_role", role))
    ]

    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert pathway.step_rows.filter(title_en="Court visit").count() == 1
    assert pathway.pathwayrole_rows.filter(name_en="Court clerk").count() == 1
    assert len(set(places)) == len(places)


@pytest.mark.both
def test_a_question_that_was_added_a_moment_before_is_there_once(pathway, manager, at):
    facts = [
        actions.add_fact(pathway=pathway, key="risk_level", question="How great is the risk?", by=manager, at=at)
        for _click in range(2)
    ]

    assert facts[0] == facts[1]
    assert facts[0].choices.count() == 3


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

    seen = {"seen": pathway.edit_number}
    answer = editor.post(reverse("pathways:remove_step", args=[step.pk]), seen, follow=True)

    assert "Ways lead to this step." in answer.content.decode()
    assert Step.objects.filter(pk=step.pk).exists()


def test_a_model_is_copied_for_the_own_country(editor, manager, at):
    model = actions.load_seed("generic-nrm", by="installation", at=at)

    editor.post(reverse("pathways:copy", args=[model.pk]))

    copy = Pathway.objects.get(country=manager.country)
    assert copy.key == "liberia-generic-nrm"
    assert copy.step_rows.count() == model.step_rows.count()


@pytest.mark.both
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


def test_each_signer_is_told_what_is_next(pathway, manager, second_manager, sign_in):
    first = sign_over_http(sign_in(may_enter(manager)), pathway)
    second = sign_over_http(sign_in(may_enter(second_manager)), pathway)

    assert [str(said).strip() for said in first.context["messages"]] == [
        "You have signed. Another manager must sign too."
    ]
    assert [str(said).strip() for said in second.context["messages"]] == [
        "Both signatures are there. Publish it: new cases then start on this version."
    ]
    assert reverse("pathways:publish", args=[pathway.pk]) in second.content.decode()


@pytest.mark.both
def test_two_who_both_edited_are_told_where_a_third_comes_from(pathway, manager, second_manager, sign_in, at):
    step = pathway.step_rows.get(key="screening")
    for amount, who in ((2, manager), (3, second_manager)):
        actions.save_part(part=step, changes={"amount": amount}, by=who, at=at)
    first = sign_over_http(sign_in(may_enter(manager)), pathway)
    client = sign_in(may_enter(second_manager))
    shown = client.get(reverse("pathways:detail", args=[pathway.pk])).content.decode()
    digest = {"digest": first.context["standing"].digest}
    sent = dict.fromkeys(first.context["form"].fields, "on") | digest
    refused = client.post(reverse("pathways:sign", args=[pathway.pk]), sent, follow=True).content.decode()

    way = "A manager who did not edit it must sign. If there is no other manager, an administrator can invite one."
    assert way in shown
    assert f"Both of you edited this version. {way}" in refused


@pytest.mark.both
@pytest.mark.either
@pytest.mark.parametrize("zone", ZONES)
def test_what_if_breaks_by_no_far_time(editor, pathway, liberia, zone):
    liberia.time_zone = zone
    liberia.save()

    assert walk(editor, reverse("pathways:try", args=[pathway.pk]), zone) > 4
