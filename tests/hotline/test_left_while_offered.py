"""Who left the queue while an offer rang: the offer is given back, and what the caller chose stands in the list."""

import pytest
from django.urls import reverse

from hotline.actions import follow_up
from hotline.models import Command
from hotline.queries.log import missed_contacts
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.offers import CALLBACK, is_cut, let_in, presses, state_of, takes, talks, tells

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def chooses(network, operator, clock):
    """A caller who pressed the star while the browser of an operator was let into the room, and is not known to be there."""
    contact = network.queued()
    tells(network, "join", 10)
    leg = takes(contact, operator, clock.now)
    let_in(network, operator, leg)
    tells(network, "leave", 15)
    network.step("left", 2, DialCallStatus="answered")
    return leg


def test_an_offer_is_given_back_when_its_caller_goes_to_the_choices(network, operator, desk, chooses):
    contact = network.contact

    assert (contact.state, contact.claimed_by, contact.claimed_until) == ("choices", None, None)
    assert state_of(operator) == ("ready", None, 0)
    assert Command.objects.filter(kind="hang_up", leg=chooses).count() == 1
    page = desk.get(reverse("hotline:console")).content.decode()
    assert "Hearing the choices while waiting" in page
    assert "Your telephone is joining the room." not in page


def test_who_comes_back_to_the_queue_is_offered_anew(network, operator, clock, chooses):
    presses(network, "choices", "1")
    assert network.contact.state == "waiting"

    leg = takes(network.contact, operator, clock.now)

    assert (network.contact.state, leg.label, state_of(operator)[0]) == ("offered", "op-2", "offered")


@pytest.mark.parametrize("is_told", ["not", "before the choice", "after the choice", "at the end"])
@pytest.mark.parametrize("outcome", ["callback", "voicemail"])
def test_a_call_back_or_a_message_chosen_while_an_offer_rang_stands_in_the_list(
    network, operator, chooses, outcome, is_told
):
    def comes(when):
        if is_told == when:
            tells(network, "join", 17, OPERATOR_SID, "op-1")
            tells(network, "leave", 18, OPERATOR_SID, "op-1")

    comes("before the choice")
    presses(network, "choices", "2" if outcome == "callback" else "3")
    comes("after the choice")
    if outcome == "callback":
        presses(network, "callback", *CALLBACK[1:])
    else:
        network.step("voicemail-done", 4, RecordingSid="RE" + "1" * 32, RecordingDuration="20")
    network.status("completed", "9")
    comes("at the end")

    contact = network.contact
    assert (contact.state, contact.outcome, contact.is_missed, contact.connected_at) == ("ended", outcome, True, None)
    assert [one.pk for one in missed_contacts(operator)] == [contact.pk]
    assert state_of(operator) == ("ready", None, 0)


def test_who_comes_back_after_an_operator_was_in_the_empty_room_was_not_answered(network, operator, chooses):
    tells(network, "join", 17, OPERATOR_SID, "op-1")
    tells(network, "leave", 18, OPERATOR_SID, "op-1")
    presses(network, "choices", "1")
    tells(network, "join", 25)
    assert network.contact.state == "waiting"

    tells(network, "leave", 50)
    network.status("completed", "9")

    assert (network.contact.outcome, network.contact.is_missed) == ("abandoned", True)


def test_a_star_before_the_room_leads_into_it_where_the_operator_is_there(network, operator, clock):
    contact = network.queued()
    network.step("left", 2)
    presses(network, "choices", "1")
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")

    reply = presses(network, "queue", "*")

    assert (reply.verbs(), network.contact.state) == (["Dial"], "connected")


@pytest.mark.parametrize("outcome", ["callback", "voicemail", "no_message"])
def test_what_is_chosen_after_a_cut_off_stands_in_the_list_and_the_sheet_is_hers_who_talked(
    network, operator, clock, outcome
):
    talks(network, operator, clock)
    is_cut(network)
    presses(network, "queue", "*")
    presses(network, "choices", "2" if outcome == "callback" else "3")
    if outcome == "callback":
        presses(network, "callback", *CALLBACK[1:])
    if outcome == "voicemail":
        sound = {"RecordingSid": "RE" + "6" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}
        network.status("completed", "9")
        network.post("/hotline/twilio/status/", network.fields(**sound))
    network.status("completed", "10")

    contact = network.contact
    assert (contact.outcome, contact.is_missed, contact.due_at is None) == (outcome, True, False)
    assert (contact.state, contact.claimed_by, state_of(operator)[0]) == ("wrap_up", operator, "wrap_up")
    follow_up.wrap_up(contact=contact, topic="crisis", by=operator, at=clock.now)
    assert [one.pk for one in missed_contacts(operator)] == [contact.pk]
