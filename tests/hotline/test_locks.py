"""On PostgreSQL: who changes a contact, a line or a person keeps nobody from adding a row that only points to it."""

import datetime as dt

import pytest
from django.db import connection

from hotline import actions
from hotline.actions import erasing, follow_up, sheets
from hotline.actions.lines import add_language
from hotline.actions.rosters import add_shift, set_mode
from hotline.models import Contact
from tests.locks import can_point_to, under_way

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def contact(network, operator, at):
    network.call()
    network.status("completed")
    return network.contact


def test_work_on_a_contact_holds_up_no_row_that_points_to_it(contact, operator, at):
    acts = [
        lambda: follow_up.give_owner(contact=contact, owner=operator, by=operator, at=at),
        lambda: sheets.set_language(contact=contact, language="fr", by=operator, at=at),
        lambda: actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="k"),
    ]

    for act in acts:
        with under_way(act):
            assert can_point_to(contact)


def test_a_callback_holds_up_nobody_either(network, contact):
    with under_way(lambda: network.status("in-progress", sequence="7")):
        assert can_point_to(contact)
        assert can_point_to(contact.legs.get())


def test_work_on_a_line_or_the_roster_holds_up_no_call(line, operator, at):
    times = {"starts_at": at + dt.timedelta(days=3), "ends_at": at + dt.timedelta(days=3, hours=4)}

    with under_way(lambda: set_mode(line=line, mode="message", by=operator, at=at)):
        assert can_point_to(line)
    with under_way(lambda: add_language(line=line, code="pt", by=operator, at=at)):
        assert can_point_to(line)
    with under_way(lambda: add_shift(line=line, user=operator, duty="operator", by=operator, at=at, **times)):
        assert can_point_to(operator)


def test_erasing_waits_for_rows_that_are_being_added(contact, operator, at):
    follow_up.close_follow_up(contact=contact, closing="no_need", by=operator, at=at)

    with under_way(lambda: erasing.erase_contact(contact=contact, reason="asked", by=operator, at=at)):
        assert not can_point_to(contact)
    assert Contact.objects.get(pk=contact.pk).erased_at is None
