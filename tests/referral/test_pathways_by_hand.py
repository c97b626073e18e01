"""A step opened by hand in the engine: one fresh token, joins that fire once, deadlines anew, nothing that moves by itself."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral import pathways
from referral.actions.loading import SEEDS
from referral.pathways import Event
from tests.referral.test_pathways_random import random_event
from tests.referral.walking import ADULT, AT, CALENDAR, Builder, asked, at_fork, go, open_steps, opened, small, told


def by_hand(pathway, state, step, instead_of=0, at=AT):
    """Open a step by hand."""
    return pathways.advance(pathway, state, Event("opened_by_hand", at, instead_of, step))


def open_number(state, step):
    """Return the number of the open visit of a step."""
    return next(run.number for run in state.open_runs if run.step == step)


def test_the_gap_gives_way_and_the_join_still_waits_for_the_other_branch_and_fires_once(liberia_pathway):
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "declined")
    tokens = state.tokens

    state = by_hand(liberia_pathway, state, "shelter", open_number(state, "gap"))

    assert open_steps(state) == ["psychosocial", "shelter"]
    assert (state.last("gap").state, state.tokens) == ("skipped", tokens + 1)
    state = go(liberia_pathway, state, "shelter", "accepted")
    assert open_steps(state) == ["psychosocial"]
    state = go(liberia_pathway, state, "psychosocial", "accepted")
    assert open_steps(state) == ["identify"]
    assert [run.state for run in state.runs if run.step == "joined"] == ["done"]


def test_a_request_that_nobody_accepts_again_leads_to_the_gap_again(liberia_pathway):
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "declined")
    state = by_hand(liberia_pathway, state, "shelter", open_number(state, "gap"))

    state = go(liberia_pathway, state, "shelter", "no_answer")

    assert open_steps(state) == ["psychosocial", "gap"]
    assert pathways.asked_in_vain_before(state, state.last("gap")).step == "shelter"


def test_a_branch_opened_before_the_join_fired_is_waited_for(liberia_pathway):
    state = by_hand(liberia_pathway, at_fork(liberia_pathway), "health")

    for step in ("shelter", "psychosocial"):
        state = go(liberia_pathway, state, step, "accepted")
    assert open_steps(state) == ["health"]

    assert open_steps(go(liberia_pathway, state, "health", "accepted")) == ["identify"]


def test_a_branch_opened_after_the_join_fired_ends_there(liberia_pathway):
    state = at_fork(liberia_pathway)
    for step in ("shelter", "psychosocial"):
        state = go(liberia_pathway, state, step, "accepted")

    state = by_hand(liberia_pathway, state, "shelter")
    state = go(liberia_pathway, state, "shelter", "declined")
    state = go(liberia_pathway, state, "gap")

    assert open_steps(state) == ["identify"]
    assert len([run for run in state.runs if run.step in {"joined", "identify"}]) == 2


def test_a_way_passed_by_is_opened_and_ends_where_the_others_have_been(liberia_pathway):
    state = by_hand(liberia_pathway, at_fork(liberia_pathway), "emergency")

    state = go(liberia_pathway, state, "emergency", "accepted")

    assert open_steps(state) == ["shelter", "psychosocial"]


def test_help_that_nobody_gave_in_an_emergency_is_seen_to(liberia_pathway):
    state = by_hand(liberia_pathway, at_fork(liberia_pathway), "emergency")

    state = go(liberia_pathway, state, "emergency", "declined")

    assert open_steps(state) == ["shelter", "psychosocial", "safety"]
    assert open_steps(go(liberia_pathway, state, "safety")) == ["shelter", "psychosocial"]


def test_a_step_opened_by_hand_does_not_overtake_those_who_come_to_the_same_place():
    pathway = small(
        [("s", "start", {}), ("g", "gate", {}), ("a", "task", {}), ("b", "task", {}), ("meet", "task", {}), ("e", "end", {})],
        [("s", "g", {}), ("g", "a", {"when": {"fact": "f", "op": "eq", "value": True}}), ("g", "b", {}),
         ("a", "meet", {}), ("b", "meet", {}), ("meet", "e", {})],
    )  # fmt: skip
    state = by_hand(pathway, opened(pathway, {"f": True}), "b")

    state = go(pathway, state, "b")
    assert open_steps(state) == ["a"]
    state = go(pathway, go(pathway, state, "a"), "meet")

    assert [run.step for run in state.runs if run.kind == "end"] == ["e"]


@pytest.mark.parametrize("step", ["identify", "start", "fork", "joined", "reflection", "nowhere"])
def test_what_lies_ahead_or_is_no_persons_is_not_opened(liberia_pathway, step):
    with pytest.raises(pathways.NotToBeOpened):
        by_hand(liberia_pathway, at_fork(liberia_pathway), step)


def test_a_step_that_is_open_is_not_opened_twice(liberia_pathway):
    with pytest.raises(pathways.StepIsOpen):
        by_hand(liberia_pathway, at_fork(liberia_pathway), "shelter")


def test_only_what_followed_a_vain_request_gives_way_to_it(liberia_pathway):
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "declined")

    with pytest.raises(pathways.StepNotOpen):
        by_hand(liberia_pathway, state, "safety", open_number(state, "gap"))
    with pytest.raises(pathways.StepNotOpen):
        by_hand(liberia_pathway, state, "shelter", open_number(state, "psychosocial"))


def test_after_the_end_a_step_is_opened_and_the_pathway_ends_again(liberia_pathway):
    state = opened(liberia_pathway, ADULT)
    for step, outcome in (("screening", ""), ("safety", ""), ("consent", "refused"), ("info_only", "")):
        state = go(liberia_pathway, state, step, outcome)
    assert state.end_step == "closed_info"

    state = by_hand(liberia_pathway, state, "consent")
    assert (state.ended_at, state.end_step) == (None, "")

    state = go(liberia_pathway, state, "consent", "given")
    assert open_steps(state) == ["shelter", "psychosocial"]


def test_consent_given_after_it_was_taken_back_begins_the_way_anew(liberia_pathway):
    state = pathways.advance(liberia_pathway, at_fork(liberia_pathway), Event("withdrawn", AT))
    state = go(liberia_pathway, state, "info_only")

    state = go(liberia_pathway, by_hand(liberia_pathway, state, "consent"), "consent", "given")

    assert open_steps(state) == ["shelter", "psychosocial"]


def test_taking_consent_back_ends_also_what_was_opened_by_hand(liberia_pathway):
    state = by_hand(liberia_pathway, by_hand(liberia_pathway, at_fork(liberia_pathway), "health"), "consent")

    state = pathways.advance(liberia_pathway, state, Event("withdrawn", AT))

    assert open_steps(state) == ["info_only"]


def test_a_step_of_a_split_that_was_broken_off_waits_for_nobody(liberia_pathway):
    state = pathways.advance(liberia_pathway, at_fork(liberia_pathway), Event("withdrawn", AT))
    state = go(liberia_pathway, by_hand(liberia_pathway, state, "shelter"), "shelter", "accepted")

    assert open_steps(state) == ["info_only"]
    assert go(liberia_pathway, state, "info_only").end_step == "closed_info"


def test_the_time_of_a_step_opened_by_hand_is_counted_anew(liberia_pathway):
    later = AT + dt.timedelta(days=3)
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "declined")

    state = by_hand(liberia_pathway, state, "shelter", open_number(state, "gap"), at=later)

    due = pathways.deadlines_of(liberia_pathway, state, state.last("shelter"), CALENDAR)
    assert [line.at for line in due] == [later + dt.timedelta(hours=12)]


def test_facts_that_change_open_nothing_and_say_what_would_be_open_now(liberia_pathway):
    state = at_fork(liberia_pathway)
    assert pathways.would_open(liberia_pathway, state) == ()

    changed = told(liberia_pathway, state, sexual_violence=True, immediate_danger=True, age=16)

    assert changed.runs == state.runs
    assert pathways.would_open(liberia_pathway, changed) == ("emergency", "guardian", "health")
    changed = by_hand(liberia_pathway, changed, "health")
    assert pathways.would_open(liberia_pathway, changed) == ("emergency", "guardian")
    assert pathways.would_open(liberia_pathway, told(liberia_pathway, changed, immediate_danger=False, age=30)) == ()


def walked_with_openings(pathway, chance, event_of, most):
    """Walk to the end with random events and some openings by hand; return the last state and the events."""
    state, events = opened(pathway), [Event("opened", AT)]
    openings = 0
    for _ in range(1500):
        steps = list(pathways.openable(pathway, state))
        if steps and openings < most and chance.random() < 0.25:
            openings += 1
            event = Event("opened_by_hand", AT, 0, chance.choice(steps))
            vain = [(run, pathways.asked_in_vain_before(state, run)) for run in state.open_runs]
            vain = [(run, before) for run, before in vain if before and before.step in steps]
            if vain and chance.random() < 0.7:
                event = Event("opened_by_hand", AT, vain[0][0].number, vain[0][1].step)
        elif state.ended_at is not None:
            break
        else:
            event = event_of(state)
        events.append(event)
        state = pathways.advance(pathway, state, event)
        assert not state.blocked
        assert all((run.ended_at is None) == run.is_live for run in state.runs)
    assert state.ended_at is not None
    return state, events


def assert_joins_fired_once(state):
    """Every split that was not broken off has one join, which fired once and took in every token that was sent."""
    joins = [run for run in state.runs if run.kind == "join"]
    assert len({run.fork for run in joins}) == len(joins)
    for join in joins:
        if join.state == "done":
            assert join.arrived == state.run(join.fork).sent


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_tokens_and_joins_hold_on_random_graphs_whatever_is_opened_by_hand(shape, order):
    pathway, chance = Builder(shape).pathway(), random.Random(order)  # noqa: S311 -- no secret

    def event_of(state):
        choices = [Event("done", AT, run.number) for run in state.open_runs]
        choices += [Event("facts", AT, facts={key: chance.choice([True, False, None])}) for key in asked(state)]
        return chance.choice(choices)

    state, events = walked_with_openings(pathway, chance, event_of, most=6)

    assert [run.kind for run in state.runs if run.kind == "end"] == ["end"]
    assert_joins_fired_once(state)
    assert all(run.state == "done" for run in state.runs)
    assert pathways.replay(pathway, events) == state


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_the_seed_ends_whatever_is_opened_by_hand(seed):
    pathway = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))
    chance = random.Random(seed)  # noqa: S311 -- no secret

    state, events = walked_with_openings(pathway, chance, lambda at: random_event(pathway, at, chance), most=8)

    assert state.end_step in {"closed", "closed_info"}
    assert_joins_fired_once(state)
    assert pathways.replay(pathway, events) == state
