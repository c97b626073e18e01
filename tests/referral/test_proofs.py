"""The proofs: no finding on the seeds, and every planted fault is found by the rule that names it."""

import copy

import pytest

from referral import pathways, proofs
from referral.actions.loading import SEEDS
from referral.choices.findings import SENTENCES
from tests.referral.spoiling import GIVEN, body, rules, step, way

HUMAN_STEPS = [
    "screening", "emergency", "safety", "guardian", "consent", "info_only", "health", "shelter", "psychosocial", "police",
    "gap", "identify", "plan", "solution", "appeal", "feedback",
]  # fmt: skip


REFERRALS = ["emergency", "health", "shelter", "psychosocial", "police"]


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.json")), ids=lambda path: path.stem)
def test_the_seeds_have_no_finding(path):
    assert proofs.checked(pathways.load(path.read_text(encoding="utf-8")), GIVEN) == []


def drop(key, *names):
    """Return a fault: leave out fields of a step."""

    def plant(spoilt):
        for name in names:
            step(spoilt, key).pop(name, None)

    return plant


def put(key, **fields):
    """Return a fault: overwrite fields of a step."""
    return lambda spoilt: step(spoilt, key).update(copy.deepcopy(fields))


def lead(source, target, to, outcome=None):
    """Return a fault: lead a way elsewhere."""
    return lambda spoilt: way(spoilt, source, target, outcome).update({"to": to})


def condition(source, target, when, **more):
    """Return a fault: change a way's condition."""
    return lambda spoilt: way(spoilt, source, target).update({"when": when} | more)


def add_way(**fields):
    """Return a fault: one way more."""
    return lambda spoilt: spoilt["transitions"].append(copy.deepcopy(fields))


def add_step(**fields):
    """Return a fault: one step more."""
    return lambda spoilt: spoilt["steps"].append({"title": {"en": "New"}} | copy.deepcopy(fields))


def deadline(key, **fields):
    """Return a fault: change a step's deadline."""
    return lambda spoilt: step(spoilt, key)["deadline"].update(fields)


def a_test(fact, op, value):
    """Return one test."""
    return {"fact": fact, "op": op, "value": value}


