"""A fault of ours loses no text and no report: it is kept sealed, told, and taken in again by the worker."""

import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.models import DataKey
from cms import chores
from hotline import actions, tasks
from hotline.models import Contact, Message, Opposition, WebhookEvent
from hotline.queries.untaken import untaken
from tests.hotline.test_webhooks_faults import _raise

pytestmark = pytest.mark.django_db

TEXTS, REPORTS, STATUS = (f"/hotline/twilio/{name}/" for name in ("message", "message-status", "status"))
TEXT = {
    "MessageSid": "SM" + "1" * 32,
    "From": "+231770000001",
    "To": "2883",
    "Body": "they lock me in",
    "NumMedia": "0",
}
DOORS = [(TEXTS, "receive_message", 200), (REPORTS, "receive_message_status", 204), (STATUS, "receive_status", 204)]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def broken(network, monkeypatch):
    """A door whose act fails while the block lasts."""

    def send(path, act, fields):
        with monkeypatch.context() as patch:
            patch.setattr(f"hotline.webhooks.actions.{act}", _raise(ValueError("broken")))
            return network.post(path, fields)

    return send


@pytest.mark.parametrize(("path", "act", "status"), DOORS)
def test_what_a_fault_stops_is_kept_sealed_once_and_answered_as_taken(network, broken, path, act, status):
    answers = [broken(path, act, TEXT) for _time in range(2)]

    assert [one.status for one in answers] == [status] * 2
    row = untaken().get()
    assert (row.scope, row.contact_id, "they lock me in" in row.payload.raw) == ("LR", None, False)
    assert "untaken" in {fault.code for fault in chores.chores()}


def test_the_worker_takes_a_text_in_as_of_when_it_came(network, broken, at, clock):
    broken(TEXTS, "receive_message", TEXT)
    clock.move(minutes=3)

    assert tasks.take_in_again(clock.now) == 1

    message = Message.objects.get()
    assert (message.made_at, message.contact.number_index != "", message.contact.changed_at) == (at, True, clock.now)
    assert not untaken().exists()
    assert accounts.reveal(message, "body", by="test", at=at, reason="test") == TEXT["Body"]
    assert "untaken" not in {fault.code for fault in chores.chores()}


def test_a_text_that_came_by_another_way_meanwhile_is_there_once(network, broken, clock):
    broken(TEXTS, "receive_message", TEXT)
    network.post(TEXTS, TEXT)

    assert tasks.take_in_again(clock.now) == 1

    assert (Message.objects.count(), untaken().count()) == (1, 0)


@pytest.mark.parametrize(("seconds", "stands"), [(5, True), (61, False)])
def test_a_start_that_waited_for_us_undoes_no_stop_that_came_within_the_minute_before(
    network, broken, clock, seconds, stands
):
    """Which of the two was sent first nothing says, whenever the second is taken in."""
    for sid, words in (("2", "Hello"), ("3", "STOP")):
        network.post(TEXTS, TEXT | {"MessageSid": "SM" + sid * 32, "Body": words})
    clock.move(seconds=seconds)
    broken(TEXTS, "receive_message", TEXT | {"Body": "START"})
    clock.move(minutes=5)

    assert tasks.take_in_again(clock.now) == 1

    assert Opposition.objects.exists() == stands


def test_a_start_that_waited_for_us_is_not_said_to_have_come_after_a_stop_that_came_later(network, broken, clock):
    network.post(TEXTS, TEXT | {"MessageSid": "SM" + "2" * 32, "Body": "Hello"})
    broken(TEXTS, "receive_message", TEXT | {"Body": "START"})
    clock.move(minutes=2)
    network.post(TEXTS, TEXT | {"MessageSid": "SM" + "3" * 32, "Body": "STOP"})

    assert tasks.take_in_again(clock.now) == 1

    assert Opposition.objects.get().at == clock.now
    told = Contact.objects.get().events.values_list("kind", flat=True)
    assert "text_stopped" in told
    assert not {"text_started", "text_start_early"} & set(told)


def test_a_report_of_a_call_ends_it_when_it_is_taken_in(network, broken, clock):
    contact = network.queued()
    broken(STATUS, "receive_status", network.fields(CallStatus="completed", SequenceNumber="9"))
    assert network.contact.ended_at is None

    tasks.take_in_again(clock.now)

    assert Contact.objects.get(pk=contact.pk).ended_at is not None


def test_a_text_whose_thread_cannot_be_opened_waits_for_its_key(network, clock):
    network.post(TEXTS, TEXT)
    key = DataKey.objects.get(owner=Contact.objects.get().public_id)
    DataKey.objects.filter(pk=key.pk).update(wrapped=DataKey.objects.exclude(pk=key.pk).first().wrapped)
    actions.inbox.forget_month_keys()

    answer = network.post(TEXTS, TEXT | {"MessageSid": "SM" + "2" * 32, "Body": "second"})

    assert (answer.status, untaken().count()) == (200, 1)
    assert tasks.take_in_again(clock.now) == 0
    DataKey.objects.filter(pk=key.pk).update(wrapped=key.wrapped)
    assert tasks.take_in_again(clock.now) == 0  # once a minute
    assert tasks.take_in_again(clock.now + MINUTE) == 1
    assert Message.objects.count() == 2


def test_one_that_always_fails_stops_no_other(network, broken, clock):
    broken(TEXTS, "receive_message", TEXT)
    WebhookEvent.objects.update(kind="another")
    broken(TEXTS, "receive_message", TEXT | {"MessageSid": "SM" + "2" * 32})

    assert tasks.take_in_again(clock.now) == 1

    assert (Message.objects.get().sid, untaken().count()) == ("SM" + "2" * 32, 1)


def test_what_can_neither_be_taken_in_nor_kept_is_to_be_told_again(broken, network, settings):
    settings.SEAL_KEYS = ""

    answer = broken(TEXTS, "receive_message", TEXT)

    assert (answer.status, answer.headers["Retry-After"], untaken().count()) == (503, "5", 0)
