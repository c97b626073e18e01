"""A case goes to somebody else while its former owner types: her words come back to her, and nothing of the case."""

import datetime as dt
import re

import pytest

from referral import actions
from referral.models import CaseEvent, FactValue
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
WORDS = "She waits at the <gate> until six."
TITLE = "This case is not with you any more"


@pytest.fixture
def other(person, liberia):
    """Another operator of the country, who gets the case."""
    return person("operator", country=liberia, name="Berta Newowner")


def hidden(client, address):
    return dict(re.findall(r'name="(key|seen)" value="([^"]*)"', client.get(address).content.decode()))


def give(case, owner, by, at):
    actions.assign_case(case=case, owner=owner, key=f"to {owner.pk}", by=by, at=at)


def pages(case, open_run):
    """Return forms of a case with what is typed in each."""
    run = open_run(case, "shelter").number
    return {
        url("case_identity", case): {"account": WORDS},
        url("refer", case, run): {"service": "1", "note": WORDS},
        url("case_close", case): {"reason": "lost_contact", "words": WORDS},
        url("case_again", case): {"reason": "other", "words": WORDS},
        url("case_withdraw", case): {"organisation": "all", "words": WORDS},
        url("case_consent", case): {"agrees": "no", "words": WORDS},
    }


def test_every_form_of_a_case_gives_its_words_back_and_tells_nothing(
    own, operator, supervisor, other, sign_in, at, open_run
):
    client = sign_in(operator)
    sent = [(address, hidden(client, address) | told) for address, told in pages(own, open_run).items()]
    give(own, other, supervisor, at)
    events, facts = CaseEvent.objects.count(), FactValue.objects.count()

    for address, told in sent:
        late = client.post(address, told)
        text = late.content.decode()
        assert (late.status_code, TITLE in text, "no-store" in late["Cache-Control"]) == (409, True, True), address
        assert f"<title>{TITLE} · {own.code}" in text
        assert "She waits at the &lt;gate&gt; until six." in text
        assert not any(secret in text for secret in ("Berta", "Newowner", "Safe house A", "Quillfeather"))
        assert client.get(address).status_code == 404
    assert (CaseEvent.objects.count(), FactValue.objects.count()) == (events, facts)


def test_the_question_of_the_case_page_gives_its_answer_back_with_its_name(
    new_case, operator, supervisor, other, sign_in, at, open_run
):
    case, client = new_case(facts={}), sign_in(operator)
    actions.complete_step(case=case, run=open_run(case, "screening").number, key="walk", by=operator, at=at)
    told = hidden(client, url("case_detail", case)) | {"fact": "location_now", "location_now": WORDS, "age": "17"}
    give(case, other, supervisor, at)

    late = client.post(url("case_answer", case), told)

    assert late.status_code == 409
    assert [(one.label, one.words) for one in late.context["typed"]] == [
        ("Where the person is now", WORDS),
        ("Age in years", "17"),
    ]


def test_a_form_that_was_refused_once_still_proves_that_it_was_shown(own, operator, supervisor, other, sign_in, at):
    client = sign_in(operator)
    actions.answer(case=own, facts={"national": True}, source="call", key="meanwhile", by=supervisor, at=at)
    first = hidden(client, url("case_identity", own)) | {"account": WORDS, "seen": "1"}
    again = client.post(url("case_identity", own), first)
    told = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', again.content.decode())) | {"account": WORDS}
    give(own, other, supervisor, at)

    assert (again.status_code, told["key"] == first["key"]) == (409, False)
    assert TITLE in client.post(url("case_identity", own), told).content.decode()


def test_who_was_never_shown_the_form_finds_no_page(
    own, operator, supervisor, other, person, liberia, new_case, sign_in, at
):
    stranger = person("operator", country=liberia)
    elsewhere = new_case(by=operator)
    client = sign_in(operator)
    hers = hidden(client, url("case_identity", own))["key"]
    of_another_case = hidden(client, url("case_identity", elsewhere))["key"]
    give(own, other, supervisor, at)
    words = {"account": WORDS}

    for key in (of_another_case, "", "x", "0" * 56, hers[:-1], "é" * 56, "\x00" * 30):
        assert client.post(url("case_identity", own), words | {"key": key}).status_code == 404, key
    sign_in(stranger)
    assert client.post(url("case_identity", own), words | {"key": hers}).status_code == 404


def test_a_supervisor_whose_hour_is_over_gets_her_words_back_and_the_way_in(own, supervisor, sign_in, at, now):
    client = sign_in(supervisor)
    actions.open_with_reason(case=own, reason="Late step.", key="in", by=supervisor, at=at)
    told = hidden(client, url("case_identity", own)) | {"account": WORDS}
    now.move_to(at + dt.timedelta(minutes=61), tick=False)
    client = sign_in(supervisor)

    late = client.post(url("case_identity", own), told)

    assert late.status_code == 409
    assert "until six." in late.content.decode()
    assert url("case_reason", own) in late.content.decode()
    assert client.post(url("case_identity", own), {"account": WORDS}).url == url("case_reason", own)


def test_what_was_written_while_the_case_was_closed_comes_back_from_every_form(own, operator, supervisor, sign_in, at):
    client = sign_in(operator)
    told = hidden(client, url("case_again", own)) | {"reason": "other", "words": WORDS}
    ended = {"reason": "lost_contact", "outcome": "not_known", "feedback_asked": False}
    actions.close_case(case=own, **ended, key="close", by=supervisor, at=at)

    late = client.post(url("case_again", own), told)

    assert (late.status_code, "What you wrote" in late.content.decode()) == (409, True)
    assert "until six." in late.content.decode()


def test_a_case_that_goes_while_the_form_is_being_taken_is_not_shown_either(
    own, operator, supervisor, other, sign_in, at, monkeypatch
):
    client = sign_in(operator)
    told = hidden(client, url("case_identity", own)) | {"account": WORDS}
    keep = actions.keep_identity

    def overtaken(**sent):
        give(own, other, supervisor, at)
        return keep(**sent)

    monkeypatch.setattr(actions, "keep_identity", overtaken)
    text = client.post(url("case_identity", own), told).content.decode()

    assert TITLE in text
    assert "until six." in text
    assert not any(secret in text for secret in ("Berta", "Given to another owner"))
