"""After a clock that was ahead: no mark stops a job, no lease holds a row, no call in between is skipped."""

import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.actions import due_letters
from accounts.models import Letter
from hotline import actions, tasks
from hotline.actions import lines
from hotline.models import Command, Contact, Leg, Message, SweepMark
from hotline.queries.leases import count_wrong_leases
from hotline.queries.marks import marks_ahead
from hotline.queries.post import due_commands, due_messages
from hotline.telephony.base import CallFacts
from referral.models import Notice
from referral.queries.work import due_notices
from tests.hotline.ended import DAYS, ended_contact  # noqa: F401 -- fixture
from tests.hotline.public import told

pytestmark = pytest.mark.django_db
AHEAD = dt.timedelta(days=400)
ACCOUNT = "AC" + "1" * 32


def put_ahead(kind, at, account=""):
    """Leave the mark of a job as a clock did that was ahead."""
    SweepMark.objects.update_or_create(account=account, kind=kind, defaults={"mark_at": at + AHEAD})


def mark(kind, account=""):
    return SweepMark.objects.get(account=account, kind=kind).mark_at


def test_contacts_are_erased_again_as_soon_as_the_clock_is_right(contact, at):
    put_ahead("erasing", at + 181 * DAYS)

    done = tasks.erase(at + 181 * DAYS)

    assert done > 0
    assert Contact.objects.get(pk=contact.pk).erased_at == at + 181 * DAYS
    while tasks.erase(at + 181 * DAYS):
        pass
    assert mark("erasing") == at + 181 * DAYS
    assert tasks.erase(at + 181 * DAYS + dt.timedelta(minutes=59)) == 0


def test_records_at_the_provider_are_deleted_again(contact, at):
    Leg.objects.update(account=ACCOUNT)
    put_ahead("records", at + 3 * DAYS)

    assert tasks.delete_records(at + 3 * DAYS) == 1
    assert Command.objects.filter(kind="delete_call").count() == 1


def test_the_sweep_goes_on(network, operator, at):
    network.call()
    put_ahead("sweep", at)

    tasks.sweep(at + dt.timedelta(minutes=11))

    assert mark("sweep") == at + dt.timedelta(minutes=11)


def test_prompts_of_a_newer_release_are_looked_for(line, at):
    put_ahead("prompts", at)

    tasks.complete_prompts(at)

    assert mark("prompts") == at


def test_public_numbers_say_the_hours_of_today(line, public, at, now):
    lines.set_exception(line=line, day=dt.date(2026, 11, 26), spans=[], note="", by="test", at=at)
    midnight = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    put_ahead("numbers", midnight)

    assert tasks.tell_hours(midnight) == 1
    assert told(public)[1].startswith("Closed today")


def test_calls_in_between_are_asked_for_and_the_mark_is_sound_again(network, at, monkeypatch):
    asked = []

    class Lists:
        def calls_since(self, since):
            asked.append(since)
            began = at - 9 * DAYS
            facts = CallFacts("CA" + "8" * 32, "completed", "2883", "+231770001111", "inbound", began)
            return [facts] if since <= began else []

        def messages_since(self, since):
            return []

        recordings_since = messages_since

    monkeypatch.setattr("hotline.actions.comparing.provider", lambda account: Lists())
    put_ahead("calls", at, account=ACCOUNT)

    found = [actions.sweep_account(account=ACCOUNT, at=at) for _turn in range(2)]

    assert (found, mark("calls", ACCOUNT)) == ([1, 0], at)
    assert asked[1] == at - dt.timedelta(minutes=10)


def test_a_first_look_at_an_account_goes_back_two_days_only(network, at, monkeypatch):
    asked = []

    class Lists:
        def calls_since(self, since):
            asked.append(at - since)
            return []

        def messages_since(self, since):
            return []

        recordings_since = messages_since

    monkeypatch.setattr("hotline.actions.comparing.provider", lambda account: Lists())

    actions.sweep_account(account=ACCOUNT, at=at)

    assert asked == [2 * DAYS + dt.timedelta(minutes=10)]


@pytest.fixture
def held(network, case, liberia, at):
    """One row of each kind that a worker claims, or that waits for its time, as a clock 400 days ahead left it."""
    far = at + AHEAD
    network.queued()
    contact = network.contact
    Contact.objects.filter(pk=contact.pk).update(state="offered", claimed_until=far)
    leg = contact.legs.first()
    actions.order("hang_up", leg=leg, key="claimed", at=at)
    actions.order("hang_up", leg=leg, key="put off", at=far)
    Command.objects.filter(key="claimed").update(claimed_until=far)
    Message.objects.create(
        key="m", contact=contact, line=contact.line, direction="out", state="outbox", made_by="t", made_at=at,
        claimed_until=far,
    )  # fmt: skip
    accounts.queue_letter(key="l", to="a@example.org", language="en", subject="S", text="T", at=at)
    Letter.objects.update(claimed_until=far)
    shared = {"kind": "agency_link", "country": liberia, "language": "en"}
    Notice.objects.create(key="claimed", due_at=at, claimed_until=far, case=case, **shared)
    Notice.objects.create(key="put off", due_at=far, case=case, **shared)
    return contact


def test_no_row_waits_for_a_time_that_no_right_clock_wrote(held, at):
    soon = at + dt.timedelta(seconds=1)
    assert not any(due(soon).exists() for due in (due_messages, due_letters, due_notices))

    freed = tasks.free_leases(at)

    assert freed == 7
    assert {row.key for row in due_commands(soon)} >= {"claimed", "put off"}
    assert [row.key for row in due_messages(soon)] == ["m"]
    assert [row.key for row in due_letters(soon)] == ["l"]
    assert {row.key for row in due_notices(soon)} == {"claimed", "put off"}
    assert actions.release_lapsed_claims(at=soon) == 1
    assert tasks.free_leases(at) == 0


def test_what_is_held_as_long_as_it_may_be_stays_held(network, operator, at):
    actions.take_call(contact=network.queued(), by=operator, at=at)
    accounts.queue_letter(key="l", to="a@example.org", language="en", subject="S", text="T", at=at)
    Letter.objects.update(claimed_until=at + dt.timedelta(hours=3))
    actions.order("delete_message", key="d", at=at, delay=20 * 3600, account=ACCOUNT)

    assert tasks.free_leases(at) == 0
    assert count_wrong_leases(at) == 0


def test_marks_that_stand_in_the_future_are_named(line, at):
    put_ahead("erasing", at)
    put_ahead("calls", at, account=ACCOUNT)

    assert marks_ahead(at) == ["calls", "erasing"]
