"""A report of the provider that comes while its contact is being erased: neither its number nor its call is kept."""

import pytest
from django.db import connection
from django.test import Client

from hotline import actions
from hotline.actions import follow_up
from hotline.models import Command, Contact, Message
from tests.hotline.conftest import Network
from tests.hotline.ended import ended_contact, erase, run_orders  # noqa: F401 -- fixtures
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
CALLER, DUTY_SID, TEXT_SID = "+231770000001", "CA" + "9" * 32, "SM" + "7" * 32


def reported(path, **fields):
    """Return the act of the network that reports something, on a connection of its own."""
    return lambda: Network(Client()).post(f"/hotline/twilio/{path}/", fields).status


def test_a_report_of_a_text_waits_for_the_erasing(network, operator, supervisor, at):
    thread = network.text()
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k")
    Message.objects.filter(pk=message.pk).update(state="sent", sid=TEXT_SID, sent_at=at)
    follow_up.wrap_up(contact=thread, topic="hoax", by=operator, at=at)

    delivered = reported("message-status", MessageSid=TEXT_SID, MessageStatus="delivered", To=CALLER, From="2883")
    with meanwhile(delivered) as told:
        erase(Contact.objects.get(pk=thread.pk), supervisor, at)

    assert told == [204]
    assert thread.inbox.filter(kind="message-status").exists()
    assert not thread.inbox.filter(payload__isnull=False).exists()


def test_a_report_of_the_duty_phone_waits_for_the_erasing(network, contact, supervisor, at):
    caller = contact.legs.get(role="caller")

    ended = reported(
        "status", CallSid=DUTY_SID, ParentCallSid=caller.call_sid, CallStatus="completed", SequenceNumber="3",
        From=CALLER, To="+231770009999",
    )  # fmt: skip
    with meanwhile(ended) as told:
        erase(Contact.objects.get(pk=contact.pk), supervisor, at)

    assert told == [204]
    assert not contact.inbox.filter(payload__isnull=False).exists()
    duty = contact.legs.get(role="duty")
    assert Command.objects.filter(kind="delete_call", leg=duty).exists()
    run_orders(at)
    assert not contact.legs.filter(call_sid=DUTY_SID).exists()
    assert not contact.inbox.filter(key__contains=DUTY_SID).exists()


def test_what_a_caller_hears_while_she_waits_is_not_kept_of_an_erasing(network, contact, supervisor, at):
    caller = contact.legs.get(role="caller")

    waiting = reported("voice/wait", CallSid=caller.call_sid, From=CALLER, To="2883", CallStatus="in-progress")
    with meanwhile(waiting) as told:
        erase(Contact.objects.get(pk=contact.pk), supervisor, at)

    assert told == [200]
    assert not contact.inbox.filter(payload__isnull=False).exists()
