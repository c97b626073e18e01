"""Sheets that nobody finishes: whose operator left is work for the others at once, whose forgot it after a day."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from accounts.queries import owners_with_keys
from hotline import tasks
from hotline.actions import CannotErase, erase_contact, follow_up, set_presence
from hotline.models import Contact, OperatorState
from hotline.queries.console import desk as desk_of
from hotline.queries.console import due
from hotline.queries.unfinished import unfinished_contacts
from tests.hotline.test_serving import LEFT, leave

pytestmark = [pytest.mark.django_db, pytest.mark.either]
DAYS = dt.timedelta(days=1)
ROOM = "CF" + "1" * 32


@pytest.fixture
def talk(network, operator, at):
    """A call in conversation with the operator."""
    contact = network.taken(operator, at)
    leg = contact.legs.get(role="operator")
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, leg.call_sid, leg.label)
    assert network.contact.state == "connected"
    return network.contact


@pytest.fixture
def over(talk, network):
    """The same call, over; its operator has the sheet in hand."""
    network.status("completed", "9")
    contact = network.contact
    assert (contact.state, contact.is_missed, OperatorState.objects.get().contact) == ("wrap_up", False, contact)
    return contact


@pytest.mark.parametrize("how", LEFT)
def test_a_call_whose_operator_left_while_on_it_is_work_for_the_supervisor(
    network, talk, operator, supervisor, haiti, at, how
):
    leave(operator, how, haiti)
    network.status("completed", "9")

    assert list(unfinished_contacts(supervisor, at)) == [talk]
    assert due(supervisor, at=at).unfinished == 1


@pytest.mark.parametrize("how", LEFT)
def test_a_sheet_in_hand_waits_for_its_operator_a_day_and_for_one_who_left_not_at_all(
    over, operator, supervisor, haiti, at, how
):
    before = [due(supervisor, at=over.ended_at + span).unfinished for span in (DAYS * 0, DAYS * 0.9, DAYS)]

    leave(operator, how, haiti)

    assert before == [0, 0, 1]
    assert due(supervisor, at=over.ended_at).unfinished == 1


def test_a_sheet_that_its_operator_laid_aside_is_seen_at_once(over, operator, supervisor, person, haiti, at):
    set_presence(user=operator, state="ready", by=operator, at=at)

    assert list(unfinished_contacts(supervisor, at)) == [over]
    assert list(unfinished_contacts(person("supervisor", country=haiti), at)) == []


def test_the_supervisor_finds_it_finishes_it_and_its_operator_is_not_made_ready(
    over, operator, supervisor, haiti, sign_in
):
    leave(operator, "account", haiti)
    page = sign_in(supervisor)
    console = reverse("hotline:console")
    opened = f"{console}?contact={over.public_id}"

    assert 'id="due-unfinished"' in page.get(console).content.decode()
    assert (
        "a day has passed, or nobody has the sheet in hand now."
        in page.get(reverse("hotline:missed")).content.decode()
    )
    ledger = page.get(reverse("hotline:missed")).content.decode()
    assert (opened in ledger, operator.get_short_name() in ledger, "Account closed" in ledger) == (True, True, True)
    form = page.get(opened).content.decode()
    assert reverse("hotline:wrap_up", args=[over.public_id]) in form
    page.post(reverse("hotline:wrap_up", args=[over.public_id]), {"topic": "concern"})

    over.refresh_from_db()
    assert (over.state, over.topic, OperatorState.objects.get(user=operator).state) == ("done", "concern", "off")
    assert 'id="due-unfinished"' not in page.get(console).content.decode()
    assert 'id="unfinished"' not in page.get(reverse("hotline:missed")).content.decode()


@pytest.mark.parametrize(("minutes", "state"), [(0, "ready"), (2, "off")])
def test_an_operator_is_ready_after_a_colleague_finished_her_sheet_only_at_her_desk(
    over, operator, supervisor, at, minutes, state
):
    OperatorState.objects.update(seen_at=at - dt.timedelta(minutes=minutes))
    type(over).objects.filter(pk=over.pk).update(ended_at=at - DAYS)  # who sits at her desk has a day for it

    follow_up.wrap_up(contact=over, topic="concern", by=supervisor, at=at)

    assert OperatorState.objects.get(user=operator).state == state


@pytest.mark.parametrize("how", [*LEFT, ""])
def test_the_job_erases_what_nobody_finished(over, operator, haiti, how):
    if how:
        leave(operator, how, haiti)

    early = tasks.erase(over.ended_at + 179 * DAYS)
    done = tasks.erase(over.ended_at + 200 * DAYS)

    over.refresh_from_db()
    state = OperatorState.objects.get(user=operator)
    assert (early, done, over.erased_at) == (0, 1, over.ended_at + 200 * DAYS)
    assert (owners_with_keys([over.public_id]), state.state, state.contact) == (set(), "off", None)


def test_no_hand_erases_a_sheet_that_waits_and_the_page_says_when_it_goes(over, supervisor, sign_in, at):
    Contact.objects.filter(pk=over.pk).update(ended_at=timezone.now())
    page = sign_in(supervisor).get(reverse("hotline:contact", args=[over.public_id]))

    assert "are erased by themselves on" in page.content.decode()
    with pytest.raises(CannotErase, match="open"):
        erase_contact(contact=over, reason="asked", by=supervisor, at=timezone.now())


def test_an_operator_who_moved_has_the_call_no_more_in_hand(over, operator, haiti, at):
    before = desk_of(operator, at=at).contact

    leave(operator, "country", haiti)

    assert (before, desk_of(operator, at=at).contact) == (over, None)


def test_what_is_not_finished_is_not_called_as_a_sheet_that_somebody_has_in_hand(
    over, operator, supervisor, haiti, sign_in
):
    leave(operator, "account", haiti)
    page = sign_in(supervisor)
    console, missed, board = (
        BeautifulSoup(page.get(reverse(name)).content, "html.parser")
        for name in ("hotline:console", "hotline:missed", "hotline:board")
    )

    assert " ".join(console.find(id="due-unfinished").text.split()) == "Unfinished sheets 1"
    assert missed.find(id="unfinished").h2.text == "Unfinished sheets"
    assert board.find(id="board-unfinished").text == "Over, sheet open"
