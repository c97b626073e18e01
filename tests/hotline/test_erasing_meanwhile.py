"""A contact is erased while the provider is asked for its recorded message: nothing of it is kept, here or there."""

import pytest

from accounts import actions as accounts
from accounts.models import ErasedOwner
from accounts.queries import owners_with_keys
from accounts.sealing import SealError
from hotline.actions import follow_up
from hotline.actions.commands import claim_commands, run_command
from hotline.actions.messages import TextRefused, queue_message
from hotline.models import Contact, Recording
from hotline.telephony.practice import PracticeProvider
from tests.hotline.ended import SOUND, erase, run_orders

pytestmark = pytest.mark.django_db


def reported(network, caller, operator, at):
    """Return an ended call with a recorded message that is reported, not fetched; nothing is left to do."""
    network.call(From=caller)
    network.step("language", 1, Digits="1", From=caller)
    network.status("completed", From=caller)
    network.post("/hotline/twilio/status/", network.fields(**SOUND, From=caller))
    return follow_up.close_follow_up(contact=network.contact, closing="no_need", by=operator, at=at)


@pytest.fixture
def while_fetching(monkeypatch):
    """Let something happen while the provider is asked for a recorded message, before it answers."""

    def let(act):
        real = PracticeProvider.recording

        def slow(self, sid):
            audio = real(self, sid)
            act()
            return audio

        monkeypatch.setattr(PracticeProvider, "recording", slow)

    return let


@pytest.mark.parametrize("caller", ["+231770000001", "anonymous"])
def test_a_message_that_is_fetched_while_its_contact_is_erased_is_dropped(
    network, operator, supervisor, clock, while_fetching, caller
):
    contact = reported(network, caller, operator, clock.now)
    while_fetching(lambda: erase(Contact.objects.get(pk=contact.pk), supervisor, clock.now))

    run_orders(clock.now)

    recording = Recording.objects.get()
    contact.refresh_from_db()
    assert contact.erased_at is not None
    assert (recording.audio, recording.fetched_at) == (None, None)
    assert recording.deleted_at is not None
    assert not contact.events.filter(kind="message_fetched").exists()
    assert owners_with_keys([contact.public_id]) == set()
    assert ErasedOwner.objects.get(owner=contact.public_id).at == clock.now


def test_a_message_that_was_fetched_twice_is_kept_once(network, operator, clock, while_fetching):
    contact = reported(network, "anonymous", operator, clock.now)
    command = next(claim_commands(at=clock.now, kinds=["fetch_recording"]))
    first = []

    def fetch_beside():
        if not first:
            first.append(True)
            run_command(command, at=clock.now)
            Recording.objects.update(audio=None)  # and its time was over before the slow one came back

    while_fetching(fetch_beside)
    run_command(command, at=clock.now)

    assert Recording.objects.get().audio is None
    assert contact.events.filter(kind="message_fetched").count() == 1


def test_what_never_had_a_key_is_written_into_the_ledger_and_gets_none(network, operator, supervisor, clock):
    contact = reported(network, "anonymous", operator, clock.now)
    assert owners_with_keys([contact.public_id]) == set()

    erase(contact, supervisor, clock.now)

    assert ErasedOwner.objects.filter(owner=contact.public_id).exists()
    with pytest.raises(SealError, match="erased"):
        accounts.seal(Recording.objects.select_related("contact").get(), "audio", "voice")
    assert owners_with_keys([contact.public_id]) == set()


def test_a_text_to_a_contact_that_was_erased_meanwhile_is_refused(network, operator, supervisor, clock):
    contact = reported(network, "anonymous", operator, clock.now)
    erase(Contact.objects.get(pk=contact.pk), supervisor, clock.now)

    with pytest.raises(TextRefused, match="erased"):
        queue_message(contact=contact, text_key="call_us", by=operator, at=clock.now, key="k")

    assert not contact.messages.exists()


def test_a_number_typed_in_a_call_that_a_replay_erased_is_not_kept(network, at):
    network.call()
    network.step("language", 1, Digits="1")
    contact = network.contact
    Contact.objects.filter(pk=contact.pk).update(step="callback_number")
    accounts.destroy_key(owner=contact.public_id, by="worker", at=at)
    Contact.objects.filter(pk=contact.pk).update(number=None, number_index="", erased_at=at)

    reply = network.step("callback", contact.turn, Digits="00231770000007#")

    contact.refresh_from_db()
    assert reply.status == 200
    assert (contact.step, contact.callback_number) == ("callback_check", None)
