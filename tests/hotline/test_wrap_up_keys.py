"""The keys of the wrap-up: where the keyboard stands once a call is over, and the letter of each answer."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

import hotline
from hotline.choices import Topic
from hotline.forms.console import CALL_KEYS, TOPIC_KEYS, with_keys
from hotline.models import Contact, OperatorState
from tests.hotline.console import give, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(line, operator, at):
    """A call that its operator ended, with the sheet open."""
    contact = waiting(line, at, state="wrap_up", step="wrap_up", claimed_by=operator, ended_at=at, connected_at=at)
    OperatorState.objects.update_or_create(
        user=operator, defaults={"state": "wrap_up", "contact": contact, "since": at}
    )
    return contact


def console(desk, **asked):
    return desk.get(reverse("hotline:console"), asked).content.decode()


def topics(page):
    return re.findall(r'<button[^>]*name="topic"[^>]*>', page)


def test_the_keyboard_stands_on_the_first_answer_once_the_call_is_over(desk, over):
    first, *others = topics(console(desk))
    answering = topics(console(desk, contact=over.public_id, q="may_talk"))
    renewed = topics(desk.get(reverse("hotline:console_live"), headers={"HX-Request": "true"}).content.decode())

    assert f'id="topic-{over.code}-concern"' in first
    assert " autofocus" in first
    assert not any(" autofocus" in one for one in [*others, *answering, *renewed])


@pytest.mark.parametrize(("is_danger", "end_asked", "opens"), [(True, False, 0), (True, True, 0), (False, False, 1)])
def test_no_key_opens_a_text_over_a_call_of_somebody_in_danger(
    desk, conversation, over, at, is_danger, end_asked, opens
):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    over.is_danger, over.end_asked_at = is_danger, at if end_asked else None
    over.save()

    page = console(desk)

    assert f'id="read-{conversation.code}"' in page
    assert page.count('data-key="n"') == opens


def test_the_list_of_keys_opens_at_its_beginning(desk):
    page = console(desk)
    dialog = page[page.index('id="keys-dialog"') :]

    assert '<h2 id="keys-title" tabindex="-1" autofocus>' in dialog
    assert dialog[: dialog.index("</dialog>")].count("autofocus") == 1


TALKS = {"concern", "crisis", "information", "referral", "professional"}


def those_that_ask(page):
    return {re.search(r'value="(\w+)"', one)[1] for one in topics(page) if "data-ask=" in one}


def test_what_was_no_talk_is_closed_by_one_press_and_a_talk_asks_once(desk, over):
    assert those_that_ask(console(desk)) == TALKS


def test_a_letter_that_means_something_else_in_a_call_asks_once_right_after_it(desk, line, operator, over, at):
    soon = {re.search(r'value="(\w+)"', one)[1]: one for one in topics(console(desk)) if "data-ask-soon=" in one}
    OperatorState.objects.filter(user=operator).update(state="ready", contact=None)
    conversation = waiting(line, at, kind="message", state="open", step="open", claimed_by=operator)

    assert set(soon) == {"hang_up", "blank", "hoax"}
    assert 'data-ask-soon="Press G once more to close with this answer: Hung up."' in soon["hang_up"]
    assert "data-ask-soon" not in "".join(topics(console(desk, contact=conversation.public_id)))


def test_the_letters_of_a_call_are_those_of_its_parts():
    parts = ("_bar", "_who_else", "_interpreters", "_service", "_handing", "_supervising", "_ask", "_asked_of_me")
    folder = Path(hotline.__file__).parent / "templates/hotline"
    written = "".join((folder / f"{part}.html").read_text() for part in parts)

    assert set(re.findall(r'data-key="([a-z])"', written)) == CALL_KEYS


def test_every_answer_asks_once_while_it_is_asked_what_happens_now(desk, over):
    give(desk, over, "consent_case", "yes")
    page = console(desk)

    assert "What happens now?" in page
    assert those_that_ask(page) == {topic.value for topic in Topic}


def test_each_answer_has_a_letter_of_its_own(desk, over):
    give(desk, over, "consent_case", "yes")
    page = console(desk)
    letters = [re.search(r'data-key="(\w)" data-ask="Press (\w) once more', one).groups() for one in topics(page)]
    rest = page.replace("".join(topics(page)), "")
    others = set(re.findall(r'data-key="(\w)"', re.sub(r'<button[^>]*name="topic"[^>]*>', "", rest)))

    assert [(key.upper(), key) for key, _said in letters] == [(said, key) for key, said in letters]
    assert len({key for key, _said in letters}) == len(letters) == 11
    assert not others & {key for key, _said in letters}
    assert {key for _topic, key in with_keys(Topic)} == set(TOPIC_KEYS.values())
    assert "<kbd>F</kbd>" in page[page.index('id="keys-dialog"') :]


def test_two_letters_mean_something_else_in_a_call_and_no_other_of_its_keys(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator, connected_at=at)
    OperatorState.objects.update_or_create(
        user=operator, defaults={"state": "on_call", "contact": contact, "since": at}
    )
    give(desk, contact, "consent_case", "yes")

    used = set(re.findall(r'data-key="(\w)"', console(desk, q="needs")))

    assert used >= set("hmekwscux")
    assert used & {*TOPIC_KEYS.values(), "f"} == {"g", "t"}  # help, a colleague: after the call both ask first


def test_a_conversation_that_is_read_does_not_take_the_keyboard(desk, line, operator, at):
    contact = waiting(line, at, kind="message", state="open", step="open", claimed_by=operator)

    page = console(desk, contact=contact.public_id)

    assert topics(page)
    assert "autofocus" not in "".join(topics(page))
