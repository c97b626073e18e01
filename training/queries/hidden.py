"""Who is in no number of a report: the officials of small offices, and those without an office."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from training.queries.small_numbers import SMALLEST


@dataclass(frozen=True)
class Hidden:
    """How many offices are too small, whether anybody is in no office, and whether there is nobody else.

    `is_all`: nothing is left that could be counted, so no number of people is told, nought neither.
    """

    offices: int = 0
    has_no_office: bool = False
    is_all: bool = False

    def __bool__(self) -> bool:
        return bool(self.offices) or self.has_no_office


def hidden_of(people: Iterable[tuple[Hashable | None, int]]) -> Hidden:
    """Return who is in no number, of offices by their keys (None: of people without one) and how many officials each has."""
    people = list(people)
    small = sum(1 for office, officials in people if office is not None and officials < SMALLEST)
    unplaced = sum(1 for office, _officials in people if office is None)
    return Hidden(small, unplaced > 0, 0 < len(people) == small + unplaced)
