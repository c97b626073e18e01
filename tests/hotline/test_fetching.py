"""Recorded messages are fetched patiently, ordered again when nobody fetches them, and told when they are lost."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions, tasks
from hotline.actions import follow_up
from hotline.models import Command, Contact, Recording
from hotline.queries.fetching import count_given_up, count_lost_recordings
from hotline.queries.log import missed_contacts
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider, provider
from tests.hotline.test_commands import Broken

pytestmark = pytest.mark.django_db
SID = "RE" + "1" * 32
WHOLE = {"RecordingSid": SID, "RecordingStatus": "completed", "RecordingDuration": "9"}
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WORDS = "A message was left but could not be fetched"


@pytest.fixture
def message(network, at):
    """A call that is over, with a recorded message of which the provider has told."""
    network.call()
    network.post("/hotline/twilio/status/", network.fields(**WHOLE))
    network.status("completed", "9")
    return Recording.objects.get()


@pytest.fixture
def away(monkeypatch):
    """A function by which the provider answers everything with one error, until it is told None."""
    answers = []

    def answer(error):
        answers.append(error)

    def either(account):
        return Broken(answers[-1]) if answers and answers[-1] else provider(account)

    monkeypatch.setattr("hotline.actions.commands.provider", either)
    return answer


def work(at, span):
    """Let the worker carry out the patient orders for a span of time, each as it is due; return when it was done."""
    until = at + span
    while (due := Command.objects.filter(done_at=None, failed_at=None).order_by("due_at").first()) and at < until:
        at = max(at, due.due_at)
        tasks.run_patient_orders(at)
        at += dt.timedelta(seconds=1)
    return max(at, until)


@pytest.mark.parametrize(
    "error",
    [ProviderDown("down"), ProviderRefused("20003"), ProviderRefused("401"), ProviderRefused("404"), NoSuchProvider()],
)
def test_a_message_is_fetched_however_the_provider_failed_before(message, at, away, error):
    away(error)
    for second in range(0, 120, 5):
        tasks.run_patient_orders(at + dt.timedelta(seconds=second))
    away(None)

    work(at + dt.timedelta(minutes=2), HOUR)

    message.refresh_from_db()
    assert (message.audio is not None, message.deleted_at is not None, message.lost_at) == (True, True, None)


def test_pauses_grow_to_an_hour_and_the_tries_last_for_days(message, at, away):
    away(ProviderRefused("20003"))

    later = work(at, 3 * DAY)

    order = Command.objects.get(kind="fetch_recording")
    assert order.failed_at is None
    assert order.due_at - later <= HOUR
    assert 72 <= order.tries <= 85


@pytest.fixture
def lost(message, at, away, now):
    """The same message, given up after eight days."""
    away(ProviderDown("down"))
    now.move_to(work(at, 9 * DAY), tick=False)
    away(None)
    message.refresh_from_db()
    return message


def test_a_message_that_is_given_up_is_told_until_somebody_closes_its_contact(lost, operator, desk, at):
    contact = Contact.objects.get()
    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    missed = desk.get(reverse("hotline:missed")).content.decode()

    assert lost.lost_at is not None
    assert contact.events.filter(kind="message_lost").count() == 1
    assert AuditEntry.objects.filter(verb="hotline.message_lost").count() == 1
    assert WORDS in page
    assert "Not fetched from the provider yet." not in page
    assert WORDS in missed
    assert (count_lost_recordings(), count_given_up(lost.lost_at)) == (1, 1)

    follow_up.close_follow_up(contact=contact, closing="no_need", by=operator, at=lost.lost_at)
    assert (count_lost_recordings(), list(missed_contacts(operator))) == (0, [])


def test_a_contact_that_was_closed_before_is_missed_again(message, operator, at, away):
    contact = follow_up.close_follow_up(contact=Contact.objects.get(), closing="no_need", by=operator, at=at)
    away(ProviderDown("down"))

    work(at, 9 * DAY)

    contact.refresh_from_db()
    assert (contact.is_missed, contact.closed_at, contact.due_at is not None) == (True, None, True)
    assert list(missed_contacts(operator)) == [contact]


def test_a_message_that_the_provider_has_no_more_is_an_end_and_its_deletion_has_a_receipt(message, at, monkeypatch):
    def gone(self, sid):
        raise ProviderRefused("404")

    monkeypatch.setattr("hotline.telephony.practice.PracticeProvider.recording", gone)

    work(at, 3 * HOUR)

    message.refresh_from_db()
    assert (message.lost_at is not None, message.deleted_at is not None) == (True, True)
    assert Contact.objects.get().events.get(kind="message_lost").detail == {"code": "gone"}


def test_the_providers_copy_of_a_lost_message_goes_as_ours_would(lost, operator, at):
    over = lost.lost_at
    follow_up.close_follow_up(contact=Contact.objects.get(), closing="no_need", by=operator, at=over)

    assert actions.order_lost_deletions(at=over + 29 * DAY) == 0
    assert [actions.order_lost_deletions(at=over + 31 * DAY) for _turn in range(2)] == [1, 0]

    work(over + 31 * DAY, HOUR)
    lost.refresh_from_db()
    assert (lost.deleted_at is not None, lost.receipt != "") == (True, True)


def test_the_providers_copy_of_a_lost_message_stays_while_a_court_holds_it(lost, operator, at):
    contact = follow_up.close_follow_up(contact=Contact.objects.get(), closing="no_need", by=operator, at=lost.lost_at)
    Contact.objects.filter(pk=contact.pk).update(legal_hold=True)

    assert actions.order_lost_deletions(at=lost.lost_at + 31 * DAY) == 0


def test_a_message_whose_report_never_came_is_fetched(network, line, at):
    contact = network.queued()
    Recording.objects.create(contact=contact, account=line.account, sid=SID, seconds=9, made_at=at)

    early = tasks.fetch_again(at + dt.timedelta(minutes=9))
    found = [tasks.fetch_again(at + dt.timedelta(minutes=minutes)) for minutes in (15, 15, 21)]
    work(at + dt.timedelta(minutes=22), HOUR)

    assert (early, found) == (0, [1, 0, 0])
    assert Recording.objects.get().audio is not None


def test_an_order_that_an_earlier_version_gave_up_silently_is_given_again_once(message, at, away):
    Command.objects.filter(kind="fetch_recording").update(failed_at=at, fault="down", tries=5)

    assert [actions.order_unfetched(at=at + HOUR) for _turn in range(2)] == [1, 0]
    Command.objects.filter(done_at=None).update(failed_at=at)
    assert actions.order_unfetched(at=at + 2 * HOUR) == 0


@pytest.mark.parametrize("values", [{"status": "absent"}, {"fetched_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}])
def test_a_message_that_has_no_sound_or_is_here_is_not_ordered(message, at, values):
    Command.objects.all().delete()
    Recording.objects.update(**values)

    assert actions.order_unfetched(at=at + HOUR) == 0


def test_a_message_of_an_erased_contact_is_lost_without_a_word(message, at, away):
    Contact.objects.update(erased_at=at, is_missed=False)
    away(ProviderDown("down"))

    work(at, HOUR)

    assert Command.objects.filter(kind="delete_recording").count() == 1
    assert not Contact.objects.get().events.filter(kind="message_lost").exists()


def test_a_deletion_that_a_wrong_secret_refuses_is_asked_for_again(message, at, away):
    tasks.run_patient_orders(at)
    away(ProviderRefused("20003"))
    work(at, DAY)
    away(None)

    work(at + DAY, 2 * HOUR)

    message.refresh_from_db()
    assert message.deleted_at is not None


def test_an_order_of_a_kind_that_no_part_knows_stands_in_the_timeline(message, operator, desk):
    Command.objects.update(kind="of_another")

    page = desk.get(reverse("hotline:contact", args=[Contact.objects.get().public_id]))

    assert (page.status_code, "of_another" in page.content.decode()) == (200, True)
