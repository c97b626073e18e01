"""A need that becomes known after a contact was missed: by key, told late, or on its sheet; what is told later postpones none."""

import datetime as dt

import pytest

from hotline.actions.follow_up import close_follow_up, reopen_follow_up
from hotline.actions.sheets import save_answer
from hotline.models import Contact
from tests.hotline.test_missed import missed

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("digit", ["2", "9"])
def test_a_need_said_by_key_is_due_within_the_hour_also_where_it_is_told_after_the_end(network, line, is_late, digit):
    network.call(CallStatus="in-progress")
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    while (contact := Contact.objects.get()).question != "locked_in":
        network.step("silent", contact.turn, Digits="1")

    if is_late:
        network.status("completed", "9")
    network.step("silent", contact.turn, Digits=digit)
    network.status("completed", "9")

    contact.refresh_from_db()
    assert contact.is_missed
    assert contact.due_at - contact.ended_at == HOUR


def test_a_need_that_comes_with_the_end_of_the_call_is_due_within_the_hour(network, line):
    network.call(CallStatus="in-progress")
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    while (contact := Contact.objects.get()).question != "locked_in":
        network.step("silent", contact.turn, Digits="1")

    network.step("silent", contact.turn, Digits="2", CallStatus="completed")

    contact.refresh_from_db()
    assert contact.due_at - contact.ended_at == HOUR


@pytest.fixture
def left_in_the_queue(network, operator):
    """A call that its caller left while she heard what she may do instead of waiting."""
    network.queued()
    network.step("left", 2, DialCallStatus="completed")
    network.status("completed", "9")
    return Contact.objects.get()


def test_the_key_of_danger_is_due_within_the_hour_also_where_how_the_call_ended_stays(network, left_in_the_queue):
    before = left_in_the_queue.outcome

    network.step("choices", left_in_the_queue.turn, Digits="9")

    contact = Contact.objects.get()
    assert (contact.is_danger, contact.outcome) == (True, before)
    assert contact.due_at - contact.ended_at == HOUR


@pytest.mark.parametrize(("answer", "hours"), [("no", 1), ("yes", 24)])
def test_what_is_told_anew_of_how_a_call_ended_postpones_nobody(
    network, clock, left_in_the_queue, operator, at, answer, hours
):
    contact = left_in_the_queue
    save_answer(contact=contact, key="safe_now", values=[answer], version=0, by=operator, at=at)

    clock.move(minutes=50)
    network.step("choices", contact.turn, Digits="3")

    now = Contact.objects.get()
    assert now.outcome != contact.outcome
    assert now.due_at - at == hours * HOUR


@pytest.mark.parametrize(
    ("key", "value", "hours"), [("safe_now", "no", 1), ("sign_movement", "yes", 1), ("safe_now", "yes", 24)]
)
def test_a_need_on_the_sheet_of_who_was_missed_brings_her_follow_up_forward(operator, line, at, key, value, hours):
    contact = missed(line, at, 24)

    save_answer(contact=contact, key=key, values=[value], version=0, by=operator, at=at)

    contact.refresh_from_db()
    assert contact.due_at - at == hours * HOUR


def test_a_need_that_is_written_while_its_follow_up_is_closed_is_due_within_the_hour_once_that_is_opened(
    operator, line, at
):
    contact = close_follow_up(contact=missed(line, at, 24), closing="reached", by=operator, at=at)
    save_answer(contact=contact, key="safe_now", values=["no"], version=0, by=operator, at=at)

    opened = reopen_follow_up(contact=contact, seen=contact.closing_mark, by=operator, at=at)

    assert (opened.closed_at, opened.due_at - at) == (None, HOUR)


def test_a_follow_up_that_is_due_sooner_stays(operator, line, at):
    contact = missed(line, at, 0.5)

    save_answer(contact=contact, key="safe_now", values=["no"], version=0, by=operator, at=at)

    contact.refresh_from_db()
    assert contact.due_at - at == HOUR / 2
