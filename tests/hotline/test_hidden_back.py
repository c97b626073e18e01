"""A call back whose operator comes into an office that its contact names, while it is under way: the person is not met."""

import pytest

from accounts.models import Office
from hotline import tasks
from hotline.actions.shielding import shield_contact
from hotline.models import CallBack, OperatorState
from tests.hotline.backs import NUMBER, PERSON, fresh, orders, step

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def moved(joined, operator, supervisor, liberia, at):
    """The operator waits in the room of her call back, is named by nothing, and is then moved into a named office."""
    named = Office.objects.create(country=liberia, name="Station", kind="police")
    shield_contact(contact=joined.contact, by=supervisor, at=at, office=named)
    assert fresh(joined).ended_at is None

    def move():
        operator.office = named
        operator.save(update_fields=["office"])

    return move


def doing(user):
    return OperatorState.objects.get(user=user).state


def test_nobody_is_rung_for_an_operator_whom_the_contact_names_by_then(joined, moved, operator, at):
    moved()

    tasks.run_commands(at)

    assert (fresh(joined).state, joined.ended_at, joined.dialled_at) == ("cancelled", at, None)
    assert ("dial", NUMBER) not in orders()
    assert doing(operator) == "ready"


def test_who_picks_up_is_not_led_to_an_operator_whom_the_contact_names_by_then(network, joined, moved, operator, at):
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    assert ("dial", NUMBER) in orders()
    moved()

    reply = step(network, joined, "back-person", PERSON, AnsweredBy="human")

    assert reply.verbs() == ["Hangup"]
    assert (fresh(joined).state, joined.ended_at, joined.picked_up_at) == ("cancelled", at, None)
    assert doing(operator) == "ready"
