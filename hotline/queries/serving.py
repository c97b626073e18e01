"""Whose shifts count: only those of people who still have the role that the duty needs, in the country of the line."""

from django.db.models import F, Q

from accounts.models import User
from hotline.choices import Duty
from hotline.rules import DESK

# What the roster demands of a person for each duty.
ROLES: dict[str, tuple[str, ...]] = {Duty.OPERATOR: DESK, Duty.INTERPRETER: ("interpreter",)}


def has_role(*codes: str, user: str = "user__") -> Q:
    """Return the condition "active, with one of these roles", for rows that lead to a person by this path."""
    either = Q()
    for code in codes:
        either |= Q(**{f"{user}roles__contains": f",{code},"})
    return either & Q(**{f"{user}is_active": True})


def serves() -> Q:
    """Return the condition of a shift that its person may still serve it."""
    fits = Q()
    for duty, codes in ROLES.items():
        fits |= Q(duty=duty) & has_role(*codes)
    return fits & Q(user__country=F("line__country"))


def may_serve(user: User, duty: str, country: str) -> bool:
    """Tell whether somebody may have this duty on a line of this country."""
    return user.has_role(*ROLES[duty]) and user.country_id == country
