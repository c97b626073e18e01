"""A text for another room: it leaves from the country's line, once, not to whoever said STOP, and its copy is deleted."""

import datetime as dt

import pytest

from hotline.actions.arrivals import current_index
from hotline.actions.plain_texts import send_plain_text
from hotline.callers import Caller
from hotline.models import Command, Opposition
from hotline.tasks import run_patient_orders
from hotline.telephony.base import MessageFacts, ProviderDown, ProviderRefused
from training.actions import texting

NUMBER, BODY, SID = "+231770000042", "3 lessons are waiting for you.", "SM" + "7" * 32


@pytest.fixture
def carrier(monkeypatch):
    """A carrier that keeps what it is given, or refuses with `carrier.fault`."""

    class Carrier:
        fault = None

        def __init__(self):
            self.sent, self.deleted = [], []

        def send_message(self, **message):
            if self.fault:
                raise self.fault
            self.sent.append(message)
            return SID

        def messages_since(self, since):
            return [MessageFacts(SID, "sent", to=one["to"], body=one["body"]) for one in self.sent]

        def delete_message(self, sid):
            self.deleted.append(sid)

    made = Carrier()
    monkeypatch.setattr("hotline.actions.plain_texts.provider", lambda account: made)
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: made)
    return made


def send(at, **change):
    told = {"country": "LR", "number": NUMBER, "body": BODY, "at": at, "first_at": at, "is_again": False}
    return send_plain_text(**told | change)


def test_it_leaves_from_the_line_of_the_country_and_its_copy_goes(line, carrier, at):
    assert send(at) == "sent"

    assert [(one["to"], one["from_"], one["body"]) for one in carrier.sent] == [(NUMBER, line.number, BODY)]
    assert run_patient_orders(at) == 0
    assert run_patient_orders(at + dt.timedelta(hours=21)) == 1
    assert carrier.deleted == [SID]


def test_a_second_try_finds_what_the_first_handed_over(line, carrier, at):
    send(at)

    assert send(at, is_again=True) == "sent"

    assert len(carrier.sent) == 1
    assert Command.objects.filter(kind="delete_message").count() == 1


@pytest.mark.parametrize(("fault", "result"), [(ProviderDown("slow"), "later"), (ProviderRefused("21610"), "never")])
def test_what_the_carrier_says_is_told(line, carrier, at, fault, result):
    carrier.fault = fault

    assert send(at) == result
    assert not Command.objects.exists()


def test_whoever_said_stop_gets_none(line, carrier, at):
    Opposition.objects.create(line=line, number_index=current_index(Caller("phone", NUMBER)), at=at)

    assert send(at) == "never"
    assert carrier.sent == []


def test_a_country_without_a_line_sends_none(line, carrier, at):
    assert send(at, country="TN") == "never"


def test_the_school_hands_its_texts_to_the_line():
    (sender,) = texting.SENDERS

    assert sender is send_plain_text
