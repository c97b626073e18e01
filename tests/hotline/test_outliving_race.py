"""Two contacts of a telephone that are erased or changed at the same instant: no no is lost, and no number stays alone."""

import pytest
from django.db import connection

from hotline.actions import erasing
from hotline.models import Contact
from hotline.queries.dialling import call_bar
from hotline.queries.retention import left_behind
from tests.hotline.backs import HOUR, MINUTE, NO, calls_again, fresh, says
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]


def erase(contact, by, at):
    erasing.erase_contact(contact=contact, reason="asked", by=by, at=at)


def again(network, sid, at):
    """Let the person call once more, who may be called and texted."""
    row = calls_again(network, sid)
    network.status("completed", "9")
    Contact.objects.filter(pk=row.pk).update(may_call="yes", may_text="yes", safety_at=at, text_said_at=at)
    return fresh(row)


def over():
    """Let all contacts be over, so that they may be erased."""
    for row in Contact.objects.filter(erased_at=None):
        done = {"is_missed": False, "state": "done", "closing": "called_again"}
        Contact.objects.filter(pk=row.pk).update(**done, closed_at=row.ended_at, wrapped_up_at=row.ended_at)


@pytest.fixture(params=["earlier", "later"])
def two(request, network, missed, at):
    """Two contacts of a telephone: one that says no a minute later, and one of an older yes."""
    again(network, "9", at)
    says_no, other = Contact.objects.order_by("pk" if request.param == "earlier" else "-pk")
    Contact.objects.filter(pk=says_no.pk).update(may_call="no", safety_at=at + MINUTE)
    over()
    return fresh(says_no), fresh(other)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_are_erased_at_once_neither_keeps_the_number(two, supervisor, at, first):
    with meanwhile(lambda: erase(two[1 - first], supervisor, at + HOUR)) as told:
        erase(two[first], supervisor, at + HOUR)

    assert told == [None]
    assert set(Contact.objects.values_list("number_index", flat=True)) == {""}
    assert not left_behind().exists()


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_are_erased_at_once_the_no_stands_for_the_third(network, two, supervisor, at, first):
    last = again(network, "8", at)

    with meanwhile(lambda: erase(two[1 - first], supervisor, at + HOUR)) as told:
        erase(two[first], supervisor, at + HOUR)

    assert told == [None]
    assert call_bar(fresh(last), at + 2 * HOUR) == "not_safe"


def test_a_no_that_is_saved_while_the_contact_is_erased_stands_for_the_other(two, operator, supervisor, at):
    gone, other = two
    Contact.objects.filter(pk=gone.pk).update(may_call="yes", safety_at=at)

    with meanwhile(lambda: erase(fresh(gone), supervisor, at + 2 * HOUR)) as told:
        says(gone, NO, operator, at + HOUR)

    assert told == [None]
    assert call_bar(fresh(other), at + 2 * HOUR) == "not_safe"
