"""What a court holds: nothing of it is erased, here or at the provider, until the hold is lifted."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.queries import owners_with_keys
from hotline import actions, tasks
from hotline.actions.erasing import CannotErase
from hotline.models import Command, Contact, Recording, WebhookEvent
from referral.actions import hold_case, lift_hold
from referral.models import Case
from tests.hotline.ended import DAYS, SOUND, close, ended_contact, erase, grown_case, run_orders  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def held(case, at):
    """The case is closed, and a court holds it."""
    close(case, at, legal_hold=True)
    case.refresh_from_db()
    return case


def lift(case):
    Case.objects.filter(pk=case.pk).update(legal_hold=False)


def deletions():
    return Command.objects.filter(kind="delete_call")


def test_the_providers_record_of_a_held_call_is_not_ordered_to_be_deleted_until_the_hold_is_lifted(contact, held, at):
    early = tasks.delete_records(at + 30 * DAYS)
    assert (early, deletions().exists()) == (0, False)

    lift(held)

    assert tasks.delete_records(at + 30 * DAYS + HOUR) == 1
    run_orders(at + 30 * DAYS + HOUR)
    assert contact.legs.get().log_deleted_at == at + 30 * DAYS + HOUR


def test_an_order_that_a_hold_overtook_waits_without_wearing_out(contact, held, at):
    lift(held)
    tasks.delete_records(at + 3 * DAYS)
    Case.objects.filter(pk=held.pk).update(legal_hold=True)

    for hour in range(300):
        run_orders(at + 3 * DAYS + hour * HOUR)
    assert (contact.legs.get().log_deleted_at, deletions().get().failed_at, deletions().get().tries) == (None, None, 0)

    lift(held)
    run_orders(at + 20 * DAYS)
    assert contact.legs.get().log_deleted_at == at + 20 * DAYS


def test_a_recording_of_which_there_is_no_copy_waits_and_a_second_copy_goes(network, contact, held, at):
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


def test_what_requests_of_a_held_call_carried_stays_with_the_key_of_its_month(network, contact, held, at):
    owner = WebhookEvent.objects.first().seal_key
    network.sid = "CA" + "5" * 32
    network.call()

    actions.forget_old_payloads(at=at + 90 * DAYS)
    kept = WebhookEvent.objects.filter(payload__isnull=False)
    assert set(kept.values_list("contact", flat=True)) == {contact.pk}
    assert owners_with_keys([owner]) == {owner}

    lift(held)
    actions.forget_old_payloads(at=at + 91 * DAYS)

    assert not kept.exists()
    assert owners_with_keys([owner]) == set()


def test_a_supervisor_who_holds_the_case_keeps_the_call_and_who_lifts_it_lets_it_go(contact, case, supervisor, at):
    close(case, at)
    hold_case(case=case, reason="court", words="Order of a court.", key="hold", by=supervisor, at=at)
    contact.refresh_from_db()

    with pytest.raises(CannotErase, match="held"):
        erase(contact, supervisor, at)
    assert tasks.delete_records(at + 30 * DAYS) == 0
    lift_hold(case=case, reason="over", words="It is over.", key="lift", by=supervisor, at=at)

    assert tasks.delete_records(at + 30 * DAYS + HOUR) == 1
    contact.refresh_from_db()
    assert erase(contact, supervisor, at).erased_at == at


def test_the_page_that_erases_says_that_a_court_holds_the_case(contact, held, supervisor, sign_in):
    page = sign_in(supervisor).get(reverse("hotline:erase_contact", args=[contact.public_id])).content.decode()

    assert "nothing of it is erased until the hold is lifted" in page
    assert "Erase for ever" not in page
