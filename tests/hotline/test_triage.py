"""What the answers of a sheet mean: facts for the pathway, who is treated as a child, when a case may be opened."""

import pytest

from hotline import triage
from referral.queries.questions import REGISTER


def test_not_known_is_not_no_and_not_asked_is_left_out():
    facts = triage.facts_of({"safe_now": "unknown", "age": 17, "needs": ["health"], "wants_police": "not_asked"})

    assert facts == {"immediate_danger": None, "age": 17, "needs": ["health"]}


def test_safe_now_no_is_the_fact_immediate_danger():
    assert triage.facts_of({"safe_now": "no"}) == {"immediate_danger": True}


def test_an_unknown_age_is_treated_as_a_child():
    assert triage.is_treated_as_child({})
    assert triage.is_treated_as_child({"age": "unknown"})
    assert triage.is_treated_as_child({"age": 17})
    assert not triage.is_treated_as_child({"age": 18})


@pytest.mark.parametrize(
    ("age", "by_key", "is_child"),
    [
        (None, "no", False), (None, "yes", True), (None, "unknown", True), (None, None, True),
        ("not_asked", "no", False), ("unknown", "no", True), (17, "no", True), (24, "yes", False), (24, "no", False),
    ],
)  # fmt: skip
def test_who_said_by_key_that_she_is_no_child_is_treated_as_none_until_the_sheet_says_another_thing(
    age, by_key, is_child
):
    answers = triage.with_keys({} if age is None else {"age": age}, [("under_18", by_key)] if by_key else [])

    assert triage.is_treated_as_child(answers) is is_child
    assert triage.is_adult_by_key(answers) is (by_key == "no" and age in (None, "not_asked"))


@pytest.mark.parametrize(
    ("age", "by_key", "is_asked"),
    [(None, "yes", True), (None, "no", False), (None, "unknown", False), (20, "yes", False), ("unknown", "no", True)],
)
def test_the_questions_for_a_child_open_by_a_yes_by_key_and_by_the_age_not_by_a_no(age, by_key, is_asked):
    answers = triage.with_keys({} if age is None else {"age": age}, [("under_18", by_key)])

    assert ("child_adult" in {one.key for one in triage.open_questions(triage.HOUSE, answers)}) is is_asked


def test_what_is_said_last_by_key_on_the_age_counts_whatever_an_older_sheet_kept_and_fills_no_fact():
    kept = triage.with_keys({"safe_now": "yes"}, [("under_18", "no")])

    assert triage.is_treated_as_child(triage.with_keys(kept, [("under_18", "yes")]))
    assert triage.facts_of(kept) == {"immediate_danger": False}


@pytest.mark.parametrize(
    ("said", "key", "answer", "fact"),
    [
        ("danger", "safe_now", "no", {"immediate_danger": True}),
        ("locked_in", "sign_movement", "yes", {"sign_movement": True}),
    ],
)
def test_a_yes_by_key_fills_the_answer_that_it_alone_gives_where_the_sheet_has_none(said, key, answer, fact):
    for kept in ({}, {key: "not_asked"}):
        answers = triage.with_keys(kept, [(said, "yes")])
        assert answers == {key: answer}
        assert triage.facts_of(answers) == fact

    for kept in ("yes", "no", "unknown"):
        assert triage.with_keys({key: kept}, [(said, "yes")]) == {key: kept}
    for other in ("no", "unknown"):
        assert triage.with_keys({}, [(said, other)]) == {}


def test_the_eleven_signs_are_asked():
    assert len(triage.SIGN_KEYS) == 11


def test_each_sign_is_a_fact_of_the_case_and_one_that_was_not_asked_is_none():
    facts = triage.facts_of(
        {"sign_debt": "yes", "sign_violence": "no", "sign_hours": "unknown", "sign_wages": "not_asked"}
    )

    assert facts == {"sign_debt": True, "sign_violence": False, "sign_hours": None}
    assert {triage.question(key).fact for key in triage.SIGN_KEYS} == set(triage.SIGN_KEYS) <= set(REGISTER)


def test_whether_somebody_listens_is_no_word_on_consent():
    assert triage.facts_of({"may_talk": "yes"}) == triage.facts_of({"may_talk": "no"}) == {}


def test_a_fact_comes_only_from_a_question_that_asks_for_it():
    filled = {asked.fact: str(asked.ask) for asked in triage.HOUSE.questions if asked.fact}
    reversed_by_the_sheet = {"immediate_danger": "Are you safe where you are now?"}

    assert filled == {key: str(REGISTER[key].script) for key in filled} | reversed_by_the_sheet


@pytest.mark.parametrize("key", ["age", "children_with"])
@pytest.mark.parametrize("value", ["00409999999", "0000" + "9" * 5000, "00031999", "131", "-1", "1.5", "²"])
def test_a_number_that_cannot_be_right_is_no_answer_however_it_begins(key, value):
    with pytest.raises(triage.NotAnAnswer):
        triage.checked(triage.question(key), [value])


@pytest.mark.parametrize(("value", "kept"), [("0", 0), ("17", 17), ("0017", 17), ("٣٠", 30)])
def test_a_number_is_kept_as_a_number_whatever_its_digits(value, kept):
    assert triage.checked(triage.question("children_with"), [value]) == kept
