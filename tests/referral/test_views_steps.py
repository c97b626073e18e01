"""Steps, questions and requests through the browser: what is written, what stale and bad input gets."""

import re

import pytest

from hotline.triage import HOUSE
from referral import actions
from referral.models import CaseEvent, FactValue, Referral
from referral.queries.questions import REGISTER
from tests.referral.pages import post_step, url

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


@pytest.mark.both
def test_screening_by_its_form_writes_known_unknown_and_not_asked_apart(new_case, operator, sign_in, open_run):
    case = new_case(facts={})
    told = {"age": "16", "immediate_danger": "not_known", "sex": "not_asked", "location_now": "At the port"}

    answer = post_step(sign_in(operator), case, open_run(case, "screening"), **told)

    assert answer.status_code == 302
    facts = {row.key: row.is_known for row in FactValue.objects.filter(case=case)}
    assert facts == {"age": True, "immediate_danger": False, "location_now": True}
    assert open_run(case, "safety")


@pytest.mark.parametrize(
    "told", [{"age": "-1"}, {"age": "100"}, {"age": "1e3"}, {"age": "5", "age__not_known": "on"},
             {"location_now": "a\u0000b"}, {"location_now": "\u202eabc"}, {"violence_at": "2030-01-01T10:00"},
             {"sex": "robot"}, {"needs": ["none", "health"]}],
)  # fmt: skip
def test_bad_input_comes_back_with_the_form_and_writes_nothing(new_case, operator, sign_in, open_run, told):
    case = new_case(facts={})

    answer = post_step(sign_in(operator), case, open_run(case, "screening"), **told)

    assert answer.status_code == 400
    assert FactValue.objects.count() == 0


@pytest.mark.both
def test_a_double_click_finishes_a_step_once(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={"immediate_danger": False}), None
    client, run = sign_in(operator), open_run(case, "screening")

    answers = [post_step(client, case, run, age="30") for _ in range(3)]

    assert {answer.status_code for answer in answers} <= {302, 409}
    assert CaseEvent.objects.filter(case=case, kind="done").count() == 1


@pytest.mark.both
def test_stale_data_gets_409_with_what_changed_and_keeps_what_was_typed(
    new_case, operator, sign_in, open_run, at, keys
):
    case, client = new_case(facts={"immediate_danger": False}), None
    client, run, seen = sign_in(operator), open_run(case, "screening"), case.event_count
    actions.answer(case=case, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)

    stale = client.post(url("case_step", case, run.number), {"key": "a", "seen": seen, "location_now": "At the port"})

    text = stale.content.decode()
    assert stale.status_code == 409
    assert "National of this country" in text
    assert "At the port" in text
    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', text))
    done = client.post(url("case_step", case, run.number), again | {"location_now": "At the port", "anyway": 99})
    assert done.status_code == 302


def test_the_open_question_takes_yes_no_not_known_and_not_asked(new_case, operator, sign_in, open_run, at, keys):
    case, client = new_case(facts={}), sign_in(operator)
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    page = client.get(url("case_detail", case)).content.decode()
    assert "Are you in danger right now?" in page
    left = client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "not_asked"})
    assert (left.status_code, FactValue.objects.count()) == (302, 0)
    client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "no"})
    assert open_run(case, "safety")
    gone = client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "yes"})
    assert gone.status_code == 409


def test_the_script_stands_in_the_persons_language_beside_the_operators(
    new_case, operator, sign_in, open_run, at, keys
):
    case, client = new_case(facts={}, language="ar"), sign_in(operator)
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    page = client.get(url("case_detail", case)).content.decode()

    said = re.search(r'<div class="say" lang="(\w+)" dir="(\w+)">', page)
    assert said.groups() in {("ar", "rtl"), ("en", "ltr")}
    assert ("not translated yet" in page) == (said[1] == "en")


