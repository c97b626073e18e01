"""Cells of the matrix: each state has a shape of its own, so that nothing looks better than it is."""

import pytest

from cms.desk.cells import cell
from languages.choices import Public
from languages.queries import Status


@pytest.mark.parametrize(
    ("status", "shape", "words"),
    [
        (Status(Public.PUBLISHED, 3, 3), "full", "published"),
        (Status(Public.PUBLISHED, 3, 3, awaiting_native=1), "sq", "published, awaiting a native reader"),
        (Status(Public.PARTIAL, 1, 3), "half", "33 percent published"),
        (Status(Public.OUT_OF_DATE, 3, 3, stale=2), "tri", "2 texts out of date"),
        (Status(Public.PUBLISHED, 3, 3, in_review=1), "ring", "1 text waiting for review"),
        (Status(Public.MISSING, 0, 3), "box", "nothing yet"),
    ],
)
def test_each_state_has_its_shape_and_its_words(status, shape, words):
    shown = cell("fr", status)

    assert (shown.shape, str(shown.words)) == (shape, words)


def test_what_nobody_needs_is_neither_done_nor_work():
    shown = cell("th", Status(Public.MISSING, 0, 3), wanted=False)

    assert (shown.css, shown.is_work) == ("na", False)
