"""The engine: tokens, gates that ask, forks and joins, consent, waits; on the real seeds and on random graphs."""

import datetime as dt
import itertools
import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.calendars import Calendar
from referral import pathways
from referral.actions.loading import SEEDS
from referral.pathways import Answer, Event, State

AT = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
CALENDAR = Calendar("Africa/Monrovia")
ADULT = {"age": 30, "sex": "female", "immediate_danger": False, "needs_shelter": True, "sexual_violence": False, "needs": ["shelter"], "wants_police": False}  # fmt: skip


@pytest.fixture(scope="module")
def liberia_pathway():
    """Liberia's seed, compiled."""
    return pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))


def small(steps, ways, facts=("f", "g")):
    """Return a pathway of (key, kind, more) and (from, to, more)."""
    return pathways.Pathway(
        {
            "key": "small",
            "steps": [{"key": key, "kind": kind, "title": {"en": key}} | more for key, kind, more in steps],
            "transitions": [{"from": source, "to": target} | more for source, target, more in ways],
            "facts": [{"key": key, "type": "bool"} for key in facts],
            "roles": [],
        }
    )


def go(pathway, state, step, outcome="", at=AT):
    """Move the open visit of a step: done, outcome, or the person's wish for a wait."""
    run = next(run for run in state.open_runs if run.step == step)
    kind = "wish" if run.kind == "wait" else "outcome" if run.kind in {"decision", "consent", "referral"} else "done"
    return pathways.advance(pathway, state, Event(kind, at, run.number, outcome))


def opened(pathway, facts=None):
    """Return a case just opened."""
    return pathways.advance(pathway, State(), Event("opened", AT, facts=facts or {}))


def told(pathway, state, **facts):
    """Tell facts."""
    return pathways.advance(pathway, state, Event("facts", AT, facts=facts))


def open_steps(state):
    """Return the keys of the open steps."""
    return [run.step for run in state.open_runs]


def asked(state):
    """Return the facts to ask for."""
    return [key for key, _run in state.questions]


def at_fork(pathway, **facts):
    """Return a case after consent was given."""
    state = opened(pathway, ADULT | facts)
    for step, outcome in (("screening", ""), ("safety", ""), ("consent", "given")):
        state = go(pathway, state, step, outcome)
    return state


def test_a_gate_asks_for_the_fact_nobody_asked_for(liberia_pathway):
    state = go(liberia_pathway, opened(liberia_pathway), "screening")

    assert asked(state) == ["immediate_danger"]
    assert open_steps(state) == []
    assert state.runs[-1].reasons[-1].code == "asks"


def test_danger_asked_and_not_known_goes_to_the_safety_plan(liberia_pathway):
    state = go(liberia_pathway, opened(liberia_pathway), "screening")

    state = told(liberia_pathway, state, immediate_danger=None)

    assert open_steps(state) == ["safety"]
    gate = state.last("danger")
    assert [reason.code for reason in gate.reasons] == ["unknown", "unknown_taken"]


@pytest.mark.parametrize(("age", "step"), [(17, "guardian"), (18, "consent"), (None, "guardian")])
def test_unknown_age_goes_the_way_of_a_child(liberia_pathway, age, step):
    state = opened(liberia_pathway, {"age": age, "immediate_danger": False})

    state = go(liberia_pathway, go(liberia_pathway, state, "screening"), "safety")

    assert open_steps(state) == [step]


def test_the_split_asks_for_all_it_needs_at_once(liberia_pathway):
    state = opened(liberia_pathway, {"age": 30, "immediate_danger": False})
    for step, outcome in (("screening", ""), ("safety", ""), ("consent", "given")):
        state = go(liberia_pathway, state, step, outcome)

    assert asked(state) == ["sexual_violence", "needs", "needs_shelter", "wants_police"]
    state = told(liberia_pathway, state, sexual_violence=False, needs=[], needs_shelter=True, wants_police=None)
    assert open_steps(state) == ["shelter", "psychosocial"]


