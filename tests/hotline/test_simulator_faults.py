"""What goes wrong on the simulated network: drawn by a seed, and no call is left open by it; scripts with several callers."""

import itertools

import pytest

from hotline import actions
from hotline.demo.stage import ExpectationFailed, Stage
from hotline.models import Contact, Leg, OperatorState
from hotline.telephony import scripts
from hotline.telephony.simulated import Asked, Behaviour, Faults
from tests.hotline.test_missing_sound import keep

pytestmark = [pytest.mark.django_db, pytest.mark.either]
THREE = """
Ada: call 2883 from +231770000011
Bea: call 2883 withheld
Ada: press 1
Bea: press 9
Cleo: call 2883 from +231770000013
Cleo: press 5
Cleo: press 1
Cleo: press 1
Cleo: hang up
wait 9
Bea: expect heard "before everyone else" in en
Ada: expect not heard "before everyone else"
Bea: operator takes
Ada: operator takes
wait 12
Bea: expect state connected
Bea: operator ends
Bea: operator wraps up
Ada: operator ends
wait 30
Ada: expect outcome answered
Bea: expect outcome answered
Cleo: expect outcome silent
"""


@pytest.fixture(autouse=True)
def lines_are_kept(monkeypatch):
    """Read the line once: what is proved here does not hang on it."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)


@pytest.fixture
def second(person, liberia, at, line):
    """A second operator who is ready."""
    user = person("operator", country=liberia, spoken="fr")
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


def played(at, operator, second, faults, script=THREE, **more):
    """Play a script with faults; return its stage, and what was asked of us in order."""
    asked = []
    stage = Stage(
        at=at, seed="faults", operator=operator, others=[second],
        observer=lambda what: asked.append(what) if isinstance(what, Asked) else None, **more,
    )  # fmt: skip
    stage.network.go_wrong(faults)
    stage.play(script)
    return stage, [(one.path.partition("?")[0], one.status, one.repeat) for one in asked]


def test_three_callers_in_one_script_are_told_apart_and_taken_by_two(line, operator, second, at):
    stage, _asked = played(at, operator, second, Faults())

    assert {name: call.is_live for name, call in stage.calls.items()} == {"Ada": False, "Bea": False, "Cleo": False}
    taken = {one.claimed_by for one in Contact.objects.filter(outcome="answered")}
    assert taken == {operator, second}
    assert Contact.objects.get(is_danger=True).legs.get(role="caller").call_sid == stage.calls["Bea"].sid


def test_reports_twice_late_and_by_a_clock_that_is_ahead_change_nothing_and_one_seed_is_one_run(
    line, operator, second, at
):
    faults = Faults(seed=3, twice=40, late=40, ahead=90)
    _plain, usual = played(at, operator, second, Faults())
    Contact.objects.all().delete()
    OperatorState.objects.update(state="ready", contact=None)
    _stage, asked = played(at, operator, second, faults)

    assert len(asked) > len(usual) + 10
    assert {status for _path, status, _repeat in asked} <= {200, 204}
    Contact.objects.all().delete()
    OperatorState.objects.update(state="ready", contact=None)
    assert played(at, operator, second, faults)[1] == asked


def test_an_end_that_is_never_reported_is_found_by_the_sweep(line, operator, second, at):
    stage, _asked = played(at, operator, second, Faults(seed=1, lost=100), "Ada: call 2883 withheld\nwait 5")
    stage.network.hang_up(stage.calls["Ada"].sid)
    stage.wait(700)
    assert Contact.objects.get().ended_at is None

    stage.network.go_wrong(Faults())
    stage.sweep()

    contact = Contact.objects.get()
    assert (contact.state, contact.outcome, contact.is_missed) == ("ended", "left_greeting", True)
    assert not Leg.objects.exclude(status="completed").exists()


def test_a_request_without_an_answer_leads_the_caller_to_the_duty_phone(line, operator, second, at):
    stage, _asked = played(at, operator, second, Faults(seed=1, stalled=100), "Ada: call 2883 withheld\nwait 14")
    assert [one.to for one in stage.network.calls.values()] == ["2883"]

    stage.network.behaviours = lambda _to: Behaviour(after=2.0)
    stage.wait(5)

    assert [one.to for one in stage.network.calls.values()] == ["2883", line.duty_phone]
    assert stage.calls["Ada"].is_live


@pytest.mark.long
def test_hang_ups_and_all_else_at_once_leave_no_call_open_and_no_operator_busy(line, operator, second, at):
    """Thirty seeds: what a person would do is done where it can be, then the sweep asks for what was lost."""
    found = set()
    for seed in range(30):
        OperatorState.objects.update(state="ready", contact=None, missed_offers=0)
        stage = Stage(at=at, seed=f"many {seed}", operator=operator, others=[second])
        stage.network.behaviours = lambda _to: Behaviour(after=2.0)
        stage.network.go_wrong(Faults(seed=seed, twice=20, late=20, lost=10, stalled=4, hung_up=12, ahead=seed))
        for step in scripts.parse(THREE):
            try:
                if step.word != "expect":
                    stage.act(step)
            except (ExpectationFailed, KeyError):
                continue  # she has hung up already, or nobody was told that the operator is there
        stage.clear()
        stage.network.go_wrong(Faults())
        stage.wait(660)
        stage.sweep()
        mine = Contact.objects.filter(legs__call_sid__in=[call.sid for call in stage.calls.values()]).distinct()
        assert mine.count() == 3, seed
        assert not mine.filter(ended_at=None).exists(), seed
        assert not mine.exclude(state__in=["ended", "wrap_up", "done"]).exists(), seed
        assert set(OperatorState.objects.values_list("state", flat=True)) <= {"ready", "wrap_up"}, seed
        found |= set(mine.values_list("outcome", flat=True))
        at = stage.at
    assert {"answered", "abandoned", "left_greeting"} <= found


def test_a_recording_is_fetched_and_one_that_is_missing_is_told(line, operator, second, at):
    row = keep(at, key="greeting")
    stage, _asked = played(at, operator, second, Faults(), "call 2883 withheld\nwait 3")
    assert row.content_hash in next(one.text for one in stage.heard if one.kind == "play")

    assert stage.network._play(stage.call, f"{stage.network.base_url}/hotline/audio/fr/closed/{'b' * 16}/") == 0
    assert stage.heard[-1].kind == "missing"


def test_a_line_of_a_script_that_is_not_understood_is_named_with_its_caller():
    with pytest.raises(scripts.ScriptFault, match=r"Line 2: “pres 1”.*Did you mean “press”"):
        scripts.parse("Ada: call 2883 withheld\nAda: pres 1")
    with pytest.raises(scripts.ScriptFault, match="faults twice 30"):
        scripts.parse("faults often")
    who = [step.who for step in scripts.parse("Ada: call 2883 withheld\nwait 3\n# all\nBea: press 1\nfaults none")]
    assert who == ["Ada", "", "Bea", ""]
    assert list(itertools.chain(*[step.values for step in scripts.parse("faults twice 3 seed 7")])) == ["faults"]
