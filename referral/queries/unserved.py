"""Countries whose cases nobody sees: open cases that nobody has who may, and no supervisor who would find them.

Whoever keeps the country hears how many there are and what to do; no case may be read here, so none is named.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.choices import Role
from accounts.models import Country, User
from accounts.queries import countries_visible_to, staff_of
from referral.choices import CaseState
from referral.models import Case
from referral.queries.cases import left_in


@dataclass(frozen=True)
class Unserved:
    """A country without a supervisor, how many open cases nobody there has, and whether the reader may invite one."""

    country: Country
    count: int
    may_invite: bool = False


def has_supervisor(code: str) -> bool:
    """Tell whether a country has somebody who is told what nobody else is told."""
    return staff_of(code, Role.SUPERVISOR).exists()


def keepers_of(code: str) -> list[User]:
    """Return who can see to it that a country gets a supervisor: its programme managers, and the administrators."""
    people = [*staff_of(code, Role.MANAGER), *User.objects.with_role(Role.ADMINISTRATOR)]
    return list({person.pk: person for person in people}.values())


def unserved(countries: QuerySet[Country] | None = None, *, may_invite: bool = False) -> list[Unserved]:
    """Return those of some countries, else of all, that have cases which nobody sees."""
    open_cases = Case.objects.filter(country=OuterRef("pk"), state=CaseState.OPEN)
    supervisors = User.objects.with_role(Role.SUPERVISOR).filter(country=OuterRef("pk"))
    rows = (Country.objects.all() if countries is None else countries).filter(Exists(open_cases), ~Exists(supervisors))
    found = [Unserved(country, left_in(country.pk).count(), may_invite) for country in rows]
    return [row for row in found if row.count]


def unserved_for(user) -> list[Unserved]:
    """Return them for who can do something about it: administrators all, programme managers their own country."""
    if not user.is_authenticated or not user.is_active:
        return []
    return unserved(countries_visible_to(user), may_invite=user.has_role(Role.ADMINISTRATOR))