@pytest.mark.parametrize(
    ("told_needs", "is_open"), [(["health"], True), (["shelter", "health"], True), (["shelter"], False), (None, True)]
)
def test_medical_care_opens_for_who_says_that_it_is_needed(liberia_pathway, told_needs, is_open):
    state = at_fork(liberia_pathway, needs=told_needs)

    assert ("health" in open_steps(state)) is is_open
    assert "psychosocial" in open_steps(state)


def test_the_seed_says_which_of_its_conditions_are_ours(liberia_pathway):
    assert "Ours, unconfirmed: medical care also opens" in liberia_pathway.body["notes"]


def test_identification_runs_once_though_two_branches_pass_the_gap(liberia_pathway):
    state = at_fork(liberia_pathway, wants_police=True)

    for step in ("shelter", "psychosocial", "police"):
        state = go(liberia_pathway, state, step, "declined")
    assert open_steps(state) == ["gap", "gap", "gap"]
    for _ in range(3):
        state = go(liberia_pathway, state, "gap")

    assert open_steps(state) == ["identify"]
    assert [run.state for run in state.runs if run.step == "joined"] == ["done"]


@pytest.mark.parametrize("order", list(itertools.permutations(("shelter", "psychosocial", "police"))))
def test_the_join_waits_for_every_branch_in_any_order(liberia_pathway, order):
    state = at_fork(liberia_pathway, wants_police=True)

    for step in order[:-1]:
        state = go(liberia_pathway, state, step, "accepted")
        assert "identify" not in open_steps(state)
    state = go(liberia_pathway, state, order[-1], "accepted")

    assert open_steps(state) == ["identify"]


def test_refused_consent_ends_with_information_and_no_referral(liberia_pathway):
    state = opened(liberia_pathway, ADULT)
    for step, outcome in (("screening", ""), ("safety", ""), ("consent", "refused"), ("info_only", "")):
        state = go(liberia_pathway, state, step, outcome)

    assert state.end_step == "closed_info"
    assert not any(run.kind == "referral" for run in state.runs)


def test_withdrawal_ends_every_branch_and_takes_its_own_way(liberia_pathway):
    state = at_fork(liberia_pathway)

    state = pathways.advance(liberia_pathway, state, Event("withdrawn", AT))

    assert open_steps(state) == ["info_only"]
    assert {run.step for run in state.runs if run.state == "skipped"} == {"shelter", "psychosocial"}
    assert state.last("consent").outcome == "withdrawn"


def test_one_recalled_referral_touches_only_its_own_branch(liberia_pathway):
    state = at_fork(liberia_pathway)
    shelter = state.last("shelter")

    state = pathways.advance(liberia_pathway, state, Event("recalled", AT, shelter.number))

    assert open_steps(state) == ["psychosocial"]
    assert open_steps(go(liberia_pathway, state, "psychosocial", "accepted")) == ["identify"]


def test_a_changed_fact_moves_no_token(liberia_pathway):
    state = at_fork(liberia_pathway)

    later = told(liberia_pathway, state, age=12, immediate_danger=True)

    assert open_steps(later) == open_steps(state)


def test_a_wait_ends_by_the_clock_or_by_the_persons_wish(liberia_pathway):
    state = at_fork(liberia_pathway)
    for step, outcome in (("shelter", "accepted"), ("psychosocial", "accepted"), ("identify", "positive")):
        state = go(liberia_pathway, state, step, outcome)
    until = AT + dt.timedelta(days=30)

    assert pathways.elapsed(liberia_pathway, state, until - dt.timedelta(seconds=1), CALENDAR) == []
    (over,) = pathways.elapsed(liberia_pathway, state, until, CALENDAR)
    assert open_steps(pathways.advance(liberia_pathway, state, over)) == ["plan"]
    assert open_steps(go(liberia_pathway, state, "reflection")) == ["plan"]


