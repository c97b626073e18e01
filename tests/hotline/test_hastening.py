"""A need that becomes known after a contact was missed: by key, told late, or on its sheet."""

import datetime as dt

import pytest

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


@pytest.mark.parametrize(
    ("key", "value", "hours"), [("safe_now", "no", 1), ("sign_movement", "yes", 1), ("safe_now", "yes", 24)]
)
def test_a_need_on_the_sheet_of_who_was_missed_brings_her_follow_up_forward(operator, line, at, key, value, hours):
    contact = missed(line, at, 24)

    save_answer(contact=contact, key=key, values=[value], version=0, by=operator, at=at)

    contact.refresh_from_db()
    assert contact.due_at - at == hours * HOUR


def test_a_follow_up_that_is_due_sooner_stays(operator, line, at):
    contact = missed(line, at, 0.5)

    save_answer(contact=contact, key="safe_now", values=["no"], version=0, by=operator, at=at)

    contact.refresh_from_db()
    assert contact.due_at - at == HOUR / 2
