"""The answer by key to "May we text?" is the safety state: from the seven questions and from those an operator asks."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline.actions.safety import set_safety
from hotline.queries.safety import safety_changed_by, safety_rows, safety_version, text_bar
from tests.hotline.asking import Talk

pytestmark = pytest.mark.django_db


def shown(contact):
    return next(str(row.words) for row in safety_rows(contact) if row.label == "May text")


def seven(network, last):
    """Answer six questions with no and the seventh with this key."""
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    for turn in range(3, 9):
        network.step("silent", turn, Digits="1")
    network.step("silent", 9, Digits=last)
    if not last:
        network.step("silent", 10)
    return network.contact


@pytest.mark.parametrize(
    ("key", "may_text", "words", "bar"),
    [
        ("2", "yes", "Yes, by key", ""),
        ("1", "no", "No, by key", "not_safe"),
        ("", "unknown", "Not known, so no, by key", "not_safe"),
    ],
)
def test_the_last_of_the_seven_questions_is_the_safety_state(network, operator, at, key, may_text, words, bar):
    contact = seven(network, key)

    assert (contact.may_text, shown(contact), text_bar(contact, at)) == (may_text, words, bar)
    assert (contact.may_call, safety_changed_by(contact)) == ("not_asked", "")


def test_a_later_answer_of_the_operator_counts_and_is_not_by_key(network, operator, at):
    contact = seven(network, "2")
    later = at + dt.timedelta(minutes=1)
    answers = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "unknown"}
    nothing = {
        "who_may_answer": "",
        "cover": "",
        "safe_from": None,
        "safe_until": None,
        "code_word": None,
        "because": "told",
    }
    set_safety(contact=contact, answers=answers, **nothing, by=operator, at=later, version=safety_version(contact))

    contact.refresh_from_db()
    assert (contact.may_text, shown(contact), text_bar(contact, later)) == ("no", "No", "not_safe")


def test_what_an_operator_asks_by_keys_counts_and_no_answer_takes_nothing_away(network, operator, at):
    talk = Talk(network, operator, at)
    talk.led_out("may_text")
    talk.key("2")
    talk.led_out("may_text")
    talk.key("")
    talk.key("")

    assert (talk.contact.may_text, shown(talk.contact)) == ("yes", "Yes, by key")


def test_a_page_opened_before_says_that_the_caller_answered_by_key(desk, network, operator, at):
    talk = Talk(network, operator, at)
    form = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "no",
            "version": safety_version(talk.contact)}  # fmt: skip
    talk.led_out("may_text")
    talk.key("2")

    answer = desk.post(reverse("hotline:safety", args=[talk.contact.public_id]), form)

    assert answer.status_code == 409
    assert "The caller gave another answer meanwhile, by key." in answer.content.decode()