def test_the_window_of_medical_care_counts_from_the_violence(liberia_pathway):
    facts = {"sexual_violence": True, "violence_at": (AT - dt.timedelta(hours=70)).isoformat()}
    state = at_fork(liberia_pathway, **facts)
    run = state.last("health")

    found = pathways.deadlines_of(liberia_pathway, state, run, CALENDAR)

    assert [(line.type, line.at - AT) for line in found] == [
        ("within", dt.timedelta(hours=4)), ("window_closes", dt.timedelta(hours=2)),
    ]  # fmt: skip
    assert {line.basis for line in found} == {"default"}
    assert pathways.escalations_of(liberia_pathway, run, found)[0].at == AT + dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (Event("done", AT, 1), pathways.StepNotOpen),
        (Event("done", AT, 99), pathways.StepNotOpen),
        (Event("outcome", AT, 2, "accepted"), pathways.StepNotOpen),
        (Event("wish", AT, 2), pathways.StepNotOpen),
        (Event("recalled", AT, 2), pathways.StepNotOpen),
        (Event("withdrawn", AT), pathways.StepNotOpen),
        (Event("opened", AT), pathways.StepNotOpen),
    ],
)
def test_an_event_that_does_not_fit_is_refused(liberia_pathway, event, error):
    with pytest.raises(error):
        pathways.advance(liberia_pathway, opened(liberia_pathway), event)


@pytest.mark.parametrize("outcome", ["maybe", "", "accepted"])
def test_an_unknown_outcome_is_refused(liberia_pathway, outcome):
    state = opened(liberia_pathway, ADULT)
    state = go(liberia_pathway, go(liberia_pathway, state, "screening"), "safety")

    with pytest.raises(pathways.UnknownOutcome):
        go(liberia_pathway, state, "consent", outcome)


def test_a_declared_outcome_is_the_only_one_admitted(liberia_pathway):
    assert pathways.outcomes_of(liberia_pathway, "solution") == ["stay", "reintegration", "return"]


def test_nothing_happens_after_the_end(liberia_pathway):
    trial = pathways.tried(liberia_pathway, ADULT, {}, AT, CALENDAR)

    with pytest.raises(pathways.RunEnded):
        pathways.advance(liberia_pathway, trial.state, Event("facts", AT, facts={"age": 3}))


def test_a_gate_without_a_fitting_way_blocks_and_goes_on_when_more_is_told():
    gate = small(
        [("s", "start", {}), ("g", "gate", {}), ("e", "end", {})],
        [("s", "g", {}), ("g", "e", {"when": {"fact": "f", "op": "eq", "value": True}})],
    )
    state = opened(gate, {"f": None})

    assert [run.step for run in state.blocked] == ["g"]
    assert told(gate, state, f=True).end_step == "e"


def test_a_quorum_fires_once_and_absorbs_late_comers():
    pathway = small(
        [("s", "start", {}), ("k", "fork_all", {"join": "j"}), ("a", "task", {}), ("b", "task", {}), ("c", "task", {}),
         ("j", "join", {"quorum": 2}), ("z", "task", {}), ("e", "end", {})],
        [("s", "k", {}), ("k", "a", {}), ("k", "b", {}), ("k", "c", {}), ("a", "j", {}), ("b", "j", {}), ("c", "j", {}),
         ("j", "z", {}), ("z", "e", {})],
    )  # fmt: skip
    state = go(pathway, go(pathway, opened(pathway), "a"), "b")

    assert open_steps(state) == ["c", "z"]
    state = go(pathway, go(pathway, state, "c"), "z")
    assert (state.end_step, len([run for run in state.runs if run.step == "z"])) == ("e", 1)


def test_a_loop_has_its_limit():
    pathway = small(
        [("s", "start", {}), ("a", "decision", {"max_visits": 2}), ("e", "end", {})],
        [("s", "a", {}), ("a", "a", {"outcome": "again"}), ("a", "e", {"outcome": "enough"})],
    )
    state = go(pathway, go(pathway, opened(pathway), "a", "again"), "a", "again")

    assert [run.reasons[0].code for run in state.blocked] == ["too_often"]


