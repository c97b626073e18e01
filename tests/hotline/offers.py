"""An offer of a call: an operator takes it, is let in or misses it; the caller waits, goes to the choices, is cut off."""

from itertools import permutations

from django.db import transaction

from hotline import actions
from hotline.models import Command, Contact, OperatorState, Shift
from tests.hotline.conftest import OPERATOR_SID

WAIT = 1000  # turns of waiting in one turn of the call
CALLBACK = ("2", "2", "1", "1", "1")  # the choice, then: yes, mornings, shared by nobody, no voicemail


def orders_out():
    return [key.partition(":")[0] for key in Command.objects.filter(kind="redirect").values_list("key", flat=True)]


def waits(network, clock, minutes):
    """Let the caller wait on, told so each minute; return why she was led out meanwhile."""
    turn = network.contact.turn
    for minute in range(minutes):
        clock.move(minutes=1)
        network.step("wait", turn * WAIT + minute + 1)
    return orders_out()


def takes(contact, operator, at):
    """Let an operator take the call; return the telephone that is on its way."""
    actions.take_call(contact=Contact.objects.get(pk=contact.pk), by=operator, at=at)
    return contact.legs.filter(role="operator").latest("pk")


def misses(contact, operator, clock):
    """Let an operator take the call, and her telephone not join it."""
    takes(contact, operator, clock.now)
    actions.release_lapsed_claims(at=clock.move(seconds=60))


def let_in(network, operator, leg):
    """Let an operator's browser be told its room; that it is there is told later."""
    name = f"client:{operator.operator_state.token}"
    assert "<Conference" in network.rung("softphone", leg.token, OPERATOR_SID, to=name).text


def tells(network, event, second, sid="", label="caller"):
    """Let the room tell who came or went at a second after ten."""
    said = f"Wed, 25 Nov 2026 10:{second // 60:02}:{second % 60:02} +0000"
    network.room(f"participant-{event}", second, network.contact, sid or network.sid, label, said=said)


def talks(network, operator, clock):
    """Let the caller wait from the tenth second on, and an operator talk with her from the twentieth."""
    contact = network.queued()
    tells(network, "join", 10)
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")
    clock.move(seconds=30)
    assert network.contact.state == "connected"


def is_cut(network):
    """Let the operator's connection be cut, and the caller come out of the room by it."""
    tells(network, "leave", 30, OPERATOR_SID, "op-1")
    return network.step("left", network.contact.turn, DialCallStatus="completed")


def presses(network, address, *keys):
    for key in keys:
        reply = network.step(address, network.contact.turn, Digits=key)
    return reply


def everybody_goes(operator, at):
    actions.set_presence(user=operator, state="off", by=operator, at=at)
    Shift.objects.all().delete()


def state_of(operator):
    return OperatorState.objects.values_list("state", "contact", "missed_offers").get(user=operator)


def in_every_order(reports, seen):
    """Let the same reports come in every order, each time from the same beginning; return all that was seen at the end."""
    found = set()
    for order in permutations(reports):
        with transaction.atomic():
            for report in order:
                report()
            found.add(seen())
            transaction.set_rollback(True)
    return found
