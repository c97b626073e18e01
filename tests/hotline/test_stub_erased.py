"""A call heard of before its first request and erased meanwhile: its first request still names nobody."""

import pytest

from accounts import actions as accounts
from accounts.queries import owners_with_keys
from hotline import actions
from hotline.models import Contact
from tests.hotline.ended import SOUND, run_orders

pytestmark = pytest.mark.django_db


def test_the_first_request_of_a_stub_that_a_replay_erased_seals_nothing_anew(network, at):
    network.status("completed")
    stub = network.contact
    assert (stub.step, stub.number is not None) == ("stub", True)
    accounts.destroy_key(owner=stub.public_id, by="worker", at=at)
    actions.erase_again(owner=stub.public_id, by="worker", at=at)

    reply = network.call()

    stub.refresh_from_db()
    assert "For English" in reply.said()
    assert (stub.step, stub.erased_at, Contact.objects.count()) == ("greeting", at, 1)
    assert (stub.number, stub.number_index) == (None, "")
    assert owners_with_keys([stub.public_id]) == set()
    assert not stub.inbox.filter(payload__isnull=False).exists()


def test_a_recorded_message_that_is_sealed_before_the_first_request_does_not_stop_the_call(network, at):
    network.post("/hotline/twilio/status/", {"CallSid": network.sid, **SOUND})
    run_orders(at)
    stub = network.contact
    assert (stub.number, owners_with_keys([stub.public_id])) == (None, {stub.public_id})

    reply = network.call()

    stub.refresh_from_db()
    assert "For English" in reply.said()
    assert accounts.reveal(stub, "number", by="tests", at=at, reason="law") == "+231770000001"
    recording = stub.recordings.get()
    assert accounts.reveal(recording, "audio", by="tests", at=at, reason="law")
