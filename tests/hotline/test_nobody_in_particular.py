"""Callers of whom the network tells what names nobody: never one person, never blocked together, never one thread."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from hotline import queries
from hotline.actions import blocks
from hotline.models import Block, Contact, Line, Message, Opposition
from hotline.queries.safety import text_bar

pytestmark = pytest.mark.django_db

NOBODY = ["0", "+0", "1000", "+1", "N/A", "Unknown Caller", "sip:2883@10.0.0.1", "sip:unknown-caller@10.0.0.1", "MTN"]
DESK = "sip:desk7@10.0.0.1"


@pytest.fixture
def two_calls(network):
    """Return what lets two callers call with one `From`; the first has hung up."""

    def call(sent, **second):
        found = []
        for sid, more in (("CA" + "4" * 32, {}), ("CA" + "5" * 32, second)):
            network.sid = sid
            network.call(From=sent, **more)
            network.status("completed", "9", From=sent)
            found.append(network.contact)
        return found

    return call


@pytest.fixture
def other_line(line, liberia):
    """A second line of the country."""
    return Line.objects.create(
        country=liberia, name="Other", number="2884", numbers="2884", account=line.account, language_keys="1:en",
        duty_phone="+231770009998", is_practice=True,
    )  # fmt: skip


@pytest.mark.parametrize("sent", NOBODY)
def test_two_callers_share_nothing_and_none_is_blocked(two_calls, supervisor, at, sent):
    one, other = two_calls(sent)

    assert [(row.caller_class, row.number_index) for row in (one, other)] == [("unknown", "")] * 2
    with pytest.raises(blocks.CannotBlock):
        blocks.block_number(contact=one, reason="hoax", hours=24, by=supervisor, at=at)


@pytest.mark.parametrize("sent", NOBODY)
def test_two_senders_of_texts_have_two_conversations_and_no_answer_leaves(network, at, sent):
    fields = {"From": sent, "To": "2883", "Body": "help", "NumMedia": "0"}
    for sid in ("SM" + "1" * 32, "SM" + "2" * 32):
        network.post("/hotline/twilio/message/", fields | {"MessageSid": sid})

    threads = list(Contact.objects.filter(kind="message"))
    assert (len(threads), Message.objects.count()) == (2, 2)
    Contact.objects.update(may_text="yes", safety_at=at)
    assert {text_bar(one, at) for one in Contact.objects.all()} == {"no_number"}


def test_a_user_of_a_network_is_one_caller_on_her_line(two_calls, supervisor, at):
    one, other = two_calls(DESK)

    assert one.caller_class == "sip"
    assert one.number_index
    assert one.number_index == other.number_index
    assert blocks.block_number(contact=one, reason="hoax", hours=24, by=supervisor, at=at)


@pytest.mark.parametrize("called", ["2884", "9999"])
def test_the_same_name_elsewhere_is_somebody_else(two_calls, other_line, called):
    queries.forget_lines()

    one, other = two_calls(DESK, To=called)

    assert one.number_index != other.number_index


def test_another_host_is_another_user(network, two_calls):
    one, _same = two_calls(DESK)
    network.sid = "CA" + "6" * 32
    network.call(From="sip:desk7@10.0.0.2")

    assert network.contact.number_index not in {"", one.number_index}


@pytest.mark.parametrize("kind", ["unknown", "withheld", "client"])
def test_the_database_refuses_to_link_them(network, kind):
    network.call()

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.update(caller_class=kind)


def test_indexes_of_before_go_with_what_hangs_on_them(network, two_calls, line, liberia, supervisor, at):
    network.call(From=DESK)
    old = network.contact
    phone, _same = two_calls("+231770000001")
    for row in (old, phone):
        Block.objects.create(
            country=liberia, contact=row, number_index=row.number_index, reason="hoax", by=supervisor, at=at,
            until=at.replace(year=at.year + 1),
        )  # fmt: skip
        Opposition.objects.create(line=line, number_index=row.number_index, at=at)

    import_module("hotline.migrations.0021_nobody_is_linked").forget_indexes(apps, None)

    assert not Contact.objects.filter(caller_class="sip").exclude(number_index="").exists()
    assert Contact.objects.get(pk=phone.pk).number_index == phone.number_index
    assert (Block.objects.get().contact, Opposition.objects.get().number_index) == (phone, phone.number_index)
