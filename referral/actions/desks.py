"""Writes that a country's directory begins with: its areas, and who in this house fills the pathway's desks."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import Country
from referral.models import Area, RoleAssignment

# Roles of a pathway that people of this house fill until an agency is named: the duty roster answers for them.
DESKS = {
    "hotline": Role.OPERATOR,
    "coordinator": Role.SUPERVISOR,
    "head": Role.SUPERVISOR,
    "authority": Role.SUPERVISOR,
    "social": Role.OPERATOR,
    "child_protection": Role.OPERATOR,
}


@transaction.atomic
def keep_areas(*, country: Country, names: Iterable[str], by, at: dt.datetime) -> list[str]:
    """Add the areas of a country that are not there yet; return their names."""
    known = {name.casefold() for name in country.areas.filter(parent=None).values_list("name", flat=True)}
    added = [name for name in dict.fromkeys(names) if name.casefold() not in known]
    Area.objects.bulk_create(Area(country=country, name=name) for name in added)
    if added:
        accounts.record(
            by=by, verb="directory.areas_added", thing=country, at=at, country=country.code, count=len(added)
        )
    return added


@transaction.atomic
def keep_desks(*, country: Country, by, at: dt.datetime) -> list[str]:
    """Give each desk of a pathway that nobody fills to the people of this house; return those desks."""
    filled = set(country.role_assignments.exclude(staff_role="").values_list("role", flat=True))
    added = [desk for desk in DESKS if desk not in filled]
    RoleAssignment.objects.bulk_create(
        RoleAssignment(country=country, role=desk, staff_role=DESKS[desk]) for desk in added
    )
    if added:
        accounts.record(by=by, verb="directory.desks_filled", thing=country, at=at, country=country.code, desks=added)
    return added
