"""The lattice: any order and any repetition of reports ends in the same state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import callstate
from hotline.callstate import CALL_ORDER, LegFacts, greater, is_conflict, outcome_of, settle

STATUSES = st.lists(st.sampled_from([*CALL_ORDER, "surprise"]), min_size=1, max_size=8)


@given(STATUSES, st.randoms())
def test_greatest_status_does_not_depend_on_order(statuses, random):
    shuffled = [*statuses, *statuses]
    random.shuffle(shuffled)

    def last(words):
        status = ""
        for word in words:
            status = greater(CALL_ORDER, status, word)
        return status

    assert last(shuffled) == last(statuses)


@given(STATUSES)
def test_final_status_never_moves_back(statuses):
    status = "completed"
    for word in statuses:
        status = greater(CALL_ORDER, status, word)

    assert status == "completed"


def test_two_ends_or_an_unknown_word_are_a_conflict():
    assert is_conflict(CALL_ORDER, callstate.CALL_FINAL, ["busy", "completed"])
    assert is_conflict(CALL_ORDER, callstate.CALL_FINAL, ["surprise"])
    assert not is_conflict(CALL_ORDER, callstate.CALL_FINAL, ["ringing", "completed", "completed"])


def test_states_follow_the_legs():
    caller, gone = LegFacts("caller", "in-progress"), LegFacts("caller", "completed")
    inside, left = LegFacts("operator", joined=True), LegFacts("operator", joined=True, left=True)

    assert settle("waiting", [caller]) == "waiting"
    assert settle("offered", [caller, inside]) == "connected"
    assert settle("waiting", [LegFacts("caller", "in-progress", held=True), inside]) == "held"
    assert settle("waiting", [caller, inside, LegFacts("interpreter", joined=True)]) == "consult"
    assert settle("waiting", [caller, left]) == "returned"
    assert settle("waiting", [gone, left]) == "wrap_up"
    assert settle("waiting", [gone]) == "ended"
    assert settle("done", [gone, left]) == "done"


def outcome(step, reason="", chosen="", *, has_waited=False, was_answered=False):
    return outcome_of(step, reason, chosen, has_waited=has_waited, was_answered=was_answered)


def test_outcome_is_what_the_caller_chose_else_where_the_line_went_dead():
    assert outcome("waiting", was_answered=True, has_waited=True) == "answered"
    assert outcome("goodbye", chosen="voicemail") == "voicemail"
    assert outcome("waiting", has_waited=True) == "abandoned"
    assert outcome("closed") == "after_hours"
    assert outcome("greeting") == "left_greeting"


def test_who_waited_before_hung_up_while_waiting_wherever_the_menus_led_then():
    for step in ("greeting", "closed", "callback", "goodbye"):
        assert outcome(step, has_waited=True) == "abandoned"


def test_who_left_the_queue_for_a_message_and_said_nothing_left_none():
    assert (
        outcome("voicemail", has_waited=True) == outcome("goodbye", chosen="silent", has_waited=True) == "no_message"
    )
    assert outcome("goodbye", chosen="no_message", has_waited=True) == "no_message"


def test_only_a_message_that_was_begun_on_no_other_way_is_outside_hours():
    assert outcome("voicemail") == "after_hours"
    assert outcome("voicemail", "nobody") == outcome("voicemail", "danger") == "nobody"
    assert outcome("voicemail", "danger", has_waited=True) == outcome("nobody", has_waited=True) == "unanswered"
    assert outcome("goodbye", "trouble", has_waited=True) == "failed"


@pytest.mark.parametrize("decided", ["ringing", "accepted", "stopped", "nobody"])
def test_what_a_third_person_reports_counts_in_any_order(decided):
    came, gone = LegFacts("interpreter", joined=True), LegFacts("interpreter", joined=True, left=True)

    assert callstate.third_state(decided, LegFacts("interpreter", "completed")) == decided
    assert callstate.third_state(callstate.third_state(decided, came), gone) == "over"
    assert callstate.third_state(callstate.third_state(decided, gone), came) == "over"
