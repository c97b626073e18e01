"""What became of a text that was handed over: told when it did not arrive; the provider's copy of it goes."""

import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter
from hotline import actions, tasks
from hotline.actions.delivery import settle_text
from hotline.actions.sending import claim_message
from hotline.models import Command, Contact, Message, Opposition
from hotline.queries.log import missed_contacts, whole_timeline
from hotline.telephony.base import MessageFacts, ProviderDown
from hotline.telephony.practice import PracticeProvider
from tests.hotline.test_commands import Broken

pytestmark = pytest.mark.django_db
STATUS = "/hotline/twilio/message-status/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def thread(network, at):
    """A closed conversation by text in which the person may be written to."""
    fields = {"MessageSid": "SM1", "From": "+231770001111", "To": "2883", "Body": "Hello", "NumMedia": "0"}
    network.post("/hotline/twilio/message/", fields)
    Contact.objects.update(may_text="yes", safety_at=at, closed_at=at, closing="no_need", state="done")
    return Contact.objects.get()


@pytest.fixture
def text(thread, operator, supervisor, at):
    """A text of ours that waits in the outbox."""
    return actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")


@pytest.fixture
def live(monkeypatch):
    """The account counts as one of a real network, whose copies have to be deleted."""
    monkeypatch.setattr("hotline.actions.delivery.is_simulated", lambda account: False)


def send(message, at):
    assert actions.send_message(claim_message(message.pk, at=at), at=at)
    message.refresh_from_db()
    return message


def report(network, message, status, **more):
    fields = {"MessageSid": message.sid, "MessageStatus": status, "To": "+231770001111", "From": "2883"}
    assert network.post(f"{STATUS}?t={message.pk}", fields | more).status == 204
    message.refresh_from_db()


def deletions():
    return Command.objects.filter(kind="delete_message")


def test_a_contact_erased_while_its_text_is_handed_over_leaves_no_copy_there(text, thread, operator, at, monkeypatch):
    hand_over = PracticeProvider.send_message

    def erase_meanwhile(self, **message):
        actions.erase_again(owner=thread.public_id, by=operator, at=at)
        return hand_over(self, **message)

    monkeypatch.setattr(PracticeProvider, "send_message", erase_meanwhile)

    send(text, at)

    assert deletions().get(arguments__message=text.pk).due_at == at
    tasks.run_commands(at)
    text.refresh_from_db()
    assert text.redacted_at == at


def test_a_report_that_comes_after_erasing_has_the_copy_deleted(network, text, thread, operator, at):
    claim_message(text.pk, at=at)
    actions.erase_again(owner=thread.public_id, by=operator, at=at)
    text.sid = "SM" + "7" * 32

    report(network, text, "delivered")

    tasks.run_commands(at)
    text.refresh_from_db()
    assert (text.state, text.redacted_at) == ("delivered", at)


def test_the_copy_of_a_delivered_text_is_deleted_a_minute_later(network, text, live, at):
    send(text, at)
    assert deletions().get(arguments__message=text.pk).due_at == at + 20 * HOUR

    report(network, text, "delivered")
    tasks.run_commands(at)
    early = Message.objects.get(pk=text.pk).redacted_at
    tasks.run_commands(at + dt.timedelta(seconds=61))

    text.refresh_from_db()
    assert (early, text.redacted_at) == (None, at + dt.timedelta(seconds=61))
    assert text.body is not None


def test_the_copy_of_a_text_of_which_nothing_is_heard_goes_within_a_day(text, live, at):
    send(text, at)

    tasks.run_commands(at + 21 * HOUR)

    text.refresh_from_db()
    assert text.redacted_at == at + 21 * HOUR


def test_a_deletion_that_the_provider_did_not_answer_keeps_its_pause_when_the_text_ends(text, live, at, monkeypatch):
    send(text, at)
    down = Broken(ProviderDown("slow"))
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: down)
    for _turn in range(8):
        asked = deletions().get().due_at
        tasks.run_commands(asked)
    paused = deletions().get().due_at
    assert paused == asked + HOUR

    settle_text(text.pk, status="delivered", code="", at=asked)

    assert deletions().get().due_at == paused


def told(contact, supervisor):
    return (
        contact in missed_contacts(supervisor),
        [str(entry.words) for entry in whole_timeline(contact)].count("Text message given up: it could not be sent"),
        AuditEntry.objects.filter(verb="hotline.text_given_up").count(),
        Letter.objects.filter(receiver=accounts.thing_id(supervisor)).count(),
    )


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_text_reported_as_not_delivered_is_told_as_one_that_was_refused(
    network, text, thread, supervisor, at, status
):
    send(text, at)
    assert told(thread, supervisor) == (False, 0, 0, 0)

    report(network, text, status, ErrorCode="30003")
    report(network, text, status, ErrorCode="30003", RawDlrDoneDate="1")
    report(network, text, "undelivered", ErrorCode="30005")

    assert (text.state, told(thread, supervisor)) == ("undelivered", (True, 1, 1, 1))


def test_the_sweep_tells_it_as_well(text, thread, supervisor, at, monkeypatch):
    send(text, at)
    facts = MessageFacts(text.sid, "undelivered", error_code="30003")
    monkeypatch.setattr(PracticeProvider, "message", lambda self, sid: facts)

    tasks.sweep(at + HOUR)

    assert told(thread, supervisor) == (True, 1, 1, 1)


def test_a_number_that_wrote_stop_to_the_carrier_is_not_written_to_again(network, text, thread, at):
    send(text, at)

    report(network, text, "undelivered", ErrorCode="21610")

    assert Opposition.objects.filter(number_index=thread.number_index).exists()


def test_a_delivered_text_stays_delivered_and_tells_nobody(network, text, thread, supervisor, at):
    send(text, at)
    report(network, text, "delivered")
    report(network, text, "undelivered", ErrorCode="30003")

    assert (text.state, told(thread, supervisor)) == ("delivered", (False, 0, 0, 0))


def test_of_an_erased_contact_nothing_is_opened_again(network, text, thread, operator, supervisor, at):
    send(text, at)
    actions.erase_again(owner=thread.public_id, by=operator, at=at)

    report(network, text, "undelivered", ErrorCode="30003")

    assert told(thread, supervisor) == (False, 0, 0, 0)
