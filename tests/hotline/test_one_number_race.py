"""Two contacts of one telephone at the same instant: whoever judges waits for whoever saves."""

import datetime as dt

import pytest
from django.db import connection

from hotline import tasks
from hotline.actions import call_back, safety
from hotline.actions.messages import queue_message
from hotline.models import CallBack, Contact
from hotline.queries.legs import locked_contact
from tests.hotline.backs import calls_again, fresh
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]
NO = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "yes"}
UNTOLD = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}


@pytest.mark.parametrize("saved", ["earlier", "later"])
def test_a_text_waits_for_the_no_that_is_being_saved_for_another_contact(network, missed, operator, at, saved):
    network.sid = "CA" + "9" * 32
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at)
    refused, texted = Contact.objects.order_by("pk" if saved == "earlier" else "-pk")
    text = queue_message(contact=texted, text_key="received", by=operator, at=at, key="one")
    then = at + dt.timedelta(minutes=1)

    with meanwhile(lambda: tasks.send_messages(then)):
        safety.set_safety(contact=refused, answers=NO, **UNTOLD, by=operator, at=then, because="told")

    assert fresh(text).state == "blocked_by_safety"


def presses(step, state, **keys):
    """Return the act of a caller who presses keys at a step of the call flow."""

    def act(network, refused, operator, at):
        Contact.objects.filter(pk=refused.pk).update(turn=5, **state)
        return lambda: network.step(step, 5, **keys)

    return act


def meets_a_stranger(network, refused, operator, at):
    """Return the act of an operator whose call back a stranger picked up."""
    CallBack.objects.create(
        contact=refused, by=operator, account="main", state="talking", made_at=at, dialled_at=at, picked_up_at=at
    )
    return lambda: call_back.meet_stranger(contact=refused, by=operator, at=at + dt.timedelta(minutes=1))


ACTS = {
    "no texts, by key": presses("silent", {"step": "silent", "question": "may_text"}, Digits="1"),
    "no texts, asked by her operator": presses("asked", {"step": "asked", "question": "may_text"}, Digits="1"),
    "another number": presses("callback", {"step": "callback_number"}, Digits="0770000007"),
    "a stranger": meets_a_stranger,
}


@pytest.mark.parametrize("how", ACTS)
def test_a_text_waits_for_what_is_said_by_key_and_for_the_stranger_of_another_contact(
    network, missed, operator, at, how
):
    live = calls_again(network)
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at)
    text = queue_message(contact=missed, text_key="received", by=operator, at=at, key="one")
    act, then = ACTS[how](network, live, operator, at), at + dt.timedelta(minutes=1)

    with meanwhile(lambda: tasks.send_messages(then)):
        act()

    assert fresh(text).state == "blocked_by_safety"


def test_a_stranger_waits_for_whoever_has_another_contact_of_the_number(network, missed, operator, at):
    live = calls_again(network)
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at)
    act = meets_a_stranger(network, live, operator, at)

    with meanwhile(act):
        locked_contact(missed.pk)

    assert "no" in (fresh(live).may_call, live.may_text)
