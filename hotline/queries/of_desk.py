"""Reads of a person's desk that are asked every two seconds: compiled once for who has an office, once for who has none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from languages.statements import PreparedAt

OFFICE = -8


@dataclass(frozen=True)
class Marked:
    """Stands for a person of a desk while a statement is compiled."""

    pk: int
    country_id: str
    office_id: int | None
    is_authenticated: bool = True

    def has_role(self, *_roles: str) -> bool:
        """Tell that this person works at a desk: for others a statement is built each time."""
        return True


class OfDesk:
    """A read for a person of a desk: `make(user, *more, at)` returns the query; it may ask the person's keys and role alone.

    `marks` stand for `more` while it is compiled, and `at` is the last: see `PreparedAt`.
    """

    def __init__(self, make: Callable[..., QuerySet], *marks: object):
        self.make = make
        self._without = PreparedAt(self._made_without, -7, "country of a person", *marks)
        self._with = PreparedAt(self._made_with, -7, "country of a person", OFFICE, *marks)

    def _made_without(self, pk: int, country: str, *more: object) -> QuerySet:
        return self.make(Marked(pk, country, None), *more)

    def _made_with(self, pk: int, country: str, office: int, *more: object) -> QuerySet:
        return self.make(Marked(pk, country, office), *more)

    def rows(self, user, *more: object, at: datetime) -> list:
        """Return the values that the query names."""
        if not is_of_desk(user):
            return list(self.make(user, *more, at))
        return list(self._of(user).rows(*self._values(user), *more, at))

    def objects(self, user, *more: object, at: datetime) -> list:
        """Return the rows as the query would."""
        if not is_of_desk(user):
            return list(self.make(user, *more, at))
        return self._of(user).objects(*self._values(user), *more, at)

    def _of(self, user) -> PreparedAt:
        return self._with if user.office_id else self._without

    def _values(self, user) -> tuple:
        return (user.pk, user.country_id, user.office_id) if user.office_id else (user.pk, user.country_id)


def is_of_desk(user) -> bool:
    """Tell whether a person works at the desk of a country."""
    return bool(user.is_authenticated and user.has_role("operator", "supervisor") and user.country_id)
