"""Which help a case needs as far as it is written down: what lies ahead of a yes, what was named, what is open."""

from itertools import product

import pytest

from referral import actions, pathways
from referral.pathways.ways import choice_of
from referral.queries.needed import needs_of

MISSING = object()
GATE = {
    "schema": "pathway/1", "key": "k", "version": 1, "country": "LR", "title": {"en": "K"}, "languages": ["en"],
    "valid": None, "roles": [{"key": "r", "name": "R"}], "sharing_profiles": {}, "facts": [
        {"key": "age", "type": "int", "cut_points": [18]}, {"key": "hurt", "type": "bool"},
    ],
    "steps": [
        {"key": "start", "kind": "start", "title": {"en": "S"}}, {"key": "ask", "kind": "consent", "title": {"en": "C"}},
        {"key": "which", "kind": "gate", "title": {"en": "G"}}, {"key": "home", "kind": "referral", "title": {"en": "H"}},
        {"key": "ward", "kind": "referral", "title": {"en": "W"}}, {"key": "end", "kind": "end", "title": {"en": "E"}},
    ],
    "transitions": [
        {"from": "start", "to": "ask"}, {"from": "ask", "to": "which", "outcome": "given"},
        {"from": "which", "to": "ward", "when": {"fact": "hurt", "op": "eq", "value": True}},
        {"from": "which", "to": "home"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "ward", "home"),
    [({"hurt": True}, True, False), ({"hurt": False}, False, True), ({"hurt": None}, None, True), ({}, None, None)],
)
def test_of_the_ways_of_a_question_only_the_first_that_applies_is_taken(facts, ward, home):
    pathway = pathways.load(pathways.canonical(GATE))

    assert pathways.ahead(pathway, facts, "ask", "given") == {"ward": ward, "home": home}


def test_what_lies_ahead_of_a_split_is_where_the_engine_would_go(liberia_pathway):
    keys, values = (
        ("sexual_violence", "immediate_danger", "needs_shelter", "wants_police"),
        (True, False, None, MISSING),
    )
    for chosen in product(values, repeat=len(keys)):
        facts = {key: value for key, value in zip(keys, chosen, strict=True) if value is not MISSING} | {"needs": []}
        ahead = pathways.ahead(liberia_pathway, facts, "consent", "given")
        choice = choice_of(liberia_pathway, facts, "fork")

        assert set(ahead) == {"health", "shelter", "psychosocial", "police"}
        if not choice.asks:
            assert {step for step, is_taken in ahead.items() if is_taken} == set(choice.targets)


@pytest.mark.parametrize(
    ("facts", "health", "shelter"),
    [
        (
            {"needs": ["health"], "needs_shelter": False, "immediate_danger": False, "sexual_violence": False},
            True,
            False,
        ),
        (
            {"needs": ["shelter"], "needs_shelter": None, "immediate_danger": False, "sexual_violence": False},
            False,
            True,
        ),
        ({"needs": [], "needs_shelter": None, "immediate_danger": False, "sexual_violence": None}, True, None),
        ({}, None, None),
    ],
)
@pytest.mark.django_db
def test_what_was_named_or_comes_next_is_needed_and_what_was_not_asked_is_not_known(new_case, facts, health, shelter):
    needs = needs_of(new_case(facts=facts))

    assert needs == {"health": health, "shelter": shelter, "psychosocial": True, "police_investigation": None}


@pytest.mark.django_db
def test_help_whose_step_is_open_is_needed_whatever_the_facts_say(at_referrals, house, room, operator, at, keys):
    case = at_referrals(house, room)
    actions.answer(
        case=case, facts={"needs_shelter": False, "needs": []}, source="call", key=next(keys), by=operator, at=at
    )

    assert needs_of(case)["shelter"] is True
    assert needs_of(case)["police_investigation"] is False
