"""What a court holds: nothing of it is erased, here or at the provider, until the hold is lifted."""

import datetime as dt

import pytest

from accounts.queries import owners_with_keys
from hotline import actions, tasks
from hotline.actions import follow_up
from hotline.models import Command, Contact, Recording, WebhookEvent
from referral.models import Case, Pathway, PathwayVersion

pytestmark = pytest.mark.django_db
HOUR, DAYS = dt.timedelta(hours=1), dt.timedelta(days=1)
SOUND = {"RecordingSid": "RE" + "2" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}


@pytest.fixture
def contact(network, operator, at):
    """A call that is over, with its follow-up closed."""
    network.call()
    network.step("language", 1, Digits="1")
    network.status("completed")
    return follow_up.close_follow_up(contact=network.contact, closing="no_need", by=operator, at=at)


@pytest.fixture
def case(contact, liberia, at):
    """The closed case that grew from the contact, held by a court."""
    pathway = Pathway.objects.create(key="p", country=liberia, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="d", shape_digest="s", published_at=at,
        published_by="test",
    )  # fmt: skip
    row = Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=at,
        opened_by="test", changed_at=at, state="closed", closed_at=at, closed_by="test", close_reason="done",
        legal_hold=True,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(case=row)
    return row


def lift(case):
    Case.objects.filter(pk=case.pk).update(legal_hold=False)


def run_orders(at):
    return [actions.run_command(command, at=at) for command in actions.claim_commands(at=at)]


def deletions():
    return Command.objects.filter(kind="delete_call")


def test_the_providers_record_of_a_held_call_is_not_ordered_to_be_deleted_until_the_hold_is_lifted(contact, case, at):
    held = tasks.delete_records(at + 30 * DAYS)
    assert (held, deletions().exists()) == (0, False)

    lift(case)

    assert tasks.delete_records(at + 30 * DAYS + HOUR) == 1
    run_orders(at + 30 * DAYS + HOUR)
    assert contact.legs.get().log_deleted_at == at + 30 * DAYS + HOUR


def test_an_order_that_a_hold_overtook_waits_without_wearing_out(contact, case, at):
    lift(case)
    tasks.delete_records(at + 3 * DAYS)
    Case.objects.filter(pk=case.pk).update(legal_hold=True)

    for hour in range(300):
        run_orders(at + 3 * DAYS + hour * HOUR)
    assert (contact.legs.get().log_deleted_at, deletions().get().failed_at, deletions().get().tries) == (None, None, 0)

    lift(case)
    run_orders(at + 20 * DAYS)
    assert contact.legs.get().log_deleted_at == at + 20 * DAYS


def test_a_recording_of_which_there_is_no_copy_waits_and_a_second_copy_goes(network, contact, case, at):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(at)
    run_orders(at)
    recording = Recording.objects.get()
    assert (recording.audio is not None, recording.deleted_at) == (True, at)

    Recording.objects.update(audio=None, deleted_at=None)
    Contact.objects.update(erased_at=at)
    Command.objects.filter(kind="delete_recording").update(done_at=None)
    run_orders(at + HOUR)

    assert Recording.objects.get().deleted_at is None


def test_what_requests_of_a_held_call_carried_stays_with_the_key_of_its_month(network, contact, case, at):
    owner = WebhookEvent.objects.first().seal_key
    network.sid = "CA" + "5" * 32
    network.call()

    actions.forget_old_payloads(at=at + 90 * DAYS)
    kept = WebhookEvent.objects.filter(payload__isnull=False)
    assert set(kept.values_list("contact", flat=True)) == {contact.pk}
    assert owners_with_keys([owner]) == {owner}

    lift(case)
    actions.forget_old_payloads(at=at + 91 * DAYS)

    assert not kept.exists()
    assert owners_with_keys([owner]) == set()
