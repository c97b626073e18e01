"""The editor of call flows with several people at it: nothing of a colleague is lost unseen, and each fault leads to its cure."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from hotline.actions import flows, lines
from hotline.models import FlowVersion, Line, Prompt
from hotline.queries.flow_words import differences
from hotline.queries.flows import live_flow, plan_now, plan_of
from hotline.queries.lines import line_by_id, memory, week_of
from hotline.queries.public_lines import line_of
from tests.hotline.test_flows import publish
from tests.hotline.test_views_flows import browser, page, post, second, sent, user

__all__ = ["browser", "second", "user"]
pytestmark = pytest.mark.either


def test_a_draft_puts_back_nothing_that_was_corrected_beside_it(line, user, second, at):
    publish(line, user, at)
    flows.draft_flow(line=line, plan=replace(plan_now(line), wait_seconds=8, police_number="113"), by=user, at=at)
    line.refresh_from_db()
    facts = {"duty_phone": "+231770001111", "police_number": "112"}
    lines.change_line(line=line, facts=facts, week=week_of(line), version=line.version, by=second, at=at)

    draft = FlowVersion.objects.get(state="draft")
    assert (draft.body["duty_phone"], draft.body["wait_seconds"]) == ("+231770001111", 8)
    assert draft.body["police_number"] == "113", "what the draft changed itself stays, and is shown as a difference"
    live = live_flow(line)
    flows.publish_flow(draft=draft, by=user, at=at, seen=draft.digest, seen_live=live.number)
    assert Line.objects.get().duty_phone == "+231770001111"


@pytest.mark.parametrize(
    ("spelled", "first"), [("pt", "Obrigada"), ("pt-pt", "Obrigada"), ("id-id", "Terima"), ("en", "Thank")]
)
def test_words_of_a_line_are_named_in_the_readers_language_as_the_editor_spells_it(line, spelled, first):
    Prompt.objects.filter(key="goodbye").update(text_en="Thank you", text_pt="Obrigada", text_ind="Terima kasih")
    plan, _known = plan_of(line), memory()

    with translation.override(spelled):
        (told,) = differences(plan, replace(plan, words=(("goodbye", "en", "Bye."),)))

    assert f"“{first}" in told.label


def test_who_was_overtaken_sees_what_the_other_saved_and_may_save_her_own(browser, second, line, at):
    mine = sent(browser, line, wait_minutes="3")
    flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=5), by=second, at=at)
    place = reverse("flows:edit", args=[line.pk])

    answer = browser.post(place, mine)
    again = {field.html_name: field.value() for field in answer.context["form"]}

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Second manager</bdi> saved it" in words
    assert "<del>\u20685\u2069</del>" in words
    assert 'value="3"' in words
    assert browser.post(place, mine | {"seen": again["seen"]}).status_code == 302
    assert FlowVersion.objects.get().body["wait_minutes"] == 3


def test_a_colleagues_draft_is_begun_anew_only_after_being_told_what_goes(browser, user, second, line, at):
    first = publish(line, user, at, wait_minutes=3)
    publish(line, user, at, wait_minutes=6)
    flows.draft_flow(line=line, plan=replace(plan_now(line), wait_minutes=9), by=second, at=at)

    for told in ({"version": str(first.pk)}, {}, {"version": str(first.pk), "sure": "0" * 64}):
        asked = post(browser, "again", line.pk, **told)
        assert "Second manager" in asked
        assert "<del>\u20689\u2069</del>" in asked
        assert FlowVersion.objects.get(state="draft").body["wait_minutes"] == 9
    digest = FlowVersion.objects.get(state="draft").digest
    assert "says now what that version says" in post(browser, "again", line.pk, version=str(first.pk), sure=digest)
    assert FlowVersion.objects.get(state="draft").body["wait_minutes"] == 3


def test_missing_words_lead_to_the_very_prompt_and_are_told_by_their_first_words(browser, line):
    told = sent(browser, line, language_1="ht", calls_back=None)
    browser.post(reverse("flows:edit", args=[line.pk]), told)

    shown = page(browser, line)

    assert f"{reverse('hotline:prompts_in', args=[line.public_id, 'ht'])}#" in shown
    told = shown.split("cannot say: ")[1].split("Record them")[0]
    assert told.startswith("“A person from the…”, ")
    assert "_" not in told


def test_what_the_line_itself_refuses_is_told_and_no_error(browser, user, line, at):
    draft = flows.draft_flow(
        line=line, plan=replace(plan_of(line), other_number="+2317700088880000000000"), by=user, at=at
    )
    with pytest.raises(ValidationError):
        flows.publish_flow(draft=draft, by=user, at=at, seen=draft.digest, seen_live=0)

    assert "at most 20 characters" in post(browser, "publish", line.pk, seen=draft.digest, live="0")


def test_pages_promise_no_key_and_no_message_that_the_flow_does_not_have(sign_in, person, line, user, at):
    lines.set_hours(line=line, week={}, by="test", at=at)
    publish(line, user, at, danger_key="5", silent_key="7", languages=(("1", "en"), ("2", "fr")))
    known = line_of("LR")
    assert known.silent_words.startswith("Cannot speak? Press 7,")
    assert known.closed_words == "Closed now. You can leave a message."
    publish(line, user, at, silent_key="", takes_messages=False, calls_back=False)
    known = line_of("LR")

    assert (known.silent_words, known.closed_words) == ("", "Closed now")
    assert (known.takes_messages, known.calls_back) == (False, False)
    switch = sign_in(person("administrator")).get(reverse("hotline:line_switch", args=[line.public_id]))
    assert "Key 5 still rings the duty phone." in switch.content.decode()


def test_a_line_of_one_language_offers_no_other_one(network, operator, line, user, at):
    publish(line, user, at, languages=(("1", "en"),))
    network.call()
    network.step("language", 1)

    said = network.step("left", 2, DialCallStatus="answered").said()

    assert "another language" not in said
    assert "press 1" in said
    assert "press 2" in said
    assert "press 3" in said
    assert "in danger now, press 9" in said
    assert line_by_id(line.pk).languages == (("1", "en"),)


def test_a_practice_line_without_another_number_is_no_fault_and_says_so(browser, line):
    Line.objects.filter(pk=line.pk).update(other_number="")

    shown = page(browser, line)

    assert "This practice line names no other number" in shown
    assert "Mend it" not in shown
    Line.objects.filter(pk=line.pk).update(other_number="116", is_practice=False)
    assert "This practice line names no other number" not in page(browser, line)


@pytest.mark.parametrize(("police", "is_told"), [("911", False), ("", True)])
def test_a_line_without_a_number_of_the_police_is_told_what_to_write_before_it_is_published(
    browser, line, police, is_told
):
    Line.objects.filter(pk=line.pk).update(other_number="", police_number=police)

    shown = page(browser, line)

    assert ("Who is in danger would hear no number of the police. Write" in shown) is is_told
    assert ("Mend it" in shown) is is_told
