"""Asking by keys on the operator's console: the list of questions, what became of them, and what is not said aloud."""

import re

import pytest
from django.urls import reverse

from hotline import actions
from hotline.models import Contact, KeyAnswer, ThirdCall
from hotline.queries.sheets import newest_sheet
from tests.hotline.asking import call_in_conversation  # noqa: F401 -- fixture
from tests.hotline.console import give

pytestmark = [pytest.mark.django_db, pytest.mark.either]
HTMX = {"HX-Request": "true"}


def console(desk, talk):
    return desk.get(reverse("hotline:console")).content.decode()


def press(desk, talk, question, **headers):
    return desk.post(reverse("hotline:ask", args=[talk.contact.public_id]), {"question": question}, headers=headers)


def test_the_console_lists_the_questions_and_one_press_asks(desk, talk, now):
    KeyAnswer.objects.create(contact=talk.contact, question="overheard", answer="no", at=talk.at)
    page = console(desk, talk)
    parts = press(desk, talk, "danger", **HTMX).content.decode()
    talk.network.step("asked", 2)
    asked = console(desk, talk)
    talk.key("2")
    answered = desk.get(reverse("hotline:console_live"), headers=HTMX).content.decode()

    assert page.count('name="question" value="') - page.count('type="hidden" name="question"') == 7
    assert 'data-key="k"' in page
    assert "<b>No</b>" in page[page.index('id="ask-overheard"') :][:400]
    assert "Asked for, not confirmed yet." in parts
    assert "Asked now" in asked
    assert 'id="ask-voice"' in asked
    assert 'id="act-hold"' not in asked
    assert 'data-said="Are you in danger now? Yes"' in answered
    assert 'id="ask-voice"' not in answered


def test_the_console_says_when_an_order_led_nowhere(desk, talk, clock):
    seen = desk.get(reverse("hotline:console_live"), headers=HTMX).content.decode()
    press(desk, talk, "danger", **HTMX)
    mark = actions_mark(desk)
    clock.move(seconds=4)

    late = desk.get(reverse("hotline:console_live"), {"seen": mark}, headers=HTMX)

    assert "Not confirmed by the network" not in seen
    assert "Not confirmed by the network: try again." in late.content.decode()


def actions_mark(desk):
    page = desk.get(reverse("hotline:console_live"), headers=HTMX).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.parametrize(("question", "words"), [
    ("danger", "A question is being asked by keys."), ("voice", "")])  # fmt: skip
def test_without_javascript_the_page_says_what_was_not_done(desk, talk, now, question, words):
    talk.led_out()

    press(desk, talk, question)

    assert words in console(desk, talk)
    assert (len(talk.orders()) == 2) == (question == "voice")


def test_a_question_that_is_not_recorded_and_a_call_that_is_over_are_refused(desk, talk, now):
    unknown = press(desk, talk, "age")
    talk.network.status("completed", "9")
    press(desk, talk, "danger")

    assert unknown.status_code == 404
    assert "only while you and the caller are in the call" in console(desk, talk)


@pytest.mark.parametrize(("answer", "words"), [("no", "speak short and calm"), ("yes", "say nothing")])
def test_who_cannot_speak_is_not_asked_aloud(desk, talk, now, answer, words):
    Contact.objects.update(cannot_speak=True)
    for question, said in (("danger", "no"), ("overheard", answer)):
        KeyAnswer.objects.create(contact=talk.contact, question=question, answer=said, at=talk.at)

    page = console(desk, talk)
    age = desk.get(reverse("hotline:console") + f"?contact={talk.contact.public_id}&q=age").content.decode()

    assert "Can you talk freely for a few minutes?" not in page
    said = page.index("This person cannot speak and answers by keys.")
    assert said < page.index('id="act-hold"') < page.index('id="sheet"')
    assert words in page[said : said + 400]
    assert ("How old are you?" in age) == (answer == "no")


def test_who_turns_out_to_talk_freely_is_asked_aloud_again(desk, talk, now):
    Contact.objects.update(cannot_speak=True)
    give(desk, talk.contact, "may_talk", "yes")

    assert "This person cannot speak and answers by keys." not in console(desk, talk)


def test_an_answer_by_key_after_the_sheet_was_begun_fills_what_the_operator_left_open(desk, talk, now):
    give(desk, talk.contact, "safe_now", "yes")
    for question in ("danger", "locked_in", "hurt"):
        talk.led_out(question)
        talk.key("2")

    assert newest_sheet(talk.contact).answers == {"safe_now": "yes", "sign_movement": "yes"}
    assert talk.contact.is_danger


def test_a_press_that_led_to_nothing_is_said_where_it_was_pressed(desk, talk, now):
    talk.led_out()

    parts = press(desk, talk, "danger", **HTMX).content.decode()

    said = parts.index("A question is being asked by keys. Wait for the answer, or go back to voice.")
    assert parts.index('id="ask"') < said < parts.index('id="ask-danger"')


def test_each_question_by_keys_and_the_way_back_to_voice_have_a_digit(desk, talk, now):
    talk.led_out()

    page = console(desk, talk)
    listed = page[page.index('id="ask"') :].split("</details>")[0]

    assert re.findall(r'data-key="(\d)"', listed) == [*"12345670"]
    assert re.findall(r"<kbd>(\d)</kbd>", listed) == [*"12345670"]


def test_help_is_asked_for_while_the_caller_answers_by_keys(desk, talk, supervisor, now):
    talk.led_out("danger")
    help_asked = reverse("hotline:control", args=[talk.contact.public_id, "help"])
    assert "no longer in this call" not in desk.post(help_asked, headers=HTMX).content.decode()
    actions.offer_join(contact=talk.contact, mode="coach", reason="help", by=supervisor, at=talk.at)
    actions.note_shown(contact=talk.contact, by=talk.operator, at=talk.at)
    assert (ThirdCall.objects.get().state, talk.contact.state) == ("ringing", "asked")

    ThirdCall.objects.update(state="stopped")
    talk.network.status("completed", "9")
    assert "Your telephone is no longer in this call." in desk.post(help_asked, headers=HTMX).content.decode()
    assert ThirdCall.objects.count() == 1
