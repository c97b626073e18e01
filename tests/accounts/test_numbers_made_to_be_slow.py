"""A number as it is dialled is judged in time that goes with its length, whatever spaces stand in it."""

import pytest

from accounts.forms.countries import DIALLED
from tests.costs import LINEAR, growth


@pytest.mark.parametrize("unit", ["1 ", "1 - ", "(1) ", "1"])
def test_a_number_costs_as_it_is_long(unit):
    assert growth(DIALLED.fullmatch, lambda n: unit * n + "x", 2000) < LINEAR


@pytest.mark.parametrize("number", ["116", "+231 77-000", "1  2", "1 - 2", "1-2", "(0)1", "1 .2", "1. 2"])
def test_spaces_and_one_sign_may_part_digits(number):
    assert DIALLED.fullmatch(number)


@pytest.mark.parametrize("number", ["1   2", "1--2", "1 -  2", "1 ", " 1 2", "1-"])
def test_more_than_that_is_no_number(number):
    assert not DIALLED.fullmatch(number)
