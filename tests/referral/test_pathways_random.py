"""The engine in random order on random pathways; a trial and a real run take equal paths."""

import datetime as dt
import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from referral import pathways
from referral.actions.loading import SEEDS
from referral.pathways import Answer, Event
from tests.referral.walking import ADULT, AT, CALENDAR, Builder, asked, opened


def walked(pathway, seed):
    """Walk a pathway with events in random order; return every state on the way."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    states, events = [opened(pathway)], [Event("opened", AT)]
    while states[-1].ended_at is None:
        state = states[-1]
        choices = [Event("done", AT, run.number) for run in state.open_runs]
        choices += [Event("facts", AT, facts={key: chance.choice([True, False, None])}) for key in asked(state)]
        events.append(chance.choice(choices))
        states.append(pathways.advance(pathway, state, events[-1]))
    return states, events


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_tokens_out_are_tokens_in_on_random_graphs_in_any_order(shape, order):
    pathway = Builder(shape).pathway()

    states, events = walked(pathway, order)
    last = states[-1]

    assert [run.kind for run in last.runs if run.kind == "end"] == ["end"]
    assert not any(run.is_live for run in last.runs)
    forks = [run for run in last.runs if run.kind.startswith("fork")]
    joins = {run.fork: run for run in last.runs if run.kind == "join"}
    assert {fork.number: fork.sent for fork in forks} == {number: join.arrived for number, join in joins.items()}
    assert len(joins) == len([run for run in last.runs if run.kind == "join"]) == len(forks)
    assert pathways.replay(pathway, events) == last


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_every_state_on_the_way_is_legal_and_can_go_on(seed):
    states, _events = walked(Builder(seed).pathway(), seed)

    for state in states[:-1]:
        assert state.open_runs or state.questions
        assert [run.number for run in state.runs] == list(range(1, len(state.runs) + 1))
        assert all((run.ended_at is None) == run.is_live for run in state.runs)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_random_event_orders_on_the_seed_end_or_can_go_on(seed):
    pathway = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))
    chance = random.Random(seed)  # noqa: S311 -- no secret
    state = opened(pathway)
    for _ in range(120):
        if state.ended_at is not None:
            break
        state = pathways.advance(pathway, state, random_event(pathway, state, chance))
        assert not state.blocked

    assert state.ended_at is not None
    assert state.end_step in {"closed", "closed_info"}


def random_event(pathway, state, chance):
    """Return one event that the state admits."""
    events = []
    for run in state.open_runs:
        outcomes = pathways.outcomes_of(pathway, run.step)
        kind = "wish" if run.kind == "wait" else "outcome" if outcomes else "done"
        events.append(Event(kind, AT, run.number, chance.choice(outcomes) if outcomes else ""))
    for key in asked(state):
        fact = pathway.facts[key]
        choices = fact.get("choices", [])
        kinds = {"bool": [True, False], "int": [3, 17, 18, 40], "choice": choices, "multi": [[], choices[:1]]}
        values = kinds[fact["type"]]
        events.append(Event("facts", AT, facts={key: chance.choice([*values, None])}))
    return chance.choice(events)


def test_a_trial_and_a_real_run_with_equal_input_take_equal_paths(liberia_pathway):
    answers = {"shelter": Answer("no_answer", dt.timedelta(hours=20)), "screening": Answer("", dt.timedelta(hours=2))}
    trial = pathways.tried(liberia_pathway, ADULT, answers, AT, CALENDAR)
    real = opened(liberia_pathway, dict.fromkeys(liberia_pathway.facts) | ADULT)
    for run in sorted(trial.state.runs, key=lambda run: (run.ended_at, run.number)):
        if run.kind in pathways.HUMAN or run.kind == "wait":
            kind = "elapsed" if run.kind == "wait" else "outcome" if run.outcome else "done"
            real = pathways.advance(liberia_pathway, real, Event(kind, run.ended_at, run.number, run.outcome))

    assert [(run.step, run.outcome) for run in real.runs] == [(run.step, run.outcome) for run in trial.state.runs]
    late = {line.run.step: [due.rule for due in line.escalations] for line in trial.lines if line.escalations}
    assert late == {
        "screening": ["deadline:notify", "deadline+50%:reassign"],
        "shelter": ["deadline:notify", "deadline+50%:reassign"],
    }


def test_a_trial_stops_where_nobody_acts(liberia_pathway):
    trial = pathways.tried(liberia_pathway, ADULT, {"safety": None}, AT, CALENDAR)

    assert (trial.stop, trial.stops_at) == ("waits", ("safety",))


def test_the_file_is_canonical_and_its_hash_needs_every_byte(liberia_pathway):
    text = pathways.canonical(liberia_pathway.body)

    assert pathways.canonical(json.loads(text)) == text
    assert pathways.digest(text) != pathways.digest(text + " ")
    assert pathways.canonical({"b": "e\u0301", "a": 1}) == '{"a":1,"b":"\u00e9"}'
