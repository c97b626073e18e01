"""A step opened by hand inside a split: whether its token still belongs to the split, so counts at the join.

In each of these pathways a branch has two steps, or the join has something left to do: there it shows.
"""

from referral import pathways
from referral.pathways import Event
from tests.referral.test_pathways_by_hand import by_hand
from tests.referral.walking import AT, asked, go, open_steps, opened, small, told

F_IS = {value: {"when": {"fact": "f", "op": "eq", "value": value}} for value in (True, False)}


def split(after, ways):
    """Return a pathway of a split (first and second, beside other) and a join, with what follows the join."""
    return small(
        [("s", "start", {}), ("fork", "fork_all", {"join": "joined"}), ("first", "task", {}), ("second", "task", {}),
         ("other", "task", {}), ("joined", "join", {}), *((key, "task", {}) for key in after), ("e", "end", {})],
        [("s", "fork", {}), ("fork", "first", {}), ("fork", "other", {}), ("first", "second", {}),
         ("second", "joined", {}), ("other", "joined", {}), *ways],
    )  # fmt: skip


def joined(pathway):
    """Return a case in which both branches have come to the join."""
    state = opened(pathway)
    for step in ("first", "second", "other"):
        state = go(pathway, state, step)
    return state


def test_once_the_join_has_fired_the_next_step_of_the_branch_is_not_done_again():
    pathway = split(["after"], [("joined", "after", {}), ("after", "e", {})])
    state = by_hand(pathway, joined(pathway), "first")
    assert open_steps(state) == ["after", "first"]

    state = go(pathway, state, "first")

    assert open_steps(state) == ["after"]
    assert go(pathway, state, "after").end_step == "e"
    assert [run.arrived for run in state.runs if run.step == "joined"] == [3]


def test_while_the_join_asks_the_next_step_of_the_branch_is_not_done_again():
    pathway = split(
        ["yes", "no"],
        [("joined", "yes", F_IS[True]), ("joined", "no", F_IS[False]), ("yes", "e", {}), ("no", "e", {})],
    )
    state = joined(pathway)
    assert (open_steps(state), asked(state)) == ([], ["f"])

    state = go(pathway, by_hand(pathway, state, "first"), "first")

    assert (open_steps(state), asked(state)) == ([], ["f"])
    state = told(pathway, state, f=True)
    assert open_steps(state) == ["yes"]
    assert go(pathway, state, "yes").end_step == "e"


def two_splits():
    """Return a pathway with consent between two splits, and a case with consent given, in its second split."""
    tasks = ("a", "b", "c", "d", "info")
    pathway = small(
        [("s", "start", {}), ("one", "fork_all", {"join": "first"}), ("first", "join", {}), ("consent", "consent", {}),
         ("two", "fork_all", {"join": "second"}), ("second", "join", {}), *((key, "task", {}) for key in tasks),
         ("e", "end", {})],
        [("s", "one", {}), ("one", "a", {}), ("one", "b", {}), ("a", "first", {}), ("b", "first", {}),
         ("first", "consent", {}), ("consent", "two", {"outcome": "given"}), ("consent", "info", {}),
         ("two", "c", {}), ("two", "d", {}), ("c", "second", {}), ("d", "second", {}), ("second", "e", {}),
         ("info", "e", {})],
    )  # fmt: skip
    state = go(pathway, go(pathway, opened(pathway), "a"), "b")
    state = go(pathway, state, "consent", "given")
    return pathway, state


def test_a_join_that_fired_says_nothing_of_another_split_that_was_broken_off():
    pathway, state = two_splits()
    state = pathways.advance(pathway, state, Event("withdrawn", AT))
    state = go(pathway, by_hand(pathway, state, "c"), "c")

    assert [run.state for run in state.runs if run.kind == "join"] == ["done"]
    assert go(pathway, state, "info").end_step == "e"


def test_a_split_that_was_broken_off_with_a_branch_at_its_join_counts_nobody_in():
    pathway, state = two_splits()
    state = pathways.advance(pathway, go(pathway, state, "d"), Event("withdrawn", AT))
    before = state.last("two").sent

    state = by_hand(pathway, state, "c")

    assert (state.last("c").forks, state.last("two").sent) == ((), before)
    assert go(pathway, go(pathway, state, "c"), "info").end_step == "e"
