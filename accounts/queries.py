"""Reads of the people's room."""

from django.db.models import Q, QuerySet


from accounts.calendars import Calendar
from accounts.chain import thing_id
from accounts.models import AuditEntry, Country, PublicContact, User


def users_visible_to(user) -> QuerySet[User]:
    """Return the people whom a user may see: administrators all, managers and supervisors their country, others themselves."""
    if user.has_role("administrator"):
        return User.objects.all()
    if user.has_role("manager", "supervisor", "trainer") and user.country_id:
        return User.objects.filter(country_id=user.country_id)
    return User.objects.filter(pk=user.pk)


def calendar_of(country: Country | str) -> Calendar:
    """Return the calendar of a country (a row or its code) as a value for the engines."""
    row = country if isinstance(country, Country) else Country.objects.get(pk=country)
    return Calendar(
        time_zone=row.time_zone,
        weekend=row.weekend_days,
        holidays=frozenset(row.holidays.values_list("day", flat=True)),
        office_from=row.office_from,
        office_until=row.office_until,
    )


def staff_of(country: Country | str, *roles: str) -> QuerySet[User]:
    """Return the active people of a country who have one of the roles; without roles, everybody who has any."""
    code = country if isinstance(country, str) else country.pk
    people = User.objects.filter(country_id=code, is_active=True).exclude(roles="")
    wanted = Q()
    for role in roles:
        wanted |= Q(roles__contains=f",{role},")
    return people.filter(wanted)


def contacts_of(country: Country | str) -> list[PublicContact]:
    """Return the public numbers of a country in the order in which they are shown."""
    code = country if isinstance(country, str) else country.pk
    return list(PublicContact.objects.filter(country_id=code))


def audit_of(thing) -> QuerySet[AuditEntry]:
    """Return what was done with a thing and who read it, oldest first."""
    return AuditEntry.objects.filter(thing=thing_id(thing))
