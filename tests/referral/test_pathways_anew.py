"""A referral opened anew in the engine, since its agency lost consent: in its own place or beside, joins that fire once."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral import pathways
from referral.actions.loading import SEEDS
from referral.pathways import Event
from tests.referral.test_pathways_by_hand import assert_joins_fired_once
from tests.referral.test_pathways_random import random_event
from tests.referral.walking import ADULT, AT, at_fork, go, open_steps, opened, small


def anew(pathway, state, step):
    """Open the newest visit of a referral anew."""
    return pathways.advance(pathway, state, Event("opened_anew", AT, state.last(step).number))


def test_an_open_referral_begins_anew_in_its_own_place(liberia_pathway):
    before = at_fork(liberia_pathway)

    state = anew(liberia_pathway, before, "shelter")

    old, new = (run for run in state.runs if run.step == "shelter")
    assert (old.state, old.outcome, new.state) == ("skipped", "recalled", "open")
    assert (new.token, new.forks, state.tokens) == (old.token, old.forks, before.tokens)
    state = go(liberia_pathway, state, "psychosocial", "accepted")
    assert open_steps(state) == ["shelter"]
    assert open_steps(go(liberia_pathway, state, "shelter", "accepted")) == ["identify"]


def test_one_that_was_accepted_is_waited_for_where_the_join_has_not_fired(liberia_pathway):
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "accepted")

    state = go(liberia_pathway, anew(liberia_pathway, state, "shelter"), "psychosocial", "accepted")

    assert open_steps(state) == ["shelter"]
    assert open_steps(go(liberia_pathway, state, "shelter", "accepted")) == ["identify"]


def test_one_that_later_steps_stand_on_walks_beside_them_and_leads_to_the_gap_if_nobody_accepts(liberia_pathway):
    state = at_fork(liberia_pathway)
    for step in ("shelter", "psychosocial"):
        state = go(liberia_pathway, state, step, "accepted")

    state = anew(liberia_pathway, state, "shelter")

    assert open_steps(state) == ["identify", "shelter"]
    state = go(liberia_pathway, state, "shelter", "no_answer")
    assert open_steps(state) == ["identify", "gap"]
    assert open_steps(go(liberia_pathway, state, "gap")) == ["identify"]


def test_after_the_end_it_opens_and_the_pathway_ends_once_more():
    pathway = small(
        [("s", "start", {}), ("r", "referral", {}), ("e", "end", {})],
        [("s", "r", {}), *(("r", "e", {"outcome": one}) for one in ("accepted", "declined", "no_answer"))],
    )
    state = go(pathway, opened(pathway), "r", "accepted")
    assert state.ended_at is not None

    state = anew(pathway, state, "r")

    assert (state.ended_at, open_steps(state)) == (None, ["r"])
    assert go(pathway, state, "r", "accepted").ended_at is not None


def test_an_open_handover_to_that_agency_gives_way_and_is_held_with_the_next():
    pathway = small(
        [("s", "start", {}), ("r", "referral", {}), ("h", "handover", {}), ("e", "end", {})],
        [("s", "r", {}), ("r", "h", {"outcome": "accepted"}), ("r", "e", {"outcome": "declined"}),
         ("r", "e", {"outcome": "no_answer"}), ("h", "e", {})],
    )  # fmt: skip
    state = go(pathway, opened(pathway), "r", "accepted")

    state = anew(pathway, state, "r")

    assert (open_steps(state), state.last("h").state, state.tokens) == (["r"], "skipped", 1)
    state = go(pathway, state, "r", "accepted")
    assert open_steps(state) == ["h"]
    assert go(pathway, state, "h").end_step == "e"


@pytest.mark.parametrize("step", ["screening", "consent", "fork"])
def test_only_a_referral_is_opened_anew(liberia_pathway, step):
    with pytest.raises(pathways.StepNotOpen):
        anew(liberia_pathway, at_fork(liberia_pathway), step)


def test_one_that_is_open_again_already_or_that_nobody_accepted_is_refused(liberia_pathway):
    state = go(liberia_pathway, at_fork(liberia_pathway), "shelter", "accepted")
    first = state.last("shelter").number
    state = anew(liberia_pathway, state, "shelter")

    with pytest.raises(pathways.StepIsOpen):
        pathways.advance(liberia_pathway, state, Event("opened_anew", AT, first))
    state = go(liberia_pathway, state, "shelter", "declined")
    with pytest.raises(pathways.StepNotOpen):
        anew(liberia_pathway, state, "shelter")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_the_seed_ends_and_joins_fire_once_whatever_is_opened_anew(seed):
    pathway = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))
    chance = random.Random(seed)  # noqa: S311 -- no secret
    state, events = opened(pathway, ADULT), [Event("opened", AT, facts=ADULT)]
    left = 5
    for _ in range(400):
        live = {run.step for run in state.live}
        found = [
            run
            for run in state.runs
            if run.kind == "referral" and (run.is_live or (run.outcome == "accepted" and run.step not in live))
        ]
        if found and left and chance.random() < 0.3:
            left -= 1
            event = Event("opened_anew", AT, chance.choice(found).number)
        elif state.ended_at is not None:
            break
        else:
            event = random_event(pathway, state, chance)
        events.append(event)
        state = pathways.advance(pathway, state, event)
        assert not state.blocked

    assert state.end_step in {"closed", "closed_info"}
    assert_joins_fired_once(state)
    assert pathways.replay(pathway, events) == state
