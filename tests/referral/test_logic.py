"""Three values: true, false, unknown. Truth tables, and only facts that can still change the answer are asked for."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral import logic

TRUTHS = [True, False, None]
FACTS = ["a", "b", "c"]


def held(key):
    """Return the test "this fact is yes"."""
    return {"fact": key, "op": "eq", "value": True}


@pytest.mark.parametrize(("left", "right"), list(itertools.product(TRUTHS, TRUTHS)))
def test_tables_of_and_and_or(left, right):
    facts = {"a": left, "b": right}
    both = {"all": [held("a"), held("b")]}
    either = {"any": [held("a"), held("b")]}

    assert logic.truth(both, facts) is {(True, True): True}.get(
        (left, right), False if False in (left, right) else None
    )
    assert logic.truth(either, facts) is (True if True in (left, right) else None if None in (left, right) else False)


@pytest.mark.parametrize(("part", "result"), [(True, False), (False, True), (None, None)])
def test_table_of_not(part, result):
    assert logic.truth({"not": held("a")}, {"a": part}) is result


@pytest.mark.parametrize(
    ("operator", "value", "known", "result"),
    [
        ("eq", 18, 18, True), ("eq", 18, 17, False), ("ne", 18, 17, True), ("ne", 18, 18, False),
        ("lt", 18, 17, True), ("lt", 18, 18, False), ("lte", 18, 18, True), ("lte", 18, 19, False),
        ("gt", 18, 19, True), ("gt", 18, 18, False), ("gte", 18, 18, True), ("gte", 18, 17, False),
        ("in", ["x", "y"], "x", True), ("in", ["x"], "z", False), ("not_in", ["x"], "z", True), ("not_in", ["x"], "x", False),
        ("contains", "x", ["x", "y"], True), ("contains", "z", ["x"], False),
    ],
)  # fmt: skip
def test_each_test_on_a_known_fact_and_on_an_unknown_one(operator, value, known, result):
    condition = {"fact": "f", "op": operator, "value": value}

    assert logic.truth(condition, {"f": known}) is result
    assert logic.truth(condition, {"f": None}) is None
    assert logic.truth(condition, {}) is None


def test_age_below_eighteen_with_age_unknown_is_unknown():
    assert logic.truth({"fact": "age", "op": "lt", "value": 18}, {"age": None}) is None


def test_is_known_is_never_unknown_once_asked():
    condition = {"fact": "a", "op": "is_known"}

    assert logic.truth(condition, {"a": False}, {"a"}) is True
    assert logic.truth(condition, {"a": None}, {"a"}) is False
    assert logic.truth(condition, {}) is False
    assert logic.truth(condition, {}, set()) is None


def test_a_decided_part_asks_nothing():
    condition = {"any": [held("a"), {"all": [held("b"), held("c")]}]}

    assert logic.missing(condition, {}, set()) == ["a", "b", "c"]
    assert logic.missing(condition, {"b": False}, {"b"}) == ["a"]
    assert logic.missing(condition, {"a": True}, {"a"}) == []


def test_a_fact_asked_and_not_known_is_not_asked_again():
    condition = {"all": [held("a"), held("b")]}

    assert logic.missing(condition, {"a": None}, {"a"}) == ["b"]
    assert logic.missing(condition, {"a": None, "b": None}, {"a", "b"}) == []


def conditions(depth=3):
    """Return random conditions of at most three levels."""
    leaf = st.builds(
        lambda key, op: {"fact": key, "op": op, "value": True},
        st.sampled_from(FACTS),
        st.sampled_from(["eq", "ne", "is_known"]),
    )
    if depth == 1:
        return leaf
    inner = conditions(depth - 1)
    return leaf | st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)) | st.builds(
        lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)
    ) | st.builds(lambda part: {"not": part}, inner)  # fmt: skip


values = st.dictionaries(st.sampled_from(FACTS), st.sampled_from(TRUTHS))


@given(conditions(), values)
def test_what_is_decided_stays_decided_when_more_is_told(condition, facts):
    settled = logic.truth(condition, facts, facts.keys())
    if settled is None:
        return

    for rest in itertools.product(TRUTHS, repeat=3):
        fuller = dict(zip(FACTS, rest, strict=True)) | {key: facts[key] for key in facts}
        known = {key: value for key, value in facts.items() if value is not None}
        if all(fuller[key] == value for key, value in known.items()):
            assert logic.truth(condition, fuller, fuller.keys()) is settled


@given(conditions(), values)
def test_something_is_missing_only_while_undecided(condition, facts):
    asked = facts.keys()
    missing = logic.missing(condition, facts, asked)

    assert set(missing).isdisjoint(asked)
    assert not missing or logic.truth(condition, facts, asked) is None


@given(conditions())
def test_when_everything_was_asked_nothing_is_missing(condition):
    facts = dict.fromkeys(FACTS)

    assert logic.missing(condition, facts, facts.keys()) == []


@given(conditions())
def test_random_conditions_have_no_fault(condition):
    assert logic.faults_in(condition) == []


@pytest.mark.parametrize(
    "broken",
    [
        None, "a", {}, {"all": []}, {"all": "x"}, {"all": [], "any": []}, {"fact": "a"}, {"fact": "a", "op": "is", "value": 1},
        {"fact": "a", "op": "eq"}, {"fact": "a", "op": "in", "value": 3}, {"fact": "a", "op": "eq", "value": 1, "code": "x"},
        {"not": {"not": {"not": {"not": held("a")}}}},
    ],
)  # fmt: skip
def test_a_broken_condition_is_found(broken):
    assert logic.faults_in(broken)


def test_the_facts_of_a_condition_are_named_once_in_reading_order():
    condition = {"any": [{"not": held("age")}, {"all": [held("sex"), held("age")]}]}

    assert logic.facts_in(condition) == ["age", "sex"]
    assert logic.facts_in(None) == []


def test_a_condition_is_three_levels_deep_at_most():
    deep = {"all": [{"any": [{"not": held("a")}]}]}

    assert logic.faults_in(deep) == []
    assert logic.faults_in({"all": [deep]}) != []
