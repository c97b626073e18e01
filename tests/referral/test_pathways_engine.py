"""The engine on a real pathway and on small ones: gates, splits, joins, consent, time, what is refused."""

import datetime as dt
import itertools

import pytest

from referral import pathways
from referral.actions.loading import SEEDS
from referral.pathways import Event
from tests.referral.walking import ADULT, AT, CALENDAR, asked, at_fork, go, open_steps, opened, small, told


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


@pytest.fixture(params=sorted(SEEDS.glob("*.json")), ids=lambda path: path.stem)
def seed(request):
    """Each seed, compiled."""
    return pathways.load(request.param.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("told_needs", "is_open"), [(["health"], True), (["shelter", "health"], True), (["shelter"], False), (None, True)]
)
def test_medical_care_opens_for_who_says_that_it_is_needed(seed, told_needs, is_open):
    state = at_fork(seed, needs=told_needs)

    assert ("health" in open_steps(state)) is is_open
    assert "psychosocial" in open_steps(state)


def test_a_seed_says_which_of_its_conditions_are_ours(seed):
    notes = seed.body["notes"]

    assert "medical care also opens when the person says that she or he needs it" in notes
    assert "Ours, unconfirmed:" in notes or "Ours, awaiting the national body:" in notes


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
