"""Asking by keys on the operator's console: the list of questions, what became of them, and what is not said aloud."""

import re

import pytest
from django.urls import reverse

from hotline import actions
from hotline.models import Contact, KeyAnswer, Leg, ThirdCall
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
    assert 'data-ask="Answered already.' in page[page.index('id="ask-overheard"') :][:200]
    assert page.count('data-ask="Answered already.') == 1
    assert "<b>No</b>" in page[page.index('id="ask-overheard"') :][:500]
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


@pytest.mark.parametrize("is_out", [False, True])
def test_while_the_caller_is_out_of_the_room_the_console_does_not_say_that_she_hears(desk, talk, now, is_out):
    Contact.objects.update(cannot_speak=True, **({"step": "asked"} if is_out else {}))

    page = console(desk, talk)

    assert "This person cannot speak and answers by keys." in page
    assert ("She or he hears you" in page) != is_out


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


def test_a_danger_by_key_that_the_sheet_denies_stands_beside_it_as_a_difference(desk, talk, now):
    give(desk, talk.contact, "safe_now", "yes")
    calm = console(desk, talk)
    for question in ("danger", "locked_in"):
        talk.led_out(question)
        talk.key("2")
    page, whole = console(desk, talk), desk.get(reverse("hotline:contact", args=[talk.contact.public_id]))

    assert "key-differs" not in calm
    differs = page[page.index('id="key-differs"') :].split("</div>")[0]
    assert "The sheet and the telephone key say different things: ask again." in differs
    assert re.findall(r'id="differs-(\w+)"', differs) == ["safe_now"]
    assert "<b>Yes</b> · <b>No, by key</b>" in differs
    for shown in (page[page.index('id="facts"') :], whole.content.decode()):
        row = shown[shown.index("<dt>Safe now</dt>") :].split("</dd>")[0]
        assert row.index("<dd>Yes") < row.index("No, by key</span>")
    assert (talk.contact.is_danger, talk.contact.priority) == (True, 0)

    give(desk, talk.contact, "safe_now", "no", version=1)
    assert "key-differs" not in console(desk, talk)


def test_a_case_begins_with_the_danger_that_was_said_by_key_though_the_sheet_denies_it(desk, talk, seed, now):
    give(desk, talk.contact, "safe_now", "yes")
    give(desk, talk.contact, "consent_case", "yes", version=1)
    talk.led_out("danger")
    talk.key("2")

    desk.post(reverse("hotline:open_case", args=[talk.contact.public_id]))

    danger = Contact.objects.get(pk=talk.contact.pk).case.facts.get(key="immediate_danger")
    assert (danger.value, danger.source) == ("true", "hotline_keys")


def test_who_cannot_talk_freely_is_asked_by_keys_or_what_yes_and_no_can_answer(desk, talk, now):
    free = console(desk, talk)
    give(desk, talk.contact, "may_talk", "no")
    by_default = console(desk, talk)
    Contact.objects.update(cover="health")
    agreed = console(desk, talk)
    Contact.objects.update(cannot_speak=True)
    silent = console(desk, talk)
    Contact.objects.update(cannot_speak=False)
    talk.network.status("completed", "9")

    hint = by_default[by_default.index('id="covert"') :].split("</div>")[0]
    assert "ask only what yes or no can answer, or use “Ask by keys” (K)" in hint
    assert "say “A course office, wrong number” and end the call (E)" in hint
    assert "say “A health information service, wrong number”" in agreed
    assert "say “A health information service, wrong number”" in silent
    for page in (free, console(desk, talk)):
        assert 'id="covert"' not in page


@pytest.mark.parametrize("told", ["on the sheet", "by key"])
def test_to_who_cannot_speak_and_is_listened_to_no_question_is_said_and_the_cover_stands_there(desk, talk, now, told):
    Contact.objects.update(cannot_speak=True)
    age = f"?contact={talk.contact.public_id}&q=age"
    before = desk.get(reverse("hotline:console") + age).content.decode()
    if told == "by key":
        talk.led_out("overheard")
        talk.key("2")
    else:
        give(desk, talk.contact, "may_talk", "no")
    page = desk.get(reverse("hotline:console") + age).content.decode()

    assert [("How old are you?" in one, 'id="covert"' in one) for one in (before, page)] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize("state", ["offered", "on_hold"])
def test_the_bar_holds_why_nobody_can_be_asked_by_keys_now(desk, talk, now, state):
    if state == "offered":
        Contact.objects.update(state="offered")
    else:
        Leg.objects.filter(role="caller").update(is_held=True)
    page = console(desk, talk)

    words = re.search('id="no-ask" data-ask="([^"]+)"', page)[1]
    assert words.startswith(
        "The caller is not in the room yet." if state == "offered" else "A question by keys can be"
    )
    assert 'id="ask-keys"' not in page


def test_the_list_of_keys_says_what_asks_once(desk, talk, now):
    page = console(desk, talk)

    assert "<dt><kbd>C</kbd></dt><dd>Open a case (asks once)</dd>" in page
    assert "to a colleague who hands you a call (J asks once then)</dd>" in page


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