@pytest.mark.both
def test_a_whole_referral_through_the_screens(own, operator, sign_in, open_run):
    client, run = sign_in(operator), open_run(own, "shelter")
    listed = client.get(url("refer", own, run.number))
    service = re.search(r'name="service" value="(\d+)"', listed.content.decode())[1]

    told = {"service": service, "urgency": "urgent", "key": "one", "seen": own.event_count}
    sent = client.post(url("refer", own, run.number), told)
    again = client.post(url("refer", own, run.number), told)
    referral = Referral.objects.get(case=own)
    answered = client.post(url("referral_answer", own, referral.public_id), {"answer": "accept", "key": "two"})
    moved = client.post(url("referral_progress", own, referral.public_id), {"state": "in_progress", "key": "three"})

    assert re.search(r"<bdi>\d{3} \d{3}</bdi>", sent.content.decode())
    assert not re.search(r"<bdi>\d{3} \d{3}</bdi>", again.content.decode())
    assert (answered.status_code, moved.status_code) == (302, 302)
    assert Referral.objects.get(case=own).state == "in_progress"


def test_a_request_of_another_case_is_not_reached_through_ones_own(
    own, new_case, operator, sign_in, open_run, at, keys
):
    run = open_run(own, "shelter")
    service = Referral._meta.get_field("service").related_model.objects.get(term="shelter")
    sent = actions.refer(run=run, service=service, key=next(keys), by=operator, at=at)
    other = new_case()

    page = sign_in(operator).get(url("referral_answer", other, sent.referral.public_id))

    assert page.status_code == 404


def test_screening_asks_for_a_safe_place_in_the_words_of_the_console(new_case, operator, sign_in, open_run):
    case = new_case(facts={})
    run = open_run(case, "screening")

    page = sign_in(operator).get(url("case_step", case, run.number)).content.decode()

    assert "Do you need a safe place to sleep tonight?" in page
    assert REGISTER["needs_shelter"].script == HOUSE.by_key["needs_shelter"].ask


@pytest.mark.parametrize("key", ["risk_level", "safe_contact"])
def test_an_answer_that_is_needed_says_so_before_the_error(new_case, operator, sign_in, open_run, at, keys, key):
    case = new_case()
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    form = sign_in(operator).get(url("case_step", case, open_run(case, "safety").number)).context["form"]

    assert form.fields[key].help_text == "This answer is needed to finish the step."
    assert form.fields["safe_word"].help_text == ""


@pytest.mark.parametrize(("danger", "first"), [(True, "urgent"), (None, "normal")])
def test_help_against_a_danger_of_now_is_asked_urgently_unless_somebody_says_otherwise(
    new_case, agency, operator, sign_in, open_run, at, keys, danger, first
):
    agency("Emergency police desk", "emergency_police")
    case = new_case(facts={"age": 30, "sex": "female", "immediate_danger": True})
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)
    actions.answer(case=case, facts={"immediate_danger": danger}, source="test", key=next(keys), by=operator, at=at)
    run = open_run(case, "emergency")

    form = sign_in(operator).get(url("refer", case, run.number)).context["form"]

    assert form["urgency"].value() == first


def test_other_help_is_not_asked_urgently_by_itself(own, operator, sign_in, open_run, at, keys):
    actions.answer(case=own, facts={"immediate_danger": True}, source="test", key=next(keys), by=operator, at=at)
    run = open_run(own, "shelter")

    page = sign_in(operator).get(url("refer", own, run.number))

    assert page.context["form"]["urgency"].value() == "normal"


def test_a_time_that_was_told_is_shown_like_other_times(new_case, operator, sign_in, at, keys):
    case = new_case()
    told = {"violence_at": "2026-01-02T10:00:00+00:00"}
    actions.answer(case=case, facts=told, source="test", key=next(keys), by=operator, at=at)

    page = sign_in(operator).get(url("case_detail", case)).content.decode()

    assert "T10:00" not in page
    assert "2 January 2026, 10:00" in page
