"""A second try of a text: what the first handed over unheard is its own, what another text handed over is not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline import actions
from hotline.actions.sending import claim_message
from hotline.models import Contact, Message, SimulatorAct

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def thread(conversation, at):
    """The conversation of a person whom we may text."""
    Contact.objects.update(may_text="yes", safety_at=at)
    return Contact.objects.get()


def send(message, at):
    return actions.send_message(claim_message(message.pk, at=at), at=at)


def test_a_second_try_takes_no_text_of_another_row_for_its_own_and_reads_the_listed_ones_alone(thread, operator, at):
    sent, other, again = (
        actions.queue_message(contact=thread, text=words, by=operator, at=at, key=key)
        for key, words in (("k1", "Call us."), ("k2", "Something else."), ("k3", "Call us."))
    )
    for message in (sent, other):
        send(message, at)
        message.refresh_from_db()
    SimulatorAct.objects.update(made_at=at)
    Message.objects.filter(pk=again.pk).update(tries=1)

    with CaptureQueriesContext(connection) as asked:
        send(again, at + dt.timedelta(minutes=1))

    again.refresh_from_db()
    assert SimulatorAct.objects.count() == 3
    assert again.sid not in ("", None, sent.sid)
    known = [one["sql"] for one in asked if sent.sid in one["sql"]]
    assert [(" IN (" in sql, other.sid in sql) for sql in known] == [(True, False)]


def test_a_second_try_finds_what_the_first_handed_over_among_what_others_did(thread, operator, at):
    sent, again = (
        actions.queue_message(contact=thread, text="Call us.", by=operator, at=at, key=key) for key in ("k1", "k2")
    )
    for message in (sent, again):
        send(message, at)
        message.refresh_from_db()
    SimulatorAct.objects.update(made_at=at)
    Message.objects.filter(pk=again.pk).update(state="outbox", sid=None, sent_at=None)

    send(again, at + dt.timedelta(minutes=1))

    assert SimulatorAct.objects.count() == 2
    assert Message.objects.get(pk=again.pk).sid == again.sid
