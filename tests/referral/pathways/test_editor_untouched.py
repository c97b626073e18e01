"""A form of the pathway editor that is out of date: what its sender left as she was shown it is not hers."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from referral import actions
from referral.models import PathwayEdit

pytestmark = pytest.mark.either


def sent_by_a_browser(page, **changes):
    """Return what a browser would send of the editor's form on a page, with some fields changed."""
    form = BeautifulSoup(page.content, "html.parser").select_one(".pathways form")
    told = {}
    for field in form.select("[name]"):
        name, kind = field["name"], field.get("type")
        if field.name == "select":
            told[name] = [one["value"] for one in field.select("option[selected]")] or [""]
        elif field.name == "textarea":
            told[name] = [field.text.removeprefix("\n")]
        elif kind not in {"checkbox", "radio"} or field.has_attr("checked"):
            told.setdefault(name, []).append(field.get("value", "on" if kind == "checkbox" else ""))
    return told | changes


def rows(page):
    """Return the fields said to differ, and the words for each."""
    text = " ".join(re.sub(r"</?bdi>", "", page.content.decode()).split())
    return dict(re.findall(r"<strong>([^<]*)</strong>: (stands now: [^<]*)", text))


@pytest.fixture
def step(pathway):
    return pathway.step_rows.get(key="health")


@pytest.fixture
def address(step):
    return reverse("pathways:step", args=[step.pk])


def test_a_form_that_is_in_time_saves_what_was_changed(editor, step, address):
    answer = editor.post(address, sent_by_a_browser(editor.get(address), title_en="See a nurse"))

    assert answer.status_code == 302
    step.refresh_from_db()
    assert step.title_en == "See a nurse"
    assert PathwayEdit.objects.latest("edit_number").fields == "title_en"


def test_what_another_changed_is_not_taken_back_by_who_left_it_alone(editor, step, address, at):
    sent = sent_by_a_browser(editor.get(address), title_en="See a nurse")
    late = [{"offset": 0, "to": "head", "action": "notify"}]
    changes = {"amount": 3, "guidance_en": "Go along.", "role": "social"}
    actions.edit_step(
        step=step, changes=changes, change="wording", escalations=late, windows=[], by="another", at=at
    )  # fmt: skip

    stale = editor.post(address, sent)

    assert stale.status_code == 409
    assert list(rows(stale)) == ["Title"]
    again = sent_by_a_browser(stale)
    assert (again["amount"], again["guidance_en"], again["title_en"]) == (["3"], ["Go along."], ["See a nurse"])
    assert editor.post(address, again).status_code == 302
    step.refresh_from_db()
    assert (step.amount, step.guidance_en, step.role, step.title_en) == (3, "Go along.", "social", "See a nurse")
    assert [rule.to for rule in step.escalations.all()] == ["head"]
    assert not step.windows.exists()


def test_what_both_changed_stays_hers_until_she_saves_again(editor, step, address, at):
    page = editor.get(address)
    sent = sent_by_a_browser(page, amount="5", **{"window-0-amount": "96"})
    actions.edit_step(
        step=step, changes={"amount": 3, "title_en": "See a nurse"}, change="wording", escalations=None, windows=[],
        by="another", at=at,
    )  # fmt: skip

    stale = editor.post(address, sent)

    assert set(rows(stale)) == {"Time", "Further deadlines"}
    assert rows(stale)["Time"] == "stands now: 3; yours: 5"
    actions.save_part(part=step, changes={"reference": "Act 2005"}, by="another", at=at)
    once_more = editor.post(address, sent_by_a_browser(stale))
    assert (once_more.status_code, set(rows(once_more))) == (409, {"Time", "Further deadlines"})
    assert editor.post(address, sent_by_a_browser(once_more)).status_code == 302
    step.refresh_from_db()
    assert (step.amount, step.title_en, step.reference) == (5, "See a nurse", "Act 2005")
    assert [window.amount for window in step.windows.all()] == [96]


def test_a_form_in_which_nothing_was_changed_changes_nothing(editor, step, address, at):
    sent = sent_by_a_browser(editor.get(address))
    actions.edit_step(
        step=step, changes={"amount": 3}, change="wording", escalations=[], windows=[], by="another", at=at
    )  # fmt: skip

    answer = editor.post(address, sent, follow=True)

    assert "Nothing was changed." in answer.content.decode()
    step.refresh_from_db()
    assert (step.amount, step.windows.count()) == (3, 0)


def test_ways_and_profiles_and_settings_left_alone_are_nobodys_change(editor, pathway, step, at):
    profile = pathway.sharingprofile_rows.first()
    actions.save_part(part=pathway, changes={"sources": "Labour Act 2015, section 21"}, by="another", at=at)
    addresses = [
        reverse("pathways:ways", args=[step.pk]), reverse("pathways:profile", args=[profile.pk]),
        reverse("pathways:settings", args=[pathway.pk]),
    ]  # fmt: skip
    sent = [sent_by_a_browser(editor.get(address)) for address in addresses]
    way = step.ways.first()
    kept = {"to_step": way.to_step, "outcome": way.outcome, "when": way.when, "on_unknown": True}
    actions.set_ways(step=step, rows=[kept], by="another", at=at)
    actions.save_part(part=profile, changes={"field_keys": "age"}, by="another", at=at)
    actions.save_part(part=pathway, changes={"language_codes": "en", "notes": "Ask"}, by="another", at=at)

    answers = [editor.post(address, form, follow=True) for address, form in zip(addresses, sent, strict=True)]

    assert all("Nothing was changed." in answer.content.decode() for answer in answers)
    profile.refresh_from_db()
    pathway.refresh_from_db()
    assert (profile.field_keys, pathway.language_codes, pathway.notes) == ("age", "en", "Ask")
    assert [way.on_unknown for way in step.ways.all()] == [True]


def test_her_own_other_window_is_called_so(editor, step, address, at):
    sent = sent_by_a_browser(editor.get(address), title_en="See a nurse")
    editor.post(address, sent_by_a_browser(editor.get(address), amount="3"))

    own = editor.post(address, sent).content.decode()
    actions.save_part(part=step, changes={"amount": 4}, by="another", at=at)
    both = editor.post(address, sent).content.decode()

    assert "You edited this pathway meanwhile, in another window." in own
    assert "Somebody else" not in own
    assert "Somebody else edited this pathway meanwhile." in both
