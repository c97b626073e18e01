"""Whom an edit reaches, in all, and as it is told to somebody of no country: small numbers only to its own managers."""

from collections.abc import Iterable
from dataclasses import replace

from training.queries.small_numbers import SMALLEST


class Reaching:
    """What an edit does to officials, summed over its rows of `reach`: of countries, or of courses."""

    @property
    def refreshed(self) -> int:
        """Return how many officials in all would get a refresher."""
        return sum(one.refreshed or 0 for one in self.reach)

    @property
    def is_withheld(self) -> bool:
        """Tell whether how many would get a refresher somewhere is told to the managers of that country only."""
        return any(one.refreshed is None for one in self.reach)

    @property
    def certified(self) -> int:
        """Return how many of them have completion and have not passed the test."""
        return sum(one.certified for one in self.reach)


def told_abroad(rows: Iterable) -> tuple:
    """Return rows of whom an edit reaches (`Reach`, `CourseReach`) as others than the country's managers are told of them.

    A number is nobody, or ten and more, else None; so is the number of those who get a refresher, where it, or the rest of
    those who finished, or the part of it that has completion alone, is fewer than ten.
    """
    return tuple(map(_told, rows))


def _told(one):
    finished, refreshed = _guarded(one.finished), _guarded(one.refreshed)
    parts = (one.finished, one.certified, one.finished + one.certified - one.refreshed)
    if one.refreshed and None in map(_guarded, parts):
        refreshed = None
    certified = 0 if refreshed is None else one.certified
    return replace(one, under_way=_guarded(one.under_way), finished=finished, refreshed=refreshed, certified=certified)


def _guarded(number: int) -> int | None:
    return None if 0 < number < SMALLEST else number
