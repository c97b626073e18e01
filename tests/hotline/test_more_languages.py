"""More than seven languages on a line: a second page of the menu behind key 0, said in its own languages."""

from dataclasses import replace

import pytest
from django.urls import reverse

from hotline import ivr
from hotline.actions import lines
from hotline.ivr.faults import Known, faults_of, heard_in
from hotline.models import Contact, FlowVersion, Line
from hotline.queries.flows import plan_of
from tests.hotline.test_views_flows import browser, sent, user

__all__ = ["browser", "user"]
pytestmark = pytest.mark.either
KEYS = "1:en 01:fr 07:ar"


@pytest.fixture
def many(line):
    Line.objects.filter(pk=line.pk).update(language_keys=KEYS)
    line.refresh_from_db()
    return line


def test_key_0_leads_to_the_second_page_and_back_and_a_key_there_chooses(network, many, operator):
    first = network.call()
    assert "Pour d’autres langues, tapez 0." in first.said(), "each language of the second page says where it is found"
    assert "للغات أخرى، اضغطوا على 0." in first.said()
    second = network.step("language", 1, Digits="0")
    assert "For English, press" not in second.said()
    assert network.contact.question == "page_two"
    again = network.step("language", 2, Digits="0")
    assert "For English, press 1." in again.said()
    network.step("language", 3, Digits="0")
    reply = network.step("language", 4, Digits="7")

    contact = network.contact
    assert (contact.language, contact.step, contact.question) == ("ar", "waiting", "")
    assert reply.status == 200


def test_silence_and_danger_mean_on_the_second_page_what_they_mean_everywhere(network, many, operator):
    network.call()
    network.step("language", 1, Digits="0")
    back = network.step("language", 2)
    assert back.said().startswith("No key was pressed.")
    assert "For English, press 1." in back.said()
    network.step("language", 3, Digits="0")
    network.step("language", 4, Digits="9")
    assert Contact.objects.get().is_danger


def test_a_key_of_the_first_page_is_no_choice_on_the_second_and_the_plan_is_judged_on_both():
    two = ivr.Plan(
        languages=(("1", "en"), ("2", "fr"), ("06", "sw")), duty_phone="1", other_number="2", police_number="3"
    )
    line = ivr.Line(languages=two.languages, is_open=True, target=lambda _code: "speaker", plan=two)
    turn = ivr.advance("language", ivr.Call(step="greeting", question="page_two", digits="2"), line)
    assert (turn.step, turn.heard[0].says[0].prompt) == ("greeting", "not_a_choice")
    assert "more_languages" in heard_in(two)
    assert "more_languages" not in heard_in(replace(two, languages=two.languages[:2]))
    assert [one.code for one in faults_of(replace(two, danger_key="6"), Known())] == ["key_of_language"]
    assert [one.code for one in faults_of(replace(two, languages=(("05", "en"),)), Known())][:1] == ["key_not_free"]
    assert faults_of(two, Known()) == []


def test_an_eighth_language_finds_a_key_and_the_forms_show_both_pages(browser, line, user, at):
    for code in ("es", "pt", "id", "th"):
        line = lines.add_language(line=line, code=code, by=user, at=at)
    assert lines.add_language(line=line, code="bn", by=user, at=at).language_keys.endswith("8:th 01:bn")
    told = sent(browser, line, language_9="sw", key_9="02")
    assert browser.post(reverse("flows:edit", args=[line.pk]), told).status_code == 302
    assert FlowVersion.objects.get(state="draft").body["languages"][-2:] == [["01", "bn"], ["02", "sw"]]
    assert len(plan_of(Line.objects.get()).languages) == 8
