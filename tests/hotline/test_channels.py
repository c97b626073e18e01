"""A conversation by WhatsApp is one of its own, and is never answered by another channel."""

import pytest

from hotline import actions
from hotline.actions.sending import claim_message
from hotline.callers import is_whatsapp
from hotline.models import Contact, SimulatorAct
from hotline.queries.safety import text_bar

pytestmark = pytest.mark.django_db
DOOR = "/hotline/twilio/message/"
NUMBER, BY_ID = "whatsapp:+231770001111", "whatsapp:US.1234567890"


@pytest.fixture
def write(network):
    def send(sender, sid, **more):
        return network.post(
            DOOR, {"MessageSid": sid, "From": sender, "To": "2883", "Body": "Hello", "NumMedia": "0"} | more
        )

    return send


@pytest.mark.parametrize(
    ("told", "is_so"),
    [
        ((NUMBER,), True),
        ((" WhatsApp:+231770001111",), True),
        ((BY_ID,), True),
        (("US.1234567890",), True),
        (("+231770001111", "whatsapp:+2312883"), True),
        (("+231770001111", "2883", "US.1234567890"), True),
        (("+231770001111", "2883", ""), False),
        (("", ""), False),
    ],
)
def test_either_end_says_that_a_text_came_by_whatsapp(told, is_so):
    assert is_whatsapp(*told) is is_so


def test_one_number_has_a_conversation_on_each_channel(write):
    write("+231770001111", "SM1")
    write(NUMBER, "SM2")
    write("+231770001111", "SM3")
    write("+231770001111", "SM4", To="whatsapp:2883")

    sms, whatsapp = Contact.objects.order_by("pk")
    assert [(row.channel, row.messages.count()) for row in (sms, whatsapp)] == [("sms", 2), ("whatsapp", 2)]
    assert sms.number_index == whatsapp.number_index
    assert (sms.way, whatsapp.way) == ("Text message", "WhatsApp message")


@pytest.mark.parametrize("sender", [NUMBER, BY_ID, "US.1234567890"])
def test_who_wrote_by_whatsapp_is_not_answered_by_sms(write, operator, at, sender):
    write(sender, "SM1")
    thread = Contact.objects.get()
    Contact.objects.update(may_text="yes", safety_at=at)
    thread.refresh_from_db()

    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")

    assert (text_bar(thread, at), message.state) == ("other_channel", "blocked_by_safety")
    assert claim_message(message.pk, at=at) is None


def test_what_was_queued_is_stopped_where_the_conversation_is_by_whatsapp(write, operator, at):
    write("+231770001111", "SM1")
    Contact.objects.update(may_text="yes", safety_at=at)
    message = actions.queue_message(contact=Contact.objects.get(), text_key="call_us", by=operator, at=at, key="k1")
    Contact.objects.update(channel="whatsapp")

    assert not actions.send_message(claim_message(message.pk, at=at), at=at)

    assert not SimulatorAct.objects.exists()
