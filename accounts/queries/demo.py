"""Reads of the demo's people, in the order in which a visitor needs them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.choices import Role
from accounts.models import Country, User

DEMO_DOMAIN = "@example.org"
LEARNERS_SHOWN = 3
# What a visitor tries first stands first; the many learners stand last.
ORDER = (
    Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER, Role.FOCAL_POINT, Role.TRANSLATOR, Role.INTERPRETER, Role.ANALYST,
    Role.ADMINISTRATOR, Role.TRAINER, Role.LEARNER,
)  # fmt: skip


@dataclass(frozen=True)
class DemoGroup:
    """The demo's people of one country, or of none: its staff, the first learners, and the many others."""

    country: Country | None
    shown: tuple[User, ...]
    more: tuple[User, ...]


def in_order(people: Iterable[User]) -> list[User]:
    """Return people by what they are, then by the number in their address: 2 stands before 10."""
    return sorted(people, key=lambda person: (_weight(person), _natural(person.email)))


def demo_people() -> list[DemoGroup]:
    """Return the demo's people grouped by country; those of no country first."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).select_related("country", "office")
    members: dict[Country | None, list[User]] = {None: []}
    for person in people.order_by("country__name_en"):
        members.setdefault(person.country, []).append(person)
    return [_group(country, found) for country, found in members.items() if found]


def _group(country: Country | None, people: list[User]) -> DemoGroup:
    ordered = in_order(people)
    staff = [person for person in ordered if not _is_learner(person)]
    learners = [person for person in ordered if _is_learner(person)]
    return DemoGroup(country, (*staff, *learners[:LEARNERS_SHOWN]), tuple(learners[LEARNERS_SHOWN:]))


def _is_learner(person: User) -> bool:
    return ORDER[_weight(person) : _weight(person) + 1] == (Role.LEARNER,)


def _weight(person: User) -> int:
    return next((place for place, role in enumerate(ORDER) if person.has_role(role)), len(ORDER))


def _natural(email: str) -> tuple[str, int, str]:
    """Return what sorts addresses with the number in them as a number; none counts as the first."""
    stem, number = re.match(r"([^0-9]*)([0-9]*)", email.partition(".")[0]).groups()
    return stem, int(number or 1), email


def demo_person(name: str) -> User | None:
    """Return one of the demo's people by public id or e-mail, or None."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)
    return next((person for person in people if name in (str(person.public_id), person.email)), None)
