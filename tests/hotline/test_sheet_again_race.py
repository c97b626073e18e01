"""A sheet that is opened again at the instant of another act: one waits for the other, and is told what became of it."""

import pytest
from django.db import connection

from hotline.actions import follow_up
from hotline.actions.operators import NotReady, take_call
from hotline.actions.sheet_again import ChangedSince, reopen_sheet
from hotline.models import Contact, KeyAnswer, Leg, OperatorState
from hotline.queries.closed_sheets import closing_of
from tests.hotline.console import waiting
from tests.hotline.test_ways_on import over  # noqa: F401
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def closed(over, operator, at):  # noqa: F811
    """A sheet that its operator closed, and whose person she handed to the supervisors."""
    KeyAnswer.objects.create(contact=over, question="hurt", answer="yes", at=at)
    return follow_up.wrap_up(contact=over, topic="hoax", by=operator, at=at, after="supervisor")


def opening(closed, operator, at):
    seen = str(closing_of(closed).pk)
    return lambda: reopen_sheet(contact=closed, seen=seen, by=operator, at=at)


def test_it_waits_for_a_supervisor_who_gives_the_follow_up_and_stays_closed(closed, operator, supervisor, at):
    with meanwhile(opening(closed, operator, at)) as told:
        follow_up.give_owner(contact=closed, owner=supervisor, by=supervisor, at=at)

    assert [type(one) for one in told] == [ChangedSince]
    assert Contact.objects.get(pk=closed.pk).state == "done"


def test_it_waits_for_the_next_call_that_its_operator_takes_in_another_window(closed, line, operator, at):
    OperatorState.objects.filter(user=operator).update(in_browser=True)
    call = waiting(line, at)
    Leg.objects.create(contact=call, role="caller", account=line.account, label="caller", made_at=at)

    with meanwhile(opening(closed, operator, at)) as told:
        take_call(contact=call, by=operator, at=at)

    assert [type(one) for one in told] == [NotReady]
    assert OperatorState.objects.get(user=operator).contact == call
