"""A call heard of before its first request and erased meanwhile: its first request still names nobody."""

import pytest

from accounts import actions as accounts
from accounts.queries import owners_with_keys
from hotline import actions
from hotline.models import Contact

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
