"""Erased means erased: the key, every sealed word, the provider's copies, and nothing that comes late."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry
from accounts.queries import owners_with_keys
from accounts.sealing import SealError
from hotline import actions, retention, tasks
from hotline.actions import CannotErase, follow_up, sheets
from hotline.callers import call_mark
from hotline.models import (
    Command,
    Contact,
    Leg,
    Message,
    OperatorState,
    Recording,
    Sheet,
    SimulatorCall,
    WebhookEvent,
)
from hotline.queries.retention import due_contacts, due_sounds
from hotline.telephony.base import ProviderRefused
from referral.models import Case, Pathway, PathwayVersion

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)
SOUND = {"RecordingSid": "RE" + "2" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}


@pytest.fixture
def contact(network, operator, at):
    """A call that is over, with a number, a note, a code word, and its follow-up closed."""
    network.call()
    network.step("language", 1, Digits="1")
    network.status("completed")
    row = network.contact
    sheets.save_note(contact=row, text="Asked about wages.", version=0, by=operator, at=at)
    accounts.seal(row, "code_word", "lantern")
    row.save()
    return follow_up.close_follow_up(contact=row, closing="no_need", by=operator, at=at)


@pytest.fixture
def supervisor(person, liberia):
    return person("supervisor", country=liberia)


def run_orders(at):
    """Carry out what the provider is asked for."""
    for _turn in range(3):
        for command in actions.claim_commands(at=at):
            actions.run_command(command, at=at)


def erase(contact, by, at, reason="asked"):
    actions.erase_contact(contact=contact, reason=reason, by=by, at=at)
    contact.refresh_from_db()
    return contact


def test_erasing_leaves_codes_and_times_and_nothing_sealed(contact, supervisor, at):
    erase(contact, supervisor, at)

    assert (contact.number, contact.code_word, contact.number_index, contact.erased_at) == (None, None, "", at)
    assert (contact.language, contact.outcome, contact.closing) == ("en", "abandoned", "no_need")
    assert not Sheet.objects.filter(note__isnull=False).exists()
    assert not contact.inbox.filter(payload__isnull=False).exists()


def test_a_copy_of_the_row_cannot_be_opened_after_erasing(contact, supervisor, at):
    copied = contact.number.raw if hasattr(contact.number, "raw") else contact.number
    assert accounts.reveal(contact, "number", by=supervisor, at=at, reason="law") == "+231770000001"

    erase(contact, supervisor, at)

    contact.number = copied
    with pytest.raises(SealError):
        accounts.reveal(contact, "number", by=supervisor, at=at, reason="law")
    assert owners_with_keys([contact.public_id]) == set()


def test_who_erased_and_why_is_recorded(contact, supervisor, at):
    erase(contact, supervisor, at, reason="law")

    entry = AuditEntry.objects.get(body__contains="hotline.contact_erased")
    assert '"law"' in entry.body
    assert contact.events.get(kind="erased").detail == {"erasing": "law"}


def test_a_recording_that_comes_after_erasing_is_deleted_at_the_provider_and_never_kept(
    network, contact, supervisor, clock
):
    erase(contact, supervisor, clock.now)

    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(clock.now)

    recording = Recording.objects.get()
    assert recording.audio is None
    assert recording.deleted_at is not None
    assert owners_with_keys([contact.public_id]) == set()


def test_a_recording_that_was_fetched_and_not_yet_deleted_at_the_provider_is_deleted_there(
    network, contact, supervisor, clock, monkeypatch
):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    with monkeypatch.context() as away:
        away.setattr("hotline.telephony.practice.PracticeProvider.delete_recording", _refuse)
        run_orders(clock.now)
    assert Recording.objects.get().deleted_at is None

    erase(contact, supervisor, clock.now)
    run_orders(clock.now)

    assert Recording.objects.get().deleted_at is not None


def _refuse(self, sid):
    raise ProviderRefused("20500")


def test_texts_are_deleted_at_the_provider_too(network, line, operator, supervisor, clock):
    network.post("/hotline/twilio/message/", {
        "MessageSid": "SM" + "1" * 32, "From": "+231770000002", "To": "2883", "Body": "help me", "NumMedia": "0",
    })  # fmt: skip
    thread = Contact.objects.get(kind="message")
    follow_up.wrap_up(contact=thread, topic="hoax", by=operator, at=clock.now)

    erase(thread, supervisor, clock.now)
    run_orders(clock.now)

    message = Message.objects.get()
    assert message.body is None
    assert message.read_at is not None
    assert message.redacted_at is not None


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


def test_old_payloads_are_found_by_an_index(db):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, WebhookEvent._meta.db_table)

    assert found["inbox_with_payload"]["columns"] == ["received_at"]


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


@pytest.mark.parametrize(
    ("change", "code"),
    [({"closed_at": None, "closing": ""}, "open"), ({"state": "wrap_up"}, "open"), ({"ended_at": None}, "open")],
)
def test_what_is_not_over_is_not_erased(contact, supervisor, at, change, code):
    Contact.objects.filter(pk=contact.pk).update(**change)

    with pytest.raises(CannotErase) as refused:
        erase(contact, supervisor, at)

    contact.refresh_from_db()
    assert (refused.value.code, contact.erased_at) == (code, None)
    assert owners_with_keys([contact.public_id]) == {contact.public_id}


def test_nothing_is_erased_twice(contact, supervisor, at):
    erase(contact, supervisor, at)

    with pytest.raises(CannotErase, match="erased"):
        erase(contact, supervisor, at)


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
    ],
)
def test_case_hold_and_open_work_stop_the_clock(facts, bar, day):
    known = retention.Facts(**{"over_at": None} | facts)

    assert (retention.bar(known), retention.erased_on(known)) == (bar, day)


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


@pytest.mark.parametrize(
    "change", [{"closed_at": None, "closing": ""}, {"state": "wrap_up"}, {"erased_at": "2026-11-25T10:00Z"}]
)
def test_the_job_leaves_what_is_open_or_erased(contact, at, change):
    Contact.objects.filter(pk=contact.pk).update(**change)

    assert not due_contacts(at + 400 * DAYS).exists()


@pytest.fixture
def case(contact, liberia, at):
    """The case that grew from the contact."""
    pathway = Pathway.objects.create(key="p", country=liberia, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="d", shape_digest="s", published_at=at,
        published_by="test",
    )  # fmt: skip
    row = Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=at,
        opened_by="test", changed_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(case=row)
    return row


def close(case, at, **values):
    Case.objects.filter(pk=case.pk).update(
        state="closed", closed_at=at, closed_by="test", close_reason="done", **values
    )


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


def test_a_supervisor_sees_what_goes_gives_a_reason_and_means_it(sign_in, supervisor, contact):
    desk, url = sign_in(supervisor), reverse("hotline:erase_contact", args=[contact.public_id])
    page = desk.get(url).content.decode()
    unsure = desk.post(url, {"reason": "asked"}).content.decode()
    mute = desk.post(url, {"meant": "on"}).content.decode()
    forged = desk.post(url, {"reason": "time_over", "meant": "on"})

    assert [words in page for words in ("The number", "The code word", "The note", "recorded message")] == [
        True,
        True,
        True,
        False,
    ]
    assert "Tick that you know" in unsure
    assert "This field is required" in mute
    assert forged.status_code == 200
    assert Contact.objects.get(pk=contact.pk).erased_at is None

    after = desk.post(url, {"reason": "asked", "meant": "on"}, follow=True).content.decode()

    assert Contact.objects.get(pk=contact.pk).erased_at is not None
    assert "What was sealed here is erased." in after
    assert "Show the number" not in after
    assert "Erase this contact" not in after


def test_an_operator_and_a_foreign_supervisor_find_no_such_page(sign_in, operator, person, contact, at):
    url = reverse("hotline:erase_contact", args=[contact.public_id])

    for user in (operator, person("supervisor"), person("administrator", country=contact.country)):
        assert sign_in(user).get(url).status_code == 404
        assert sign_in(user).post(url, {"reason": "asked", "meant": "on"}).status_code == 404
    assert Contact.objects.get(pk=contact.pk).erased_at is None


def test_the_page_says_why_a_contact_cannot_be_erased_yet(sign_in, supervisor, contact):
    Contact.objects.filter(pk=contact.pk).update(closed_at=None, closing="")
    url = reverse("hotline:erase_contact", args=[contact.public_id])

    page = sign_in(supervisor).get(url).content.decode()
    sign_in(supervisor).post(url, {"reason": "asked", "meant": "on"})

    assert "close the follow-up, first" in page
    assert "Erase for ever" not in page
    assert Contact.objects.get(pk=contact.pk).erased_at is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [("wrap_up", {"topic": "hoax"}), ("note", {"note": "x", "version": 0}), ("show_number", {"reason": "law"}),
     ("safety", {}), ("send_text", {"ready": "call_us"}), ("close_follow_up", {"closing": "reached"}), ("take", {})],
)  # fmt: skip
def test_nothing_is_written_on_an_erased_contact(sign_in, operator, supervisor, contact, at, name, fields):
    erase(contact, supervisor, at)

    desk = sign_in(operator)

    assert desk.post(reverse(f"hotline:{name}", args=[contact.public_id]), fields).status_code == 404
    assert desk.get(reverse("hotline:console"), {"contact": contact.public_id}).status_code == 404
    assert desk.get(reverse("hotline:contact", args=[contact.public_id])).status_code == 200
    assert OperatorState.objects.get(user=operator).contact is None
    assert not Command.objects.filter(kind="dial").exists()


def test_the_page_of_a_contact_says_until_when_it_is_kept(sign_in, operator, contact):
    page = sign_in(operator).get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    assert "are erased by themselves on 24 May 2027" in page
    assert "Erase this contact" not in page


def test_closing_a_conversation_by_text_closes_its_follow_up(network, line, operator, at):
    network.post("/hotline/twilio/message/", {
        "MessageSid": "SM" + "1" * 32, "From": "+231770000002", "To": "2883", "Body": "help me", "NumMedia": "0",
    })  # fmt: skip
    thread = Contact.objects.get(kind="message")

    follow_up.wrap_up(contact=thread, topic="concern", by=operator, at=at)

    thread.refresh_from_db()
    assert (thread.closing, thread.closed_at) == ("reached", at)
