"""The provider's record of a call goes, its SID goes here too, and nothing that comes late brings anything back."""

import datetime as dt

import pytest

from accounts.queries import owners_with_keys
from hotline import tasks
from hotline.actions import follow_up
from hotline.callers import call_mark
from hotline.models import Contact, Leg, SimulatorCall, WebhookEvent
from hotline.telephony.base import ProviderRefused
from tests.hotline.ended import DAYS, SOUND, ended_contact, erase, run_orders  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def _refuse(self, sid):
    raise ProviderRefused("20500")


def test_the_record_of_a_call_goes_at_the_provider_and_then_its_sid_goes_here(network, contact, supervisor, at):
    SimulatorCall.objects.create(sid=network.sid, status="completed")
    erase(contact, supervisor, at)

    run_orders(at)

    leg = contact.legs.get()
    assert not SimulatorCall.objects.exists()
    assert (leg.log_deleted_at, leg.call_sid, leg.log_receipt != "") == (at, call_mark(network.sid), True)
    assert not WebhookEvent.objects.filter(key__contains=network.sid).exists()
    assert contact.events.filter(kind="call_log_deleted").count() == 1


def test_the_sid_stays_until_the_provider_has_deleted_the_call(network, contact, supervisor, at):
    SimulatorCall.objects.create(sid=network.sid, status="in-progress")
    erase(contact, supervisor, at)
    for hour in range(12):
        run_orders(at + dt.timedelta(hours=hour))
    assert contact.legs.get().call_sid == network.sid

    SimulatorCall.objects.update(status="completed")
    run_orders(at + dt.timedelta(hours=13))

    assert contact.legs.get().call_sid == call_mark(network.sid)


def test_keys_of_an_older_release_lose_the_sid_too(network, contact, supervisor, at):
    late = contact.inbox.order_by("id").first()
    key = late.key
    WebhookEvent.objects.create(
        key=key.replace(call_mark(network.sid), network.sid), kind="voice", account=late.account, contact=contact,
        received_at=at, scope="LR",
    )  # fmt: skip
    erase(contact, supervisor, at)

    run_orders(at)

    assert not WebhookEvent.objects.filter(key__contains=network.sid).exists()
    assert WebhookEvent.objects.filter(key__startswith=key).count() == 2


def test_a_call_whose_record_went_after_two_days_loses_its_sid_when_it_is_erased(network, contact, supervisor, at):
    early = tasks.delete_records(at + 2 * DAYS - dt.timedelta(minutes=1))
    due = tasks.delete_records(at + 2 * DAYS + dt.timedelta(hours=1))
    run_orders(at + 2 * DAYS + dt.timedelta(hours=1))
    assert (early, due, contact.legs.get().call_sid) == (0, 1, network.sid)
    assert contact.legs.get().log_deleted_at is not None

    erase(contact, supervisor, at + 3 * DAYS)

    assert contact.legs.get().call_sid == call_mark(network.sid)
    assert tasks.delete_records(at + 30 * DAYS) == 0


def test_a_refused_deletion_is_ordered_again_the_week_after(network, contact, at, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr("hotline.telephony.practice.PracticeProvider.delete_call", _refuse)
        tasks.delete_records(at + 2 * DAYS)
        run_orders(at + 2 * DAYS)
    again = tasks.delete_records(at + 4 * DAYS)

    later = tasks.delete_records(at + 11 * DAYS)
    run_orders(at + 11 * DAYS)

    assert (again, later) == (0, 1)
    assert contact.legs.get().log_deleted_at == at + 11 * DAYS


def test_nothing_that_comes_late_about_an_erased_call_makes_anything_new(network, contact, supervisor, at):
    erase(contact, supervisor, at)
    run_orders(at)

    answers = [
        network.call(),
        network.step("language", 1, Digits="1"),
        network.status("completed", sequence="8"),
        network.post("/hotline/twilio/status/", network.fields(**SOUND)),
    ]

    assert [answer.status for answer in answers] == [200, 200, 204, 204]
    assert Contact.objects.count() == 1
    assert contact.legs.get().call_sid == call_mark(network.sid)
    contact.refresh_from_db()
    assert (contact.number, contact.number_index) == (None, "")
    assert not WebhookEvent.objects.filter(key__contains=network.sid).exists()
    assert not contact.inbox.filter(payload__isnull=False).exists()


def test_a_first_request_after_its_stub_was_erased_names_nobody(network, operator, supervisor, at):
    network.status("completed")
    stub = network.contact
    assert (stub.step, stub.number is not None) == ("stub", True)
    follow_up.close_follow_up(contact=stub, closing="no_need", by=operator, at=at)
    erase(stub, supervisor, at)

    reply = network.call()

    stub.refresh_from_db()
    assert (reply.status, Contact.objects.count()) == (200, 1)
    assert (stub.number, stub.number_index) == (None, "")
    assert owners_with_keys([stub.public_id]) == set()


def test_a_telephone_that_reports_only_after_erasing_has_its_record_deleted(network, contact, supervisor, at):
    leg = Leg.objects.create(
        contact=contact, account=contact.legs.get().account, role="operator", label="op", made_at=at
    )
    erase(contact, supervisor, at)
    late = "CA" + "7" * 32

    network.post(f"/hotline/twilio/status/?t={leg.token}", {"CallSid": late, "CallStatus": "completed"})
    run_orders(at)

    leg.refresh_from_db()
    assert leg.call_sid == call_mark(late)


def test_what_the_network_reports_after_erasing_is_kept_without_its_words(network, contact, supervisor, at):
    erase(contact, supervisor, at)

    network.status("completed", sequence="9")

    late = WebhookEvent.objects.order_by("id").last()
    assert late.contact_id == contact.pk
    assert late.payload is None
