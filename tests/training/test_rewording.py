"""Which answer is which once words were edited: by its words wherever they stand, by its id where they were repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import grading, progress, rewording

NAMES = ("Look away", "Ask the court", "Call the line", "Wait for a week")


def parts(*values):
    return [{"type": "item", "id": f"p{place}", "value": value} for place, value in enumerate(values)]


def chosen(kind, *said):
    return {"type": kind, "id": "q", "value": {"options": parts(*({"text": t, "right": r} for t, r in said))}}


def single(*said):
    return chosen("single", *said)


def match(*pairs):
    return {
        "type": "match",
        "id": "q",
        "value": {"pairs": parts(*({"left": one, "right": two} for one, two in pairs))},
    }


def order(*steps):
    return {"type": "order", "id": "q", "value": {"steps": parts(*({"text": text} for text in steps))}}


OLD = single((NAMES[0], True), (NAMES[1], False))


def corrected(old, new):
    """Return what the engine makes of two blocks as an edition and a newer one hold them."""
    items = [grading.item_of_block(block) for block in (old, new)]
    named = [grading.Item(**vars(item) | {"version": name}) for item, name in zip(items, "ab", strict=True)]
    return progress.as_answered(*named, {"a": old, "b": new})


def test_words_that_were_exchanged_are_followed_whatever_became_of_case_spaces_and_the_full_stop():
    key = corrected(OLD, single((" ask the Court. ", True), ("LOOK  AWAY!", False)))

    assert (key.right, set(key.options)) == (("p1",), {"p0", "p1"})


@pytest.mark.parametrize(
    "new",
    [
        single(("Look  away.", True), (NAMES[1], False)),
        single(("Turn your head and pretend that you have seen nothing at all", True), (NAMES[1], False)),
        single((NAMES[0], True), ("Another wrong answer altogether", False)),
        single((NAMES[0], True), (NAMES[1], False), (NAMES[2], False)),
    ],
)
def test_other_words_for_the_same_answer_and_another_wrong_one_are_no_correction(new):
    assert corrected(OLD, new) is None


def test_an_answer_whose_words_went_to_another_one_is_not_found_by_its_id():
    key = corrected(OLD, single((NAMES[2], True), (NAMES[0], False)))

    assert grading.fits(key, "p0")
    assert not grading.grade(key, "p0").right
    assert not grading.fits(key, "p1")


@pytest.mark.parametrize(
    ("words", "is_same"),
    [
        ("ask “the Court”", False),
        ("Ask the  Court!", True),
        ("Ask a court", False),
        ("Never ask the court", False),
        ("Do ask whoever is there", False),
    ],
)
def test_of_a_corrected_question_an_answer_keeps_its_id_only_where_it_was_repaired(words, is_same):
    key = corrected(OLD, single((NAMES[0], False), (words, True)))

    assert grading.fits(key, "p1") is is_same
    assert not is_same or grading.grade(key, "p1").right


@pytest.mark.parametrize(
    ("before", "after", "is_repaired"),
    [
        ("red", "blue", False),
        ("48 hours", "72 hours", False),
        ("lawful", "unlawful", False),
        ("trafficing", "trafficking", True),
    ],
)
def test_what_counts_as_a_repair(before, after, is_repaired):
    assert rewording.is_repaired(before, after) is is_repaired


@pytest.mark.parametrize(
    "new",
    [match(("A", "y"), ("B", "x")), match(("B", "x"), ("A", "y")), match(("B.", "x."), ("A.", "y."))],
    ids=["right sides", "left sides", "left sides, repaired"],
)
def test_pairs_are_other_ones_whichever_side_was_exchanged(new):
    key = corrected(match(("A", "x"), ("B", "y")), new)

    assert grading.grade(key, [["p0", "p1"], ["p1", "p0"]]).right
    assert grading.grade(key, [["p0", "p0"], ["p1", "p1"]]).points == 0


def test_whole_pairs_that_change_places_are_the_same_pairs():
    assert corrected(match(("A", "x"), ("B", "y")), match(("B", "y"), ("A", "x"))) is None


def test_a_side_that_is_new_fits_no_pair_that_was_made():
    key = corrected(match(("A", "x"), ("B", "y")), match(("A", "y"), ("B", "z")))

    assert grading.grade(key, [["p0", "p1"]]).points == 500
    assert not grading.fits(key, [["p1", "p0"]])


def test_steps_that_exchanged_their_words_are_in_another_order():
    key = corrected(order(*NAMES[:3]), order(NAMES[1], NAMES[0], NAMES[2]))

    assert grading.grade(key, ["p1", "p0", "p2"]).right
    assert not grading.grade(key, ["p0", "p1", "p2"]).right


FLAGS = st.lists(st.booleans(), min_size=4, max_size=4).filter(any)


@given(FLAGS, FLAGS, st.permutations(range(4)), st.sets(st.integers(0, 3), min_size=1))
def test_an_answer_is_worth_what_its_words_are_worth_wherever_they_stand(flags, new_flags, places, ticked):
    old = chosen("multiple", *zip(NAMES, flags, strict=True))
    new = chosen("multiple", *((NAMES[place], new_flags[place]) for place in places))
    by_its_words = grading.grade(grading.item_of_block(new), [f"p{places.index(one)}" for one in sorted(ticked)])

    key = corrected(old, new) or grading.item_of_block(old)

    assert grading.grade(key, [f"p{one}" for one in sorted(ticked)]).points == by_its_words.points
