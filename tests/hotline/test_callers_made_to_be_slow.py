"""What a caller's network tells of her costs as it is long: four times the text, about four times the CPU."""

import pytest

from hotline.callers import caller_from
from tests.costs import LINEAR, growth


@pytest.mark.parametrize("text", [lambda n: '"a"' + " " * n + "x", lambda n: '"' * n, lambda n: "sip:" * n])
def test_a_caller_is_told_from_a_text_as_long_as_it_is(text):
    assert growth(lambda told: caller_from(told, "LR"), text, 4000) < LINEAR
