"""The end of a call that was to be handed to a colleague, before the key: her operator was lost or ended it, or the caller
hung up, in any order of the reports.

The network had confirmed that the room goes on without the operator. Whose sheet it is follows from who was in the room
when, by the times that the room gives, and not from the order in which it is heard.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from hotline import actions
from hotline.actions.shielding import shield_contact
from hotline.models import OperatorState, ThirdCall
from tests.hotline.test_any_order import SIDS, Telling, comes, ends, takes

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def second(person, liberia, at):
    """A colleague who is ready."""
    user = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


@pytest.fixture
def telling(network, operator, second, at, monkeypatch):
    """A call with a colleague in the room, whose operator asked to hand it over: what the network tells of it is to come."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    monkeypatch.setitem(SIDS, "col-1", "CA" + "f" * 32)
    contact = network.queued()
    telling = Telling(network, contact)
    telling.at = at
    takes(network, contact, operator, "op-1", at)
    telling.tell([telling.room("participant-join", 1, "caller"), telling.room("participant-join", 2, "op-1")])
    third = actions.ask_colleague(contact=contact, person=second, by=operator, at=at)
    actions.take_over(contact=contact, by=second, at=at)
    third.refresh_from_db()
    comes(network, third, "col-1")
    telling.tell([telling.room("participant-join", 3, "col-1")])
    actions.hand_over(contact=contact, by=operator, at=at)
    assert (network.contact.state, ThirdCall.objects.get().state) == ("consult", "joined")
    return telling


def goes(telling, *labels):
    """Return what is told when people leave the room one after the other: the room first, then the telephone."""
    events = [telling.room("participant-modify", 4, "op-1", EndConferenceOnExit="false")]
    for number, label in enumerate(labels, start=5):
        events += [telling.room("participant-leave", number, label), telling.status(label, "completed", 9)]
    return events


ENDED = "the operator ends the call"
LEAVING = {
    "the operator is lost": (("op-1", "caller", "col-1"), "second"),
    "the operator is lost, then the colleague": (("op-1", "col-1", "caller"), "second"),
    "the caller hangs up, the operator hears it first": (("caller", "op-1", "col-1"), "operator"),
    "the caller hangs up, the colleague hears it first": (("caller", "col-1", "op-1"), "operator"),
    "the colleague is lost, then the operator": (("col-1", "op-1", "caller"), "operator"),
    "the colleague is lost, then the caller": (("col-1", "caller", "op-1"), "operator"),
    ENDED: (("op-1", "col-1", "caller"), "operator"),
}


def proved(telling, what, whose, data):
    """Draw an order with repetitions; the end is that of the call as it went."""
    labels, holder = LEAVING[what]
    events = goes(telling, *labels)
    if not hasattr(telling, "expected"):
        if what == ENDED:
            telling.tell(events[:1])
            actions.end_call(contact=telling.network.contact, by=whose["operator"], at=telling.at)
        telling.expected = ends(telling, events)
        assert telling.expected[5] == whose[holder].pk
    again = data.draw(st.lists(st.sampled_from(range(len(events))), max_size=4))
    order = data.draw(st.permutations([*range(len(events)), *again]))

    assert ends(telling, [events[number] for number in order]) == telling.expected


@pytest.mark.parametrize("what", LEAVING)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whose_sheet_it_is_follows_from_who_was_there_when(telling, operator, second, what, data):
    proved(telling, what, {"operator": operator, "second": second}, data)


@pytest.mark.long
@pytest.mark.parametrize("what", LEAVING)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_in_many_orders_it_follows_from_who_was_there_when(telling, operator, second, what, data):
    proved(telling, what, {"operator": operator, "second": second}, data)


def test_what_is_found_out_late_is_written_down_as_what_was_seen_at_once(telling, second):
    confirmed, *rest = goes(telling, "op-1", "caller", "col-1")
    telling.tell([confirmed, *rest[2:], *rest[:2]])

    contact = telling.network.contact
    assert (contact.claimed_by, contact.events.filter(kind="taken_over").count()) == (second, 1)
    assert AuditEntry.objects.filter(verb="hotline.taken_over").count() == 1


def test_what_was_taken_for_a_hand_over_and_was_none_is_corrected(telling, operator):
    confirmed, *rest = goes(telling, "caller", "op-1", "col-1")
    telling.tell([confirmed, *rest[2:], *rest[:2]])

    contact = telling.network.contact
    kinds = [
        kind for kind in contact.events.values_list("kind", flat=True) if kind in ("taken_over", "colleague_refused")
    ]
    assert (contact.claimed_by, kinds) == (operator, ["taken_over", "colleague_refused"])


def test_a_room_that_may_not_go_on_makes_it_nobody_elses(telling, operator):
    _confirmed, *rest = goes(telling, "op-1", "caller", "col-1")
    telling.tell(rest)

    assert telling.network.contact.claimed_by == operator


def test_whom_another_operator_took_meanwhile_stays_hers_when_it_is_told_late_that_the_room_goes_on(
    telling, second, person, liberia
):
    third = person("operator", country=liberia, name="Third, Liberia")
    actions.set_presence(user=third, state="ready", by=third, at=telling.at)
    confirmed, *left = goes(telling, "op-1")
    telling.tell(left)
    assert telling.network.contact.state == "returned"
    actions.take_call(contact=telling.network.contact, by=third, at=telling.at)

    telling.tell([confirmed])

    assert telling.network.contact.claimed_by == third
    assert not OperatorState.objects.filter(user=second, contact=telling.contact).exists()


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_whom_the_call_names_gets_no_sheet_of_it(telling, operator, second, person, liberia, order):
    boss = person("supervisor", country=liberia)
    events = goes(telling, "op-1", "caller", "col-1")
    shield_contact(contact=telling.network.contact, user=second, by=boss, at=telling.at)
    telling.tell(events[order])

    assert telling.network.contact.claimed_by == operator
    assert not OperatorState.objects.filter(user=second, contact=telling.contact).exists()
