"""The pathway editor under two pairs of hands: a step that somebody wrote in, removed, or sent as it stands."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.urls import reverse

from referral import actions
from referral.models import Pathway, Signature, Step
from tests.referral.pathways.forms import filled, may_enter, step_form


def words(response):
    """Return the words of a page."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def said(response):
    """Return what the page after a redirect says."""
    return [str(message).split("<")[0].strip() for message in response.context["messages"]]


@pytest.fixture
def step(pathway, manager, at):
    """A step to which no way leads, opened by two people."""
    return actions.add_step(
        pathway=pathway, kind="task", title="Court visit", after=pathway.step_rows.get(key="plan"), by=manager, at=at
    )


@pytest.fixture
def page(step):
    """The address of its form."""
    return reverse("pathways:step", args=[step.pk])


@pytest.fixture
def removal(step):
    """The address that takes it out."""
    return reverse("pathways:remove_step", args=[step.pk])


def sent_by(response, action):
    """Return what the form with this address sends; without one, the form of the page itself, its hidden parts."""
    page = BeautifulSoup(response.content, "html.parser")
    form = page.find("form", action=action) if action else page.select_one("div.pathways form")
    if action is None:
        return {part["name"]: part.get("value", "") for part in form.find_all("input", type="hidden")}
    return {part["name"]: part.get("value", "") for part in form.find_all("input")}


def write(step, second_manager, at, **changes):
    """Write in the step, as a second manager."""
    actions.edit_step(step=Step.objects.get(pk=step.pk), changes=changes, change="wording", by=second_manager, at=at)


def test_a_step_is_removed_in_two_presses_far_from_saving(editor, step, page, removal, second_manager, at):
    first = editor.get(page)
    told = sent_by(first, removal)
    write(step, second_manager, at, guidance_en="Go with her.")
    kept = editor.post(removal, told)

    folds = [
        BeautifulSoup(shown.content, "html.parser").find("form", action=removal).find_parent("details")
        for shown in (first, kept)
    ]

    assert [fold.has_attr("open") for fold in folds] == [False, True]
    assert folds[0].summary.text == "Remove this step"
    assert "It cannot be taken back." in folds[0].p.text
    assert "apart" in folds[0].find_parent("section")["class"]


def test_a_step_that_somebody_wrote_in_is_not_removed_unseen(editor, step, page, removal, second_manager, at):
    told = sent_by(editor.get(page), removal)
    write(step, second_manager, at, guidance_en="Go with her.\nWait there.")

    kept = editor.post(removal, told)

    assert kept.status_code == 409
    assert "Somebody wrote in this step while you had it open. It was not removed." in words(kept)
    assert "Guidance for staff Go with her. Wait there." in words(kept)
    assert Step.objects.filter(pk=step.pk).exists()
    form = BeautifulSoup(kept.content, "html.parser").find("form", action=page)
    assert form.find("textarea", attrs={"name": "guidance_en"}).text.strip() == "Go with her.\nWait there."

    again = editor.post(removal, sent_by(kept, removal), follow=True)
    assert again.status_code == 200
    assert not Step.objects.filter(pk=step.pk).exists()


def test_rows_below_a_step_that_somebody_wrote_are_told_too(editor, pathway, step, page, removal, second_manager, at):
    told = sent_by(editor.get(page), removal)
    rows = [{"to_step": pathway.step_rows.get(key="plan"), "outcome": "", "when": None, "on_unknown": False}]
    actions.set_ways(step=step, rows=rows, by=second_manager, at=at)

    kept = editor.post(removal, told)

    assert (kept.status_code, kept.context["written"][0][0]) == (409, "Ways")


@pytest.mark.parametrize("seen", [None, "", "-1", "x"])
def test_a_removal_that_says_not_what_was_seen_is_asked_again(editor, step, removal, seen):
    answer = editor.post(removal, {} if seen is None else {"seen": seen})

    assert (answer.status_code, Step.objects.filter(pk=step.pk).exists()) == (409, True)


def test_work_in_another_step_keeps_nobody_from_removing(editor, pathway, step, page, removal, second_manager, at):
    told = sent_by(editor.get(page), removal)
    write(pathway.step_rows.get(key="plan"), second_manager, at, guidance_en="Other words.")

    assert editor.post(removal, told).status_code == 302
    assert not Step.objects.filter(pk=step.pk).exists()


def test_a_second_press_says_that_the_step_is_gone(editor, step, page, removal):
    told = sent_by(editor.get(page), removal)
    editor.post(removal, told)

    again = editor.post(removal, told, follow=True)

    assert (again.status_code, said(again)[-1]) == (200, "The step was removed already.")


def test_what_was_typed_in_a_step_that_was_removed_meanwhile_comes_back(editor, step, page, second_manager, at):
    shown = sent_by(editor.get(page), None)
    sent = shown | step_form(Step.objects.get(pk=step.pk), guidance_en="Words of an hour <b>", sources="")
    actions.remove_part(part=step, by=second_manager, at=at)

    gone = editor.post(page, sent)

    assert gone.status_code == 410
    assert "Somebody removed this from the working copy while you had it open. Nothing was saved." in words(gone)
    assert "Guidance for staff Words of an hour <b>" in words(gone)


