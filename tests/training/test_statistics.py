"""Item statistics against values counted by hand, and against what must hold of any answers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import statistics
from training.statistics import FEWEST, Comparison, Given


def test_facility_is_the_mean_share():
    assert statistics.facility([1000, 1000, 0, 500]) == 0.625


def test_discrimination_as_by_hand():
    # x 1 1 0 0, rest .8 .6 .6 .2: means .5 and .55; covariance .15 - .1... = .3 / (1 * sqrt(.19))
    points, rests = [1000, 1000, 0, 0], [0.8, 0.6, 0.6, 0.2]

    assert statistics.discrimination(points, rests) == pytest.approx(0.3 / math.sqrt(0.19))


@pytest.mark.parametrize(("points", "rests"), [([1000] * 4, [0.1, 0.2, 0.3, 0.4]), ([0, 1000, 0, 1000], [0.5] * 4)])
def test_discrimination_of_what_does_not_vary_is_undefined_and_not_zero(points, rests):
    assert statistics.discrimination(points, rests) is None


def test_mantel_haenszel_as_by_hand():
    # One band, 20 of 40 right here and 30 of 40 there: odds ratio (20*10)/(20*30) = 1/3.
    # E = 50*40/80 = 25, V = 40*40*50*30/(80² * 79) = 4.746835; chi-square = (5 - .5)² / V = 4.266.
    ratio, chi_square = statistics.mantel_haenszel([(20, 20, 30, 10)])

    assert ratio == pytest.approx(1 / 3)
    assert chi_square == pytest.approx(4.5**2 / (40 * 40 * 50 * 30 / (80**2 * 79)))
    assert chi_square == pytest.approx(4.266, abs=0.001)


def test_mantel_haenszel_of_two_strata_as_by_hand():
    # The two bands have 35 and 30 answers; the odds of each are weighed by their number.
    ratio, _chi_square = statistics.mantel_haenszel([(10, 5, 15, 5), (6, 4, 10, 10)])

    assert ratio == pytest.approx((50 / 35 + 60 / 30) / (75 / 35 + 40 / 30))


def test_an_empty_band_is_skipped():
    assert statistics.mantel_haenszel([(20, 20, 30, 10), (5, 5, 0, 0), (0, 0, 0, 0)]) == statistics.mantel_haenszel(
        [(20, 20, 30, 10)]
    )


def answers(language, right, wrong, rest=0.5):
    return [Given(1000, rest, language)] * right + [Given(0, rest, language)] * wrong


def test_an_item_that_is_harder_in_one_language_stands_apart():
    found = statistics.compare(answers("ar", 10, 30) + answers("en", 35, 5) + answers("fr", 34, 6), "ar")

    assert (found.verdict, found.is_harder, found.count) == ("apart", True, 40)
    assert found.delta == pytest.approx(-2.35 * math.log((10 * 11) / (30 * 69)))


def test_an_item_that_nobody_gets_right_in_one_language_is_harder_than_any_number():
    found = statistics.compare(answers("ar", 0, 40) + answers("en", 30, 10), "ar")

    assert (found.verdict, found.delta) == ("apart", math.inf)


def test_an_item_alike_in_two_languages_is_left_alone():
    found = statistics.compare(answers("ar", 30, 10) + answers("en", 30, 10), "ar")

    assert (found.verdict, found.delta) == ("alike", 0)


def test_a_difference_between_one_and_one_and_a_half_is_watched():
    # Odds 3 and 5: delta = 2.35 ln(5/3) = 1.20.
    found = statistics.compare(answers("ar", 30, 10) + answers("en", 50, 10), "ar")

    assert (found.verdict, round(found.delta, 2)) == ("watched", 1.2)


def test_few_answers_say_nothing():
    few = statistics.compare(answers("ar", 29, 0) + answers("en", 30, 10), "ar")

    assert few == Comparison("ar", 29, "too_few")
    assert statistics.figures(answers("ar", 29, 0)).facility is None


def test_what_cannot_be_estimated_says_so():
    found = statistics.compare(answers("ar", 40, 0) + answers("en", 40, 0), "ar")

    assert found.verdict == "not_estimable"


def test_better_people_in_one_language_are_no_harder_item_in_the_other():
    # In each band the same share is right; the languages differ only in how many stand in which band.
    here = answers("ar", 10, 30, 0.1) + answers("ar", 8, 2, 0.9)
    there = answers("en", 5, 15, 0.1) + answers("en", 32, 8, 0.9)

    assert statistics.compare(here + there, "ar").verdict == "alike"


def test_choices_are_counted_with_the_rest_score_of_who_chose_them():
    given_answers = [Given(1000, 0.8, chosen=("a",)), Given(0, 0.2, chosen=("b",)), Given(0, 0.4, chosen=("b",))]

    counts = statistics.choice_counts(given_answers, ["a", "b", "c"])

    assert [(one.option, one.count) for one in counts] == [("a", 1), ("b", 2), ("c", 0)]
    assert [one.mean_rest for one in counts] == [0.8, pytest.approx(0.3), None]


GIVEN = st.builds(Given, st.sampled_from([0, 250, 500, 1000]), st.floats(0, 1), st.sampled_from(["en", "ar", "fr"]))


@given(st.lists(GIVEN, min_size=FEWEST, max_size=120))
def test_figures_stay_within_their_bounds_in_any_order(found):
    one, other = statistics.item_figures(found), statistics.item_figures(found[::-1])

    assert 0 <= one.overall.facility <= 1
    assert one.overall.discrimination is None or -1.0001 <= one.overall.discrimination <= 1.0001
    assert [entry.verdict for entry in one.comparisons] == [entry.verdict for entry in other.comparisons]
    assert all(entry.chi_square is None or entry.chi_square >= 0 for entry in one.comparisons)


@given(st.lists(GIVEN, min_size=80, max_size=160))
def test_one_language_is_as_much_harder_as_the_other_is_easier(found):
    two = [Given(one.points, one.rest, "ar" if one.language == "ar" else "en") for one in found]
    here, there = statistics.compare(two, "ar"), statistics.compare(two, "en")

    if None not in (here.delta, there.delta) and math.isfinite(here.delta) and math.isfinite(there.delta):
        assert here.delta == pytest.approx(-there.delta)
