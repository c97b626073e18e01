"""On PostgreSQL: six texts of a new number at once are one conversation, because one at a time looks for it."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from hotline.models import Contact
from tests.hotline.conftest import Network

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def write(client, number, sender="+231770001111"):
    fields = {"MessageSid": f"SM{number}", "From": sender, "To": "2883", "Body": "Hello", "NumMedia": "0"}
    return Network(client).post("/hotline/twilio/message/", fields).status


def write_elsewhere(number, answers):
    """Write on a connection of its own, as another thread of the web server does."""
    try:
        answers.append(write(Client(), number))
    finally:
        connection.close()


def wait_until_each_stands(senders):
    """Wait until each of the others has ended or waits for the one that came first."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            waiting = cursor.fetchone()[0]
        if waiting + sum(not one.is_alive() for one in senders) == len(senders):
            return
        time.sleep(0.05)


def test_six_texts_at_once_are_one_conversation(network):
    write(network.client, 0, sender="+231770002222")  # the key of the month is made: nobody waits for that
    answers = []
    senders = [threading.Thread(target=write_elsewhere, args=(number, answers)) for number in range(2, 7)]

    with transaction.atomic():
        answers.append(write(network.client, 1))
        for one in senders:
            one.start()
        wait_until_each_stands(senders)
    for one in senders:
        one.join(30)

    assert answers == [200] * 6
    assert sorted(contact.messages.count() for contact in Contact.objects.all()) == [1, 6]
