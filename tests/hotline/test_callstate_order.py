"""What a contact's state becomes does not hang on the order in which its legs are reported of, nor on how often. Pure."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline import callstate
from hotline.callstate import CALL_ORDER, LegFacts, call_status, greater, room_report, settle, third_state
from hotline.stays import is_apart, room_of

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
        st.integers(0, 5), st.sampled_from(ROOMS),
    )  # fmt: skip
    numbers = {room: count(1) for room in ROOMS}
    all_told = draw(ties()) + draw(st.lists(one, max_size=20))
    reports = [(next(numbers[what[-1]]), what) for what in all_told]
    again = draw(st.lists(st.sampled_from(reports), max_size=8))
    return roles, reports, draw(st.permutations(reports + again))


@st.composite
def ties(draw):
    """Draw two reports of the caller's hold that two conferences tell of one second, each under its first number."""
    second, of_hold = draw(st.integers(0, 5)), st.sampled_from(IN_ROOM[1:4])
    return [(0, draw(of_hold), second, room) for room in ROOMS]


def after(roles, reports):
    """Return the telephones once the reports came in this order; each conference numbers its own from 1, as the network does."""
    legs = [Telephone(role) for role in roles]
    for number, (which, what, second, room) in reports:
        leg = legs[which]
        if what in IN_ROOM:
            said = NOON + dt.timedelta(seconds=second)
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
    assert [room_of(leg.moves) for leg in other] == [room_of(leg.moves) for leg in plain]


@pytest.mark.parametrize(
    ("one", "other", "is_held"),
    [
        (("participant-leave", "CFa"), ("participant-hold", "CFb"), True),
        (("participant-hold", "CFa"), ("participant-unhold", "CFb"), True),
        (("participant-leave", "CFa"), ("participant-unhold", "CFb"), False),
        (("participant-hold", "CFa"), ("participant-leave", "CFa"), False),
    ],
)
def test_of_two_conferences_in_one_second_the_hold_counts_whichever_is_told_first(one, other, is_held):
    reports = [(5, (0, one[0], 0, one[1])), (5 + (one[1] == other[1]), (0, other[0], 0, other[1]))]
    for told in (reports, reports[::-1]):
        (leg,) = after(["caller"], told)
        assert (leg.is_held, leg.hold_mark[:14]) == (is_held, "20261125120000")


def test_a_later_second_counts_whatever_the_conference_and_whatever_its_number():
    told = [(9, (0, "participant-hold", 0, "CFa")), (1, (0, "participant-unhold", 1, "CFb"))]
    assert [after(["caller"], order)[0].is_held for order in (told, told[::-1])] == [False, False]


def test_a_hold_alone_tells_of_no_coming():
    operator, caller = after(["operator", "caller"], [(1, (0, "participant-hold", 0, "CFa")), (1, (1, "participant-join", 0, "CFa"))])  # fmt: skip
    assert not is_apart(operator.moves, caller.moves)


WORDS = st.sampled_from(["", "surprise", "answered-late", *CALL_ORDER])


@given(WORDS, WORDS, WORDS)
def test_the_later_of_statuses_hangs_on_no_order_nor_on_how_they_are_put_together(one, two, three):
    def later(one, other):
        return greater(CALL_ORDER, one, other)

    assert later(one, two) == later(two, one)
    assert later(later(one, two), three) == later(one, later(two, three))
    assert later(one, one) == one
