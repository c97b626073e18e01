"""The marks that consoles and boards compare: one tells nothing of a contact that is hidden from who reads it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Office
from hotline.actions.shielding import lift_shield, shield_contact
from hotline.models import Contact, Leg, ThirdCall
from hotline.queries.board import board_mark
from hotline.queries.pulse import change_mark
from tests.hotline.console import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.either]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def station(liberia):
    return Office.objects.create(country=liberia, name="Station", kind="police")


@pytest.fixture
def named(person, liberia, station):
    """A supervisor who works in a police station."""
    return person("supervisor", country=liberia, name="Named, Liberia", office=station)


@pytest.fixture(params=[change_mark, board_mark], ids=["console", "board"])
def mark(request, at):
    """The mark of a person's console, or of her board, in one minute."""
    return lambda user: request.param(user, at=at)


@pytest.fixture
def hidden(line, at, named, supervisor):
    """A call that is hidden from the police and of which no mark of theirs tells, and one that everybody sees."""
    waiting(line, at + SECOND)
    row = waiting(line, at)
    shield_contact(contact=row, by=supervisor, at=at + 2 * SECOND, kind="police")
    return row


def changes(row, at):
    Contact.objects.filter(pk=row.pk).update(changed_at=at)


def test_a_hidden_contact_moves_no_mark_of_whom_it_names_and_that_of_everybody_else(
    mark, hidden, named, supervisor, at
):
    hers, others = mark(named), mark(supervisor)

    changes(hidden, at + dt.timedelta(seconds=5, microseconds=123456))

    assert (mark(named), mark(supervisor) == others) == (hers, False)


def test_what_she_may_see_moves_her_mark_as_before(mark, hidden, named, line, at):
    hers = mark(named)
    waiting(line, at + 9 * SECOND)
    assert mark(named) != hers


@pytest.mark.parametrize("how", ["kind", "office", "user"])
def test_one_that_is_hidden_and_given_back_moves_it_though_it_was_not_the_newest(
    mark, named, supervisor, station, line, at, how
):
    row = waiting(line, at)
    waiting(line, at + SECOND)
    whom = {"kind": "police", "office": station, "user": named}[how]
    before = mark(named)

    shield = shield_contact(contact=row, by=supervisor, at=at, **{how: whom})
    without = mark(named)
    lift_shield(shield=shield, by=supervisor, at=at)

    assert without != before
    assert mark(named) == before


def test_one_that_is_hidden_from_her_once_more_does_not(mark, hidden, named, supervisor, at):
    hers = mark(named)
    shield_contact(contact=hidden, by=supervisor, at=at + 8 * SECOND, user=named)
    assert mark(named) == hers


def test_where_she_comes_into_the_named_office_what_she_sees_goes_with_her_mark(
    mark, hidden, person, liberia, station
):
    moved = person("supervisor", country=liberia, name="Moved, Liberia")
    before = mark(moved)
    moved.office = station
    moved.save()
    assert mark(moved) != before


def test_the_end_of_the_call_in_which_she_is_moves_it_though_it_is_hidden_from_her(mark, hidden, named, at):
    third = ThirdCall.objects.create(contact=hidden, role="supervisor", person=named, state="joined", asked_at=at)
    hers = mark(named)
    ThirdCall.objects.filter(pk=third.pk).update(state="over", ended_at=at)
    assert mark(named) != hers


@pytest.mark.parametrize("is_hidden", [True, False])
def test_what_is_told_of_the_telephones_of_an_opened_call_moves_the_mark_of_who_may_see_it_alone(
    hidden, named, supervisor, at, is_hidden
):
    call = hidden if is_hidden else Contact.objects.exclude(pk=hidden.pk).get()
    leg = Leg.objects.create(contact=call, account="a", call_sid="CA1", role="caller", made_at=at)
    hers, others = (change_mark(user, at=at, contact=call) for user in (named, supervisor))

    Leg.objects.filter(pk=leg.pk).update(moves="20261125100100|00000001|CF1|in", left_at=at)

    assert (change_mark(named, at=at, contact=call) == hers) is is_hidden
    assert change_mark(supervisor, at=at, contact=call) != others


def test_it_tells_no_moment_of_a_contact(mark, hidden, named, line, at):
    moment = at + dt.timedelta(days=31, microseconds=654321)
    waiting(line, moment)
    assert "654321" not in mark(named)
    assert moment.date().isoformat() not in mark(named)


@pytest.mark.parametrize(("page", "statements"), [("console_live", 2), ("board_live", 4)])
def test_a_poll_of_whom_contacts_name_asks_no_more_than_any(
    sign_in, hidden, named, now, django_assert_max_num_queries, at, page, statements
):
    seen = {"console_live": change_mark, "board_live": board_mark}[page](named, at=at)
    browser, address = sign_in(named), reverse(f"hotline:{page}")
    browser.get(address, {"seen": seen})

    with django_assert_max_num_queries(statements):
        assert browser.get(address, {"seen": seen}).status_code == 204
