"""What a contact's state becomes does not hang on the order in which its legs are reported of, nor on how often. Pure."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline import callstate
from hotline.callstate import CALL_ORDER, LegFacts, call_status, greater, room_report, settle, third_state
from hotline.stays import is_apart

pytestmark = pytest.mark.either
NOON = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
ROLES = ("caller", "operator", "operator", "interpreter", "agency", "supervisor")
IN_ROOM = ("participant-join", "participant-leave", "participant-hold", "participant-unhold", "participant-mute")
STEPS = ("greeting", "closed", "waiting", "offered", "phones", "asked", "voicemail", "ended", "done")
ROOMS = ("CFa", "CFb")  # a caller who comes back may find another conference
ASKED = ("ringing", "accepted", "stopped", "nobody")


@dataclass
class Telephone:
    """One leg as its row keeps it."""

    role: str
    status: str = ""
    joined_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    away_at: dt.datetime | None = None
    hold_mark: str = ""
    is_held: bool = False
    moves: str = ""

    def facts(self, caller: str) -> LegFacts:
        came, went = self.joined_at is not None, self.left_at is not None
        apart = self.role == "operator" and is_apart(self.moves, caller)
        return LegFacts(self.role, self.status, came, went, self.is_held, apart=apart)


@st.composite
def told(draw):
    """Draw what is reported of up to six telephones, whether that can be or not, and once more in another order."""
    roles = ROLES[: draw(st.integers(1, len(ROLES)))]
    one = st.tuples(
        st.integers(0, len(roles) - 1), st.sampled_from([*CALL_ORDER, "answered", "surprise", *IN_ROOM]),
        st.integers(0, 30), st.sampled_from(ROOMS),
    )  # fmt: skip
    numbers = {room: count(1) for room in ROOMS}
    reports = [(next(numbers[what[-1]]), what) for what in draw(st.lists(one, max_size=24))]
    again = draw(st.lists(st.sampled_from(reports), max_size=8)) if reports else []
    return roles, reports, draw(st.permutations(reports + again))


def after(roles, reports):
    """Return the telephones once the reports came in this order; each conference numbers its own from 1, as the network does."""
    legs = [Telephone(role) for role in roles]
    for number, (which, what, minute, room) in reports:
        leg = legs[which]
        if what in IN_ROOM:
            said = NOON + dt.timedelta(minutes=minute)
            for name, value in room_report(leg, what, said=said, number=str(number), room=room).items():
                setattr(leg, name, value)
        else:
            leg.status = greater(CALL_ORDER, leg.status, call_status(what))
    return legs


def states(legs):
    """Return every state that a contact with these legs may have, by where its call flow stands."""
    caller = next((leg.moves for leg in legs if leg.role == "caller"), "")
    facts = [leg.facts(caller) for leg in legs]
    return (
        [settle(step, facts, end_asked=ended) for step in STEPS for ended in (False, True)],
        [third_state(decided, one) for one in facts for decided in ASKED],
        callstate.is_anybody_left(facts),
    )


@settings(max_examples=2_000)
@given(told())
def test_any_order_and_repetition_of_what_is_told_of_six_legs_gives_the_same_states(drawn):
    roles, reports, mixed = drawn

    plain, other = after(roles, reports), after(roles, mixed)

    assert other == plain
    assert states(other) == states(plain)