def test_a_removed_step_is_told_to_who_may_edit_its_pathway_only(step, page, sign_in, person, second_manager, at):
    names = ("step", "ways")
    told, pages = {"part": step.public_id, "seen": ""}, [reverse(f"pathways:{name}", args=[step.pk]) for name in names]
    actions.remove_part(part=step, by=second_manager, at=at)

    client = sign_in(may_enter(second_manager))
    assert [client.post(address, told).status_code for address in pages] == [410, 410]
    assert [client.post(pages[0], {"part": name}, follow=True).status_code for name in ("", "1", "\0", "x" * 900)] == [
        404
    ] * 4
    client = sign_in(may_enter(person("manager", country=None, is_staff=True)))
    assert [client.post(address, told, follow=True).status_code for address in pages] == [404, 404]


def test_the_name_of_a_removed_step_leads_to_no_other_pathway(editor, pathway, step, second_manager, at):
    other = Pathway.objects.create(key="other", title_en="Elsewhere", country=None)
    theirs = Step.objects.create(pathway=other, key="a", kind="task", title_en="Theirs", position=1)
    name = step.public_id
    actions.remove_part(part=step, by=second_manager, at=at)

    for address in ("step", "remove_step"):
        told = {"part": name, "seen": 0, "title_en": "Mine"}
        assert editor.post(reverse(f"pathways:{address}", args=[theirs.pk]), told, follow=True).status_code == 404
    assert Step.objects.get(pk=theirs.pk).title_en == "Theirs"


def test_what_is_saved_as_it_stands_changes_nothing_and_says_so(
    editor, pathway, manager, second_manager, signed_by, at
):
    signed_by(pathway, manager, second_manager)
    step = pathway.step_rows.get(key="shelter")
    page, ways = (reverse(f"pathways:{name}", args=[step.pk]) for name in ("step", "ways"))
    form = editor.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)} | step_form(step)

    assert said(editor.post(page, sent, follow=True)) == ["Nothing was changed."]
    assert said(editor.post(ways, filled(editor.get(ways).context["form"]), follow=True)) == ["Nothing was changed."]
    assert Signature.objects.filter(voided_at=None).count() == 2
    changed = editor.post(page, sent | {"amount": 8}, follow=True)
    assert said(changed)[0].startswith("Saved in the working copy. Signatures under it are void")


@pytest.mark.parametrize(
    "sources",
    ["no address at all", "javascript:alert(1)", "javascript:alert(2015) a b", "https://", "ftp://example.org/a",
     "https://example.org/law\nsomebody told me", "2015"],
)  # fmt: skip
def test_a_cited_source_that_leads_nowhere_is_refused(editor, pathway, sources):
    step = pathway.step_rows.get(key="safety")

    answer = editor.post(reverse("pathways:step", args=[step.pk]), step_form(step, basis="cited", sources=sources))

    assert "leads to no source" in answer.context["form"].errors["sources"][0]
    assert Step.objects.get(pk=step.pk).basis != "cited"


@pytest.mark.parametrize(
    "sources", ["https://www.example.org/law.pdf#page=3\nhttp://labour.gov.lr/a/", "Labour Act 2015, section 21"]
)
def test_a_cited_source_is_an_address_or_a_document_with_its_year(editor, pathway, sources):
    step = pathway.step_rows.get(key="safety")

    editor.post(reverse("pathways:step", args=[step.pk]), step_form(step, basis="cited", sources=sources))

    step.refresh_from_db()
    assert (step.basis, step.sources.replace("\r\n", "\n")) == ("cited", sources)


def test_a_day_that_nobody_means_and_no_visit_at_all_are_refused(editor, pathway):
    page = reverse("pathways:settings", args=[pathway.pk])
    form = editor.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    step = pathway.step_rows.get(key="shelter")

    late = editor.post(page, sent | {"valid_from": "0001-01-01"})
    often = editor.post(reverse("pathways:step", args=[step.pk]), step_form(step, max_visits=0))

    assert late.context["form"].errors["valid_from"] == ["Choose a day between 2020 and 2100."]
    assert often.context["form"].errors["max_visits"] == ["This must be 1 or more."]


def test_a_new_step_saved_as_it_stands_changes_nothing(editor, step, page):
    form = editor.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    none = {f"{name}-{count}_FORMS": 0 for name in ("late", "window") for count in ("TOTAL", "INITIAL")}

    assert said(editor.post(page, sent | none, follow=True)) == ["Nothing was changed."]


def test_a_step_that_goes_while_it_is_being_saved_gives_the_words_back(editor, step, page, second_manager, at):
    sent = step_form(Step.objects.get(pk=step.pk), guidance_en="Words of an hour")
    left = [Step.objects.get(pk=step.pk)]

    def remove(execute, sql, params, many, context):
        if left and 'FROM "referral_pathwayrole"' in sql:  # the form is being made: the row was found already
            actions.remove_part(part=left.pop(), by=second_manager, at=at)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remove):
        gone = editor.post(page, sent)

    assert (gone.status_code, left) == (410, [])
    assert "Words of an hour" in words(gone)


@pytest.mark.parametrize("between", ["\n", " ; "])
def test_several_addresses_of_a_source_stand_on_lines_or_behind_a_semicolon(editor, pathway, between):
    role = pathway.pathwayrole_rows.get(key="hotline")
    page = reverse("pathways:role", args=[role.pk])
    sent = {"name_en": role.name_en, "change": "wording", "seen": pathway.edit_number}

    kept = editor.post(page, sent | {"cited": f"https://example.org/a (its text){between}https://example.org/b"})
    refused = editor.post(page, sent | {"cited": f"https://example.org/a{between}somebody told me", "seen": ""})

    assert kept.status_code == 302
    assert "somebody told me" in refused.context["form"].errors["cited"][0]
