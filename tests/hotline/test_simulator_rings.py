"""A phone on somebody's screen that is called: it rings there, is picked up by hand, and is the interpreter's in a call."""

import pytest
from django.urls import reverse

from hotline import actions
from hotline.actions import simulation
from hotline.models import Contact, SimulatorPhone, ThirdCall
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words, work  # noqa: F401 -- fixtures
from tests.hotline.thirds import interpreter_on_duty  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]
NUMBER = "+231770000201"


@pytest.fixture
def waiting_phone(client, line, ticking, time_machine):
    """The interpreter's phone on a screen, which waits for a call and asks each second what is new."""
    time_machine.move_to(ticking.now, tick=False)
    client.post(reverse("hotline:phone"), {"caller": NUMBER, "to": "2883", "wait": "1"})
    phone = SimulatorPhone.objects.get(number=NUMBER)
    client.get(reverse("hotline:phone_live", args=[phone.public_id]))
    return phone


@pytest.fixture
def asked(client, practice, phone, waiting_phone, interpret, operator, ticking):
    """An operator has a caller on the line and asks an interpreter; the worker has her telephone rung."""
    interpret("Ada", number=NUMBER)

    def let_pass(seconds):
        for _second in range(seconds):
            practice.step()
            work(ticking)
            ticking.move(1)
        practice.step()

    let_pass(2)
    act(client, phone, "press", digits="1")
    let_pass(3)
    contact = Contact.objects.get()
    actions.take_call(contact=contact, by=operator, at=ticking.now)
    let_pass(4)
    actions.ask_interpreter(contact=contact, by=operator, at=ticking.now)
    let_pass(2)
    return let_pass


def test_one_person_picks_up_the_interpreters_phone_presses_1_and_is_in_the_call(client, phone, waiting_phone, asked):
    page = words(client, waiting_phone)
    assert ("This phone rings." in page, "Pick up" in page, "Do not answer" in page) == (True, True, True)
    act(client, waiting_phone, "press", digits="1")
    assert ThirdCall.objects.get().state == "ringing"

    act(client, waiting_phone, "answer")
    asked(2)
    assert "A call for you in English. Press 1 to take it." in words(client, waiting_phone)
    act(client, waiting_phone, "press", digits="1")
    asked(3)

    assert (ThirdCall.objects.get().state, Contact.objects.get().state) == ("joined", "consult")
    assert "You are in the call." in words(client, waiting_phone)
    caller = words(client, phone)
    assert "An interpreter is in the call with you." in caller
    assert "An interpreter is joining the call." in caller

    act(client, waiting_phone, "hang_up")
    asked(2)
    assert (ThirdCall.objects.get().state, Contact.objects.get().state) == ("over", "connected")


@pytest.mark.parametrize("declined", [True, False])
def test_who_does_not_pick_up_is_not_in_the_call(client, asked, waiting_phone, declined):
    if declined:
        act(client, waiting_phone, "hang_up")
    asked(3 if declined else 25)

    assert (ThirdCall.objects.get().state, Contact.objects.get().state) == ("nobody", "connected")
    assert "Pick up" not in words(client, waiting_phone)


def test_a_phone_whose_screen_was_closed_rings_no_more(waiting_phone, ticking):
    assert simulation.phone_to_ring(NUMBER, at=ticking.now) == waiting_phone

    ticking.move(16)

    assert simulation.phone_to_ring(NUMBER, at=ticking.now) is None
    assert simulation.phone_to_ring("", at=ticking.now) is None