FAULTS = [
    ("V01", add_step(key="start2", kind="start")),
    ("V01", put("start", kind="task")),
    ("V02", lambda spoilt: [put(key, kind="task")(spoilt) for key in ("closed", "closed_info")]),
    ("V03", lead("plan", "solution", "nowhere")),
    ("V03", add_step(key="plan", kind="task")),
    ("V04", add_step(key="island", kind="end")),
    ("V04", lead("danger", "emergency", "safety")),
    ("V05", lambda spoilt: spoilt["transitions"].remove(way(spoilt, "plan", "solution"))),
    *[("V06", drop(key, "role")) for key in HUMAN_STEPS],
    ("V06", put("plan", role="nobody")),
    *[("V07", drop(key, "deadline")) for key in HUMAN_STEPS],
    ("V07", deadline("plan", amount=0)),
    ("V07", deadline("plan", unit="m")),
    ("V07", deadline("safety", basis="cited")),
    ("V07", deadline("safety", basis="decided")),
    ("V07", deadline("plan", anchor="step:feedback")),
    ("V07", deadline("plan", anchor="step:nowhere")),
    ("V07", deadline("plan", anchor="fact:age")),
    ("V07", deadline("plan", anchor="tomorrow")),
    *[("V08", drop(key, "escalation")) for key in HUMAN_STEPS],
    ("V09", put("plan", escalation=[{"after": "deadline", "to": "social", "action": "notify"}])),
    ("V09", put("plan", escalation=[{"after": "deadline", "to": "nobody", "action": "notify"}])),
    *[("V10", drop(key, "sharing_profile")) for key in REFERRALS],
    *[("V10", drop(key, "service")) for key in REFERRALS],
    ("V10", lambda spoilt: spoilt["sharing_profiles"]["shelter"].append("diary")),
    *[
        ("V11", lambda spoilt, key=key, outcome=outcome: spoilt["transitions"].remove(
            next(w for w in spoilt["transitions"] if w["from"] == key and w["outcome"] == outcome)))
        for key in REFERRALS
        for outcome in ("accepted", "declined", "no_answer")
    ],
    ("V12", add_way(**{"from": "plan", "to": "feedback"})),
    ("V12", add_way(**{"from": "shelter", "to": "gap", "outcome": "accepted"})),
    ("V13", condition("fork", "shelter", a_test("shoe_size", "eq", True))),
    ("V13", condition("fork", "shelter", a_test("age", "contains", 18))),
    ("V13", condition("fork", "shelter", a_test("age", "lt", 21))),
    ("V13", condition("fork", "shelter", a_test("sex", "eq", "unknown"))),
    ("V13", condition("fork", "shelter", a_test("needs_shelter", "eq", 1))),
    ("V13", condition("fork", "shelter", a_test("violence_at", "gt", "2026"))),
    ("V13", lambda spoilt: step(spoilt, "health")["windows"][0].update(when=a_test("shoe_size", "eq", True))),
    ("V13", lambda spoilt: spoilt["facts"][0].update(sensitivity="identity")),
    ("V14", condition("agegate", "guardian", a_test("age", "lt", 18), on_unknown=False)),
    ("V14", condition("agegate", "consent", a_test("age", "gt", 18))),
    ("V14", condition("danger", "emergency", a_test("immediate_danger", "eq", False))),
    ("V14", lambda spoilt: spoilt["transitions"].remove(way(spoilt, "danger", "safety"))),
    ("V14", condition("fork", "psychosocial", a_test("needs_shelter", "eq", True))),
    ("V15", drop("fork", "join")),
    ("V15", put("fork", join="identify")),
    ("V15", lead("gap", "joined", "identify")),
    ("V15", lead("shelter", "joined", "closed")),
    ("V15", add_step(key="lonely", kind="join")),
    ("V15", lead("safety", "agegate", "joined")),
    ("V16", lead("consent", "info_only", "fork", "refused")),
    ("V16", lead("guardian", "consent", "fork")),
    ("V16", drop("emergency", "without_consent_basis")),
    ("V17", put("plan", title={"fr": "Plan"})),
    ("V20", lambda spoilt: spoilt["transitions"].remove(way(spoilt, "consent", "info_only", "withdrawn"))),
    ("V20", lambda spoilt: spoilt["transitions"].remove(way(spoilt, "consent", "info_only", "refused"))),
    ("V20", lambda spoilt: spoilt["transitions"].remove(way(spoilt, "identify", "appeal"))),
    ("V20", add_way(**{"from": "consent", "to": "info_only", "outcome": "perhaps"})),
    ("V21", drop("reflection", "deadline")),
    ("V21", deadline("reflection", type="within")),
    ("V21", lambda spoilt: step(spoilt, "plan")["deadline"].update(anchor="step:identify")),
    ("V21", lambda spoilt: step(spoilt, "plan")["deadline"].update(anchor="case_opened", amount=30)),
    ("V22", lead("appeal", "feedback", "identify")),
    ("V22", add_way(**{"from": "plan", "to": "plan", "when": a_test("national", "eq", True)})),
    ("V23", drop("guardian", "form")),
    ("V23", condition("agegate", "guardian", a_test("age", "lt", 18), to="consent")),
    ("V24", put("safety", script={"en": "Hello {name}, call {line}."})),
    ("V25", drop("screening", "form")),
    ("V25", drop("consent", "form")),
    ("V25", put("screening", form="feedback")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "plant"), FAULTS, ids=[f"{rule}-{number}" for number, (rule, _plant) in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found(rule, plant):
    spoilt = body()
    plant(spoilt)

    assert rule in rules(spoilt)


def test_every_dropped_way_is_found():
    count = len(body()["transitions"])
    for number in range(count):
        spoilt = body()
        del spoilt["transitions"][number]
        assert rules(spoilt), f"way {number} was dropped unseen"


def test_every_dropped_policy_field_is_found():
    for key in HUMAN_STEPS:
        for name in ("role", "deadline", "escalation"):
            spoilt = body()
            step(spoilt, key).pop(name)
            assert rules(spoilt), f"{name} of {key} was dropped unseen"


def test_a_legal_ground_makes_a_referral_without_consent_lawful():
    spoilt = body()
    lead("consent", "info_only", "fork", "refused")(spoilt)
    for key in ("health", "shelter", "psychosocial", "police"):
        put(key, without_consent_basis="child protection law")(spoilt)

    assert "V16" not in rules(spoilt)


def test_too_many_combinations_are_told():
    spoilt = body()
    spoilt["facts"] += [{"key": f"x{n}", "type": "bool"} for n in range(9)]
    condition("agegate", "consent", {"all": [a_test(f"x{n}", "eq", True) for n in range(9)]})(spoilt)

    found = [f.sentence for f in proofs.checked(pathways.Pathway(spoilt), GIVEN) if f.rule == "V14"]
    assert found == ["too_many"]


def test_an_overlap_warns_and_does_not_block():
    spoilt = body()
    condition("agegate", "consent", a_test("age", "is_known", True))(spoilt)

    (finding,) = [f for f in proofs.checked(pathways.Pathway(spoilt), GIVEN) if f.rule == "V14"]
    assert (finding.sentence, finding.blocks) == ("overlap", False)


def test_every_finding_has_its_sentence_and_its_names_fit():
    seen = set()
    for _rule, plant in FAULTS:
        spoilt = body()
        plant(spoilt)
        for finding in proofs.checked(pathways.Pathway(spoilt), GIVEN):
            sentence = SENTENCES[finding.sentence] % ({"step": "S", "key": "k"} | dict(finding.names))
            assert sentence.endswith(".")
            seen.add(finding.sentence)
    assert len(seen) >= 30
