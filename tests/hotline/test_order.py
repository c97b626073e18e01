"""Who comes first: in the queue of the console, in what a caller hears of her place, in the lists and in the post."""

from datetime import timedelta

import pytest

from hotline import queries
from hotline.models import Contact, Line, Message, Shift
from hotline.queries import console, log, retention
from hotline.queries.contacts import place_in_queue
from hotline.queries.duty import on_duty
from hotline.retention import KEPT

pytestmark = pytest.mark.django_db


def call(line, at, minutes=0, **values):
    """Make a call that waits since some minutes after `at`."""
    since = at + timedelta(minutes=minutes)
    first = {"language": "en", "state": "waiting", "step": "queue", "queued_at": since} | values
    return Contact.objects.create(line=line, country=line.country, started_at=since, changed_at=since, **first)


def text(line, at, *minutes, direction="in", **values):
    """Make a contact by text message, with unread messages that came at some minutes after `at`."""
    contact = call(line, at, minutes[0], kind="message", state="ended", queued_at=None, **values)
    for minute in minutes:
        Message.objects.create(
            key=f"{contact.pk}:{minute}", line=line, contact=contact, account=line.account, direction=direction,
            state="received" if direction == "in" else "outbox", made_by="test", made_at=at + timedelta(minutes=minute),
        )  # fmt: skip
    return contact


def test_queue_is_danger_then_calls_then_texts_each_by_priority_and_wait(operator, line, at):
    """Danger counts by itself: it comes first also where the priority says nothing of it."""
    early_text = text(line, at, 0)
    late_call, returned = call(line, at, 4), call(line, at, 5, priority=1, state="returned")
    early_call = call(line, at, 1)
    silent = call(line, at, 3, state="silent", step="silent", queued_at=None)
    danger_text = text(line, at, 2, is_danger=True)
    late_danger, early_danger = call(line, at, 8, is_danger=True), call(line, at, 7, is_danger=True)

    rows = [row.contact for row in console.desk(operator, at=at).rows]

    assert rows == [early_danger, late_danger, danger_text, returned, early_call, silent, late_call, early_text]


def test_texts_wait_since_their_first_unread_message(operator, line, at):
    second, first = text(line, at, 3, 4), text(line, at, 1, 9)

    assert [row.contact for row in console.desk(operator, at=at).rows] == [first, second]


def test_texts_that_wait_longest_are_those_shown_of_many(operator, line, at):
    newer = [text(line, at, minute) for minute in range(2, 32)]
    oldest = text(line, at, 1)

    rows = [row.contact for row in console.desk(operator, at=at).rows]

    assert rows == [oldest, *newer[:-1]]


def test_waiting_calls_and_the_place_that_is_said_follow_priority_then_wait(operator, line, at):
    late, early, between = call(line, at, 3), call(line, at, 1), call(line, at, 2)
    cut_off, danger = call(line, at, 4, priority=1), call(line, at, 5, priority=0)

    assert list(queries.waiting_calls(operator)) == [danger, cut_off, early, between, late]
    assert [place_in_queue(one) for one in (danger, cut_off, early, between, late)] == [1, 2, 3, 4, 5]


def test_log_shows_the_newest_first_and_missed_the_first_due(operator, line, at):
    old, new = (
        call(line, at, minute, is_missed=True, due_at=at + timedelta(hours=due)) for minute, due in ((1, 9), (2, 3))
    )

    assert list(log.logged_contacts(operator, {}, None, None, at=at)) == [new, old]
    assert list(log.missed_contacts(operator)) == [new, old]
    Contact.objects.filter(pk=old.pk).update(due_at=at)
    assert list(log.missed_contacts(operator)) == [old, new]


def test_lines_in_use_stand_before_those_out_of_use(operator, line):
    Line.objects.filter(pk=line.pk).update(number="9", numbers="9")
    out, used = (
        Line.objects.create(
            country=line.country, name="Other", number=number, numbers=number, account=line.account,
            language_keys="1:en", duty_phone="+231770001111", other_number="116", is_active=is_active,
        )
        for number, is_active in (("1", False), ("2", True))
    )  # fmt: skip

    assert list(log.lines_of(operator)) == [used, line, out]


def test_outgoing_texts_leave_in_the_order_in_which_they_were_written(line, at):
    late, early, between = (text(line, at, minute, direction="out").messages.get() for minute in (5, 1, 3))

    assert list(queries.due_messages(at)) == [early, between, late]


def test_people_on_duty_stand_by_duty_then_by_name(operator, person, liberia, line, at):
    times = {"line": line, "starts_at": at - timedelta(hours=1), "ends_at": at + timedelta(hours=1)}
    Shift.objects.all().delete()
    for name, duty in (("Ben", "operator"), ("Zoe", "interpreter"), ("Ada", "operator")):
        Shift.objects.create(user=person(duty, country=liberia, name=name), duty=duty, **times)

    assert [shift.user.name for shift in on_duty(line, at)] == ["Zoe", "Ada", "Ben"]


def test_contacts_are_erased_oldest_first(line, at):
    late, early, between = (
        call(line, at, minute, state="ended", ended_at=at + timedelta(minutes=minute)) for minute in (5, 1, 3)
    )

    assert list(retention.due_contacts(at + KEPT + timedelta(hours=1))) == [early, between, late]
