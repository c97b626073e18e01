"""Writes about people: making an account, roles, language, deactivation."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions.audit import record
from accounts.models import Country, Office, User

EDITOR_ROLES = frozenset({"manager", "administrator"})


def _set_roles(user: User, roles: Iterable[str]) -> None:
    """Give a person exactly these roles, and the editor's groups of the same names."""
    user.role_codes = roles
    user.is_staff = not EDITOR_ROLES.isdisjoint(user.role_codes)
    user.save()
    user.groups.set([Group.objects.get_or_create(name=code)[0] for code in sorted(user.role_codes)])


@transaction.atomic
def make_person(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    by,
    at: datetime,
    country: Country | None = None,
    language: str = "en",
    office: Office | None = None,
    spoken: str = "",
) -> User:
    """Make an account without a password that works; a known address returns the person as she is."""
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    user = User.objects.create_user(
        email, None, name=name, country=country, language=language, office=office, spoken=spoken
    )
    _set_roles(user, roles)
    record(
        by=by, verb="person.made", thing=user, at=at, country=country.code if country else "", roles=sorted(roles)
    )  # fmt: skip
    return user
