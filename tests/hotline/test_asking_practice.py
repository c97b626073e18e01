"""Asking by keys on the practice network: its telephone is led out of the room, takes the keys, and is back in the room."""

import pytest
from django.urls import reverse

from hotline import actions
from hotline.models import Contact
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words, work  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture(name="go_on")
def time_that_passes(practice, ticking):
    """Let the worker and the network do what is due, for some seconds."""

    def go_on(seconds=3):
        for _second in range(seconds):
            work(ticking)
            practice.step()
            ticking.move(1)

    return go_on


@pytest.fixture(name="press")
def keys_of_the_phone(client, phone, go_on):
    """Press keys on the phone, one after the other."""

    def press(*digits):
        for one in digits:
            act(client, phone, "press", digits=one)
            go_on(1)

    return press


@pytest.fixture(name="silent_call")
def call_of_who_cannot_speak(operator, ticking, phone, go_on, press):
    """She pressed 5, answered seven questions by key and speaks with an operator."""
    go_on(1)
    press("5", "1", *"1111112")
    go_on(12)
    actions.take_call(contact=Contact.objects.get(), by=operator, at=ticking.now)
    go_on(4)
    return lambda: Contact.objects.get()


def test_the_phone_hears_the_question_takes_the_key_and_is_back_with_the_operator(
    client, phone, silent_call, operator, ticking, go_on, press
):
    before = silent_call().state
    actions.ask_by_keys(contact=silent_call(), question="locked_in", by=operator, at=ticking.now)
    go_on(3)
    asked, screen = silent_call().state, words(client, phone)
    press("2")
    go_on(2)

    contact = silent_call()
    assert (before, asked, contact.state) == ("connected", "asked", "connected")
    assert "Answering a question by keys" in screen
    assert screen.count("Are you locked in?") == 2
    assert contact.key_answers.get(question="locked_in").answer == "yes"
    assert "An operator is in the call with you" in words(client, phone)
    assert [leg.left_at for leg in contact.legs.all()] == [None, None]


@pytest.mark.parametrize("what", ["hang_up", "silence", "end", "lost"])
def test_whatever_happens_while_she_is_asked_the_call_ends_or_goes_on(
    client, phone, practice, silent_call, operator, ticking, go_on, what
):
    actions.ask_by_keys(contact=silent_call(), question="hurt", by=operator, at=ticking.now)
    go_on(2)
    if what == "hang_up":
        act(client, phone, "hang_up")
    elif what == "end":
        actions.end_call(contact=silent_call(), by=operator, at=ticking.now)
    elif what == "lost":
        practice.simulator.cut(silent_call().legs.get(role="operator").call_sid)
    go_on(40)

    contact = silent_call()
    states = {"hang_up": "wrap_up", "silence": "connected", "end": "wrap_up", "lost": "returned"}
    assert contact.state == states[what]
    assert contact.outcome == ("answered" if what in ("hang_up", "end") else "")
    assert ("The call was cut." in words(client, phone)) == (what == "lost")


def test_the_console_asks_on_the_practice_network_too(client, desk, phone, silent_call, go_on, press):
    desk.post(reverse("hotline:ask", args=[silent_call().public_id]), {"question": "danger"})
    go_on(3)
    press("9")
    go_on(2)

    assert (silent_call().state, silent_call().is_danger) == ("connected", True)
