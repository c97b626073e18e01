"""Papers: drawn row by row of the plan, critical questions first, the same from the same seed; what a bank lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import grading, progress

OBJECTIVES = ("elements", "consent", "contact")
seeds = st.text(alphabet="0123456789abcdef", min_size=8, max_size=8)


def entry(key, objective="elements", *, critical=False, tracks=()):
    item = progress.entry_of(grading.Item(key, "single", (f"{key}a", f"{key}b"), right=(f"{key}a",)))
    return item | {"key": key, "version": "v", "critical": critical, "objective": objective, "tracks": list(tracks)}


def body(items, blueprint, form=2, minimum=3):
    test = {"id": "t", "kind": "test", "form": form, "required": form == 2, "minutes": 10, "material": 1}
    test |= {"screens": [], "slots": [], "items": items, "blueprint": blueprint, "content": ""}
    return progress.canonical({"course": "c", "modules": [], "tests": [test], "pass": {"minimum": minimum}})


@given(
    seeds,
    st.lists(st.tuples(st.sampled_from(OBJECTIVES), st.booleans()), min_size=1, max_size=12),
    st.dictionaries(st.sampled_from(OBJECTIVES), st.integers(1, 4)),
)
def test_a_paper_holds_what_the_plan_asks_as_far_as_the_bank_reaches(seed, bank, plan):
    items = [entry(f"i{number}", objective, critical=critical) for number, (objective, critical) in enumerate(bank)]
    text = body(items, [list(row) for row in plan.items()])

    paper = progress.draw(text, seed)

    assert paper == progress.draw(text, seed)
    assert len({one["id"] for one in paper["items"]}) == len(paper["items"])
    for objective, count in plan.items():
        there = [one for one in items if one["objective"] == objective]
        drawn = [one for one in paper["items"] if one["objective"] == objective]
        assert len(drawn) == min(count, len(there))
        wanted = min(count, sum(1 for one in there if one["critical"]))
        assert sum(1 for one in drawn if one["critical"]) == wanted
    assert {one["objective"] for one in paper["items"]} <= set(plan)


def test_a_row_of_any_objective_takes_from_what_the_others_left():
    items = [entry("a", "elements"), entry("b", "elements"), entry("c", "consent"), entry("d", "contact")]

    paper = progress.draw(body(items, [["", 2], ["elements", 2]]), "seed")

    assert {one["id"] for one in paper["items"]} == {"a", "b", "c", "d"}


def test_an_edition_of_the_first_schema_has_one_test_and_draws_from_all():
    items = [entry(key, critical=key == "a") for key in "abcd"]
    old = progress.read(body(items, []))
    old["tests"][0] = {name: value for name, value in old["tests"][0].items() if name not in {"form", "blueprint"}}
    old["pass"] = {"draw": 3, "minimum": 2}

    paper = progress.draw(progress.canonical(old), "seed")

    assert (len(paper["items"]), paper["minimum"], paper["form"]) == (3, 2, 2)
    assert paper["critical"] == ["a"]
    with pytest.raises(progress.NoQuestions):
        progress.draw(progress.canonical(old), "seed", 1)


@pytest.mark.parametrize(("form", "minimum", "critical"), [(1, 0, []), (2, 3, ["a"]), (3, 3, ["a"])])
def test_each_form_has_its_rule(form, minimum, critical):
    items = [entry(key, critical=key == "a") for key in "abcd"]

    paper = progress.draw(body(items, [["elements", 4]], form), "seed", form)

    assert (paper["minimum"], paper["critical"]) == (minimum, critical)


def test_a_track_is_asked_its_own_questions_and_those_of_everybody():
    items = [entry("a"), entry("m", tracks=["migrant"]), entry("o", tracks=["official"])]

    paper = progress.draw(body(items, [["elements", 3]]), "seed", 2, "migrant")

    assert {one["id"] for one in paper["items"]} == {"a", "m"}


def test_what_a_bank_lacks_is_told_with_its_numbers_for_each_track():
    bank = [
        {"form": 2, "objective": "elements", "tracks": []},
        {"form": 2, "objective": "elements", "tracks": ["migrant"]},
        {"form": 1, "objective": "elements", "tracks": []},
    ]

    found = progress.lacks([(2, "elements", 2), (1, "elements", 1)], bank, ["migrant", "official"])

    assert found == [progress.Lack(2, "elements", "official", 2, 1)]
    assert progress.lacks([(2, "elements", 2), (2, "", 1)], bank, []) == [progress.Lack(2, "", "", 1, 0)]


def test_gain_counts_what_both_papers_asked_by_objective():
    before = {"items": [entry("a"), entry("b"), entry("c", "consent")]}
    after = {"items": [entry("d"), entry("e"), entry("f", "contact")]}

    found = progress.gain(before, {"a": 1000, "b": 500}, after, {"d": 1000, "e": 1000, "f": 0})

    assert found == (progress.Gain("elements", 1, 2, 2, 2),)
