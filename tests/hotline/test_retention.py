"""How long a contact is kept: what stops the clock, when the job erases, and what goes earlier."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import owners_with_keys
from hotline import actions, retention, tasks
from hotline.actions import CannotErase, follow_up
from hotline.models import Contact, Recording, WebhookEvent
from hotline.queries.retention import due_contacts, due_sounds
from tests.hotline.ended import DAYS, SOUND, close, ended_contact, erase, grown_case, run_orders  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def test_inbox_payloads_go_after_thirty_days_without_reading_the_whole_inbox(network, at):
    network.call()
    owner = WebhookEvent.objects.get().seal_key

    with CaptureQueriesContext(connection) as captured:
        early = actions.forget_old_payloads(at=at + 29 * DAYS)
        done = actions.forget_old_payloads(at=at + 31 * DAYS)
        again = actions.forget_old_payloads(at=at + 62 * DAYS)

    assert (early, done, again) == (0, 1, 0)
    assert WebhookEvent.objects.get().payload is None
    assert owners_with_keys([owner]) == set()
    assert not [one["sql"] for one in captured if "hotline_webhookevent" in one["sql"] and "DISTINCT" in one["sql"]]


def test_the_key_of_a_month_stays_while_a_row_of_it_is_not_emptied(network, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.erasing.PAYLOADS", 1)
    network.call()
    network.sid = "CA" + "5" * 32
    network.call()
    owner = WebhookEvent.objects.first().seal_key

    first = actions.forget_old_payloads(at=at + 62 * DAYS), owners_with_keys([owner])
    second = actions.forget_old_payloads(at=at + 62 * DAYS), owners_with_keys([owner])

    assert (first, second) == ((1, {owner}), (1, set()))


def test_payloads_are_emptied_at_once_until_none_is_left_and_then_each_hour(network, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.erasing.PAYLOADS", 1)
    network.call()
    network.sid = "CA" + "5" * 32
    network.call()
    late, sealed = at + 31 * DAYS, WebhookEvent.objects.first().payload

    done = [tasks.forget_payloads(late) for _turn in range(4)]
    WebhookEvent.objects.update(payload=sealed)

    assert done == [1, 1, 0, 0]
    assert tasks.forget_payloads(late + dt.timedelta(minutes=59)) == 0
    assert tasks.forget_payloads(late + dt.timedelta(minutes=60)) == 1


def test_old_payloads_are_found_by_an_index(db):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, WebhookEvent._meta.db_table)

    assert found["inbox_with_payload"]["columns"] == ["received_at"]


NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("facts", "bar", "day"),
    [
        ({}, "open", None),
        ({"over_at": NOW}, "", NOW + 180 * DAYS),
        ({"over_at": NOW, "topic": "hoax"}, "", NOW + 30 * DAYS),
        ({"over_at": NOW, "topic": "abusive"}, "", NOW + 180 * DAYS),
        ({"over_at": NOW, "has_case": True, "case_is_open": True}, "case_open", None),
        ({"over_at": NOW, "has_case": True}, "", None),
        ({"over_at": NOW, "has_case": True, "is_held": True}, "held", None),
        ({"over_at": NOW, "is_erased": True}, "erased", None),
        ({"over_at": NOW, "is_unfinished": True}, "open", NOW + 180 * DAYS),
        ({"over_at": NOW - 180 * DAYS, "is_unfinished": True}, "", NOW),
    ],
)
def test_case_hold_and_open_work_stop_the_clock(facts, bar, day):
    known = retention.Facts(**{"over_at": None} | facts)

    assert (retention.bar(known, NOW), retention.erased_on(known)) == (bar, day)


@pytest.mark.parametrize(
    ("topic", "days"), [("concern", 180), ("", 180), ("abusive", 180), ("hoax", 30), ("silent", 30)]
)
def test_the_job_erases_when_the_time_is_over_and_no_day_before(contact, at, topic, days):
    Contact.objects.filter(pk=contact.pk).update(topic=topic)

    before = tasks.erase(at + (days - 2) * DAYS)
    still = Contact.objects.get(pk=contact.pk).erased_at
    after = tasks.erase(at + (days + 2) * DAYS)

    assert (before, still, after) == (0, None, 1)
    contact.refresh_from_db()
    assert contact.erased_at == at + (days + 2) * DAYS
    assert owners_with_keys([contact.public_id]) == set()
    assert contact.events.get(kind="erased").by == "worker"


def test_the_clock_runs_from_the_last_thing_that_was_done(contact, at):
    Contact.objects.filter(pk=contact.pk).update(closed_at=at + 100 * DAYS)

    assert not due_contacts(at + 279 * DAYS).exists()
    assert due_contacts(at + 280 * DAYS).get() == contact


@pytest.mark.parametrize("change", [{"closed_at": None, "closing": ""}, {"erased_at": "2026-11-25T10:00Z"}])
def test_the_job_leaves_what_is_open_or_erased(contact, at, change):
    Contact.objects.filter(pk=contact.pk).update(**change)

    assert not due_contacts(at + 400 * DAYS).exists()


def test_a_contact_with_a_case_is_not_erased_by_the_job_nor_while_the_case_is_open(contact, case, supervisor, at):
    with pytest.raises(CannotErase, match="case_open"):
        erase(contact, supervisor, at)
    close(case, at)

    assert not due_contacts(at + 4000 * DAYS).exists()
    assert erase(contact, supervisor, at).erased_at == at


def test_what_a_court_holds_is_kept_with_its_recordings(network, contact, case, supervisor, clock, at):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(clock.now)
    close(case, at, legal_hold=True)

    with pytest.raises(CannotErase, match="held"):
        erase(contact, supervisor, at)
    assert not due_sounds(at + 4000 * DAYS).exists()


def test_our_copy_of_a_recorded_message_goes_thirty_days_after_it_was_handled(network, contact, clock, at):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(clock.now)
    assert Recording.objects.get().audio is not None

    assert not due_sounds(at + 29 * DAYS).exists()
    tasks.erase(at + 31 * DAYS)

    recording, kept = Recording.objects.get(), Contact.objects.get(pk=contact.pk)
    assert recording.audio is None
    assert (kept.erased_at, kept.number is not None) == (None, True)


def test_an_hour_passes_between_two_looks(contact, at, django_assert_num_queries):
    tasks.erase(at)

    with django_assert_num_queries(1):
        tasks.erase(at + dt.timedelta(minutes=59))


def test_closing_a_conversation_by_text_closes_its_follow_up(network, line, operator, at):
    thread = network.text()

    follow_up.wrap_up(contact=thread, topic="concern", by=operator, at=at)

    thread.refresh_from_db()
    assert (thread.closing, thread.closed_at) == ("reached", at)
