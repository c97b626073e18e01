"""A hold and an erasing of the same instant: who is told that a case is held finds nothing of it erased afterwards."""

import psycopg
import pytest
from django.db import connection

from hotline import actions
from hotline.actions import erasing
from hotline.models import Contact, WebhookEvent
from referral.actions import hold_case
from referral.models import Case
from tests.hotline.ended import DAYS, close, ended_contact, erase, grown_case  # noqa: F401 -- fixtures
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def held_by(case, supervisor, at):
    """The act of a supervisor who holds the case."""
    close(case, at)
    words = {"reason": "court", "words": "Order of a court.", "key": "hold"}
    return lambda: hold_case(case=Case.objects.get(pk=case.pk), by=supervisor, at=at, **words)


def test_an_erasing_by_hand_waits_for_a_hold_and_is_refused(contact, supervisor, at, held_by):
    with meanwhile(lambda: erase(Contact.objects.get(pk=contact.pk), supervisor, at)) as told:
        held_by()

    assert [one.code for one in told] == ["held"]
    contact.refresh_from_db()
    assert (contact.erased_at, contact.number is None) == (None, False)


def test_a_hold_waits_for_an_erasing_by_hand_and_is_answered_after_it(contact, supervisor, at, held_by):
    with meanwhile(held_by) as told:
        erase(Contact.objects.get(pk=contact.pk), supervisor, at)

    assert [one.legal_hold for one in told] == [True]
    contact.refresh_from_db()
    assert contact.erased_at == at


def test_an_erasing_waits_for_a_hold_on_the_contact_itself(contact, supervisor, at):
    with meanwhile(lambda: erase(Contact.objects.get(pk=contact.pk), supervisor, at)) as told:
        actions.hold_contact(contact=contact, reason="court", by=supervisor, at=at)

    assert [one.code for one in told] == ["held"]
    contact.refresh_from_db()
    assert contact.erased_at is None


def test_the_worker_waits_for_a_hold_too(contact, at, held_by):
    later = at + 90 * DAYS
    jobs = {
        "payloads": lambda: actions.forget_old_payloads(at=later),
        "records": lambda: actions.order_log_deletions(at=later),
    }
    for name, job in jobs.items():
        Case.objects.update(legal_hold=False)
        with meanwhile(job) as told:
            Case.objects.select_for_update().get()
            Case.objects.update(legal_hold=True)
        assert told == [0], name
    assert WebhookEvent.objects.filter(contact=contact, payload__isnull=False).exists()


def test_only_the_contacts_whose_payloads_are_emptied_are_locked(network, contact, at, monkeypatch, clock):
    """A call that is worked on, also with an old payload, is not waited for by a turn that does not come to it."""
    monkeypatch.setattr(erasing, "PAYLOADS", WebhookEvent.objects.filter(contact=contact).count())
    network.sid = "CA" + "5" * 32
    clock.move(minutes=1)
    network.call()
    later = at + 90 * DAYS

    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM hotline_contact WHERE id = %s FOR UPDATE", [network.contact.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            done = actions.forget_old_payloads(at=later)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    assert done == erasing.PAYLOADS > 0
    assert not WebhookEvent.objects.filter(contact=contact, payload__isnull=False).exists()
    assert WebhookEvent.objects.filter(contact=network.contact, payload__isnull=False).exists()
