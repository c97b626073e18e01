"""A step with questions that nobody asked is finished only once that was said; answers that stand keep their origin."""

import re

import pytest

from referral.models import FactValue
from tests.referral.pages import post_step, url

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


def shown(page):
    """Return what the form of a page sends by itself."""
    return dict(re.findall(r'name="(key|seen|anyway)" value="([^"]*)"', page.content.decode()))


def test_questions_that_were_not_asked_are_counted_and_named_before_the_step_ends(
    new_case, operator, sign_in, open_run
):
    case, client = new_case(facts={}), sign_in(operator)
    run = open_run(case, "screening")
    address = url("case_step", case, run.number)

    asked = client.post(address, shown(client.get(address)) | {"age": "30", "immediate_danger": "not_known"})
    text = asked.content.decode()

    assert asked.status_code == 409
    assert "23 questions were not asked. Finish anyway?" in text
    assert '<a href="#id_location_now">Where the person is now</a>' in text
    assert '<a href="#id_immediate_danger">' not in text
    assert re.search(r'name="age" value="30"', text)
    assert open_run(case, "screening")
    assert not FactValue.objects.exists()

    done = client.post(address, shown(asked) | {"age": "30", "immediate_danger": "not_known"})

    assert done.status_code == 302
    assert open_run(case, "safety")


def test_it_is_asked_once_and_again_only_when_more_is_left_out(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={}), sign_in(operator)
    run = open_run(case, "screening")

    more = post_step(client, case, run, anyway=22, age="30", immediate_danger="no")
    fewer = post_step(client, case, run, anyway=23, age="30", immediate_danger="no")

    assert (more.status_code, fewer.status_code) == (409, 302)


def test_a_repeat_of_a_finished_step_is_not_asked_again(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={"immediate_danger": False}), sign_in(operator)
    run, told = open_run(case, "screening"), {"age": "30", "immediate_danger": "no"}
    address = url("case_step", case, run.number)
    sent = {"key": "one", "seen": case.event_count, **told}

    answers = [client.post(address, sent | {"anyway": "99"}), client.post(address, sent)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_answers_that_stand_keep_who_gave_them(new_case, operator, sign_in, open_run):
    facts = {"age": 30, "immediate_danger": None, "needs": ["shelter", "health"],
             "violence_at": "2026-01-02T03:04:05+00:00"}  # fmt: skip
    case, client = new_case(facts=facts, source="call"), sign_in(operator)
    run = open_run(case, "screening")
    page = client.get(url("case_step", case, run.number))
    at = page.context["form"]["violence_at"].value()

    done = post_step(
        client, case, run, age="30", immediate_danger="not_known", needs=["shelter", "health"], sex="female",
        violence_at=at.strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    assert done.status_code == 302
    rows = FactValue.objects.filter(case=case)
    assert {row.key: row.source for row in rows} == dict.fromkeys(facts, "call") | {"sex": "screening"}
    assert rows.count() == 5


def test_an_answer_that_is_changed_is_told_anew(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={"age": 30, "needs": ["shelter"]}, source="call"), sign_in(operator)

    post_step(client, case, open_run(case, "screening"), age__not_known="on", needs=["none"])

    told = {row.key: (row.is_known, row.value) for row in FactValue.objects.filter(case=case, source="screening")}
    assert told == {"age": (False, ""), "needs": (True, "[]")}


def test_an_answer_that_is_kept_sealed_counts_as_asked(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={"location_now": "At the port"}), sign_in(operator)
    address = url("case_step", case, open_run(case, "screening").number)

    asked = client.post(address, shown(client.get(address)))

    assert "24 questions were not asked" in asked.content.decode()
    assert '<a href="#id_location_now">' not in asked.content.decode()


@pytest.mark.parametrize(("violence", "is_left"), [("no", False), ("yes", True), ("not_known", True)])
def test_when_it_happened_is_not_left_out_where_nothing_happened(
    new_case, operator, sign_in, open_run, violence, is_left
):
    case, client = new_case(facts={}), sign_in(operator)
    address = url("case_step", case, open_run(case, "screening").number)

    asked = client.post(address, shown(client.get(address)) | {"sexual_violence": violence})

    assert asked.status_code == 409
    assert ('<a href="#id_violence_at">' in asked.content.decode()) is is_left