def test_a_loop_of_gates_without_limit_is_stopped():
    pathway = small(
        [("s", "start", {}), ("g", "gate", {}), ("h", "gate", {}), ("e", "end", {})],
        [("s", "g", {}), ("g", "h", {}), ("h", "g", {}), ("h", "e", {})],
    )

    with pytest.raises(pathways.TooManySteps):
        opened(pathway)


class Builder:
    """Builds random pathways out of tasks, questions and splits, each split closed by its own join."""

    def __init__(self, seed):
        self.random, self.steps, self.ways, self.count = random.Random(seed), [], [], 0  # noqa: S311 -- no secret

    def step(self, kind, **more):
        """Add a step and return its key."""
        self.count += 1
        key = f"{kind}{self.count}"
        self.steps.append((key, kind, more))
        return key

    def block(self, depth):
        """Add a block; return its first and last step."""
        shape = self.random.choice(["task", "series", "gate", "fork_all", "fork_any"] if depth else ["task"])
        if shape == "series":
            first, second = self.block(depth - 1), self.block(depth - 1)
            self.ways.append((first[1], second[0], {}))
            return first[0], second[1]
        return getattr(self, f"{shape.split('_')[0]}_block")(depth, shape)

    def task_block(self, _depth, _shape):
        """Add one task."""
        key = self.step("task")
        return key, key

    def gate_block(self, depth, _shape):
        """Add a question with two branches that meet in a task."""
        gate, meet = self.step("gate"), self.step("task")
        fact = self.random.choice(["f", "g"])
        for value in (True, False):
            branch = self.block(depth - 1)
            unknown = {"on_unknown": True} if not value else {}
            self.ways.append((gate, branch[0], {"when": {"fact": fact, "op": "eq", "value": value}} | unknown))
            self.ways.append((branch[1], meet, {}))
        return gate, meet

    def fork_block(self, depth, kind):
        """Add a split with two or three branches and its join."""
        join = self.step("join")
        fork = self.step(kind, join=join)
        for number in range(self.random.randint(2, 3)):
            branch = self.block(depth - 1)
            when = {"when": {"fact": "f", "op": "eq", "value": True}} if kind == "fork_any" and number else {}
            self.ways.append((fork, branch[0], when))
            self.ways.append((branch[1], join, {}))
        return fork, join

    def pathway(self):
        """Return the pathway, from a start to an end."""
        start, end = self.step("start"), self.step("end")
        first, last = self.block(4)
        self.ways += [(start, first, {}), (last, end, {})]
        return small(self.steps, self.ways)


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


def test_the_drawing_holds_every_step_and_way_and_is_mirrored(liberia_pathway):
    left = pathways.drawn(liberia_pathway, ["en"])
    right = pathways.drawn(liberia_pathway, ["en"], is_mirrored=True)

    assert {node.key for node in left.nodes} == set(liberia_pathway.steps)
    assert len(left.edges) == len(liberia_pathway.body["transitions"])
    assert [node.x for node in right.nodes] == [left.width - node.x for node in left.nodes]
    places = [(node.x, node.y) for node in left.nodes]
    assert len(set(places)) == len(places)
    layers = {node.key: node.x for node in left.nodes}
    assert all(layers[way["from"]] < layers[way["to"]] for way in liberia_pathway.body["transitions"])


def test_three_hundred_steps_are_drawn_within_a_fifth_of_a_second():
    builder, chains = Builder(7), []
    start, end = builder.step("start"), builder.step("end")
    fork, join = builder.step("fork_all", join="join4"), builder.step("join")
    builder.ways += [(start, fork, {}), (join, end, {})]
    for _branch in range(8):
        chains.append([builder.step("task") for _ in range(37)])
        builder.ways += [(fork, chains[-1][0], {}), (chains[-1][-1], join, {})]
        builder.ways += [(left, right, {}) for left, right in itertools.pairwise(chains[-1])]
    pathway = small(builder.steps, builder.ways)

    begun = time.process_time()
    graph = pathways.drawn(pathway, ["en"])

    assert len(graph.nodes) == 300
    assert time.process_time() - begun < 0.2
