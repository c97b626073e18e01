"""Writes of who fills a role of the pathway: services of agencies in order, or the people with a role in this house."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Country
from referral.actions.directory import LimitsWrong
from referral.models import Area, RoleAssignment, Service
from referral.queries.assignments import assignments_mark


class FillsAlready(Exception):
    """Raised when a service fills a role in a region already, in another order or for other days; nothing is written."""

    def __init__(self):
        super().__init__(
            _("This service fills the role there already. Take it off first, then add it as it should be.")
        )


class RoleChangedMeanwhile(Exception):
    """Raised when somebody else changed who fills a role after the page was opened; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed who fills this role while you had it open. Look at what stands now."))


@transaction.atomic
def assign_service(
    *, country: Country, role: str, service: Service, by, at: dt.datetime, area: Area | None = None,
    position: int = 0, valid_from: dt.date | None = None, valid_until: dt.date | None = None, seen: str | None = None,
) -> RoleAssignment:  # fmt: skip
    """Let a service fill a role of the pathway, in a region or the whole country; the lowest position stands first.

    `seen` is the mark of what filled the role when the page was opened. A repeat returns what stands.
    """
    if valid_from and valid_until and valid_from > valid_until:
        raise LimitsWrong(_("A lower limit lies above its upper limit."))
    rows = _locked(country, role)
    told = {"position": position, "valid_from": valid_from, "valid_until": valid_until}
    if known := next((row for row in rows if (row.service_id, row.area_id) == (service.pk, area and area.pk)), None):
        if all(getattr(known, name) == value for name, value in told.items()):
            return known
        raise FillsAlready
    if seen is not None and seen != assignments_mark(rows):
        raise RoleChangedMeanwhile
    row = RoleAssignment.objects.create(country=country, role=role, service=service, area=area, **told)
    accounts.record(
        by=by,
        verb="directory.role_given",
        thing=country,
        at=at,
        country=country.code,
        role=role,
        service=str(service.public_id),
    )
    return row


@transaction.atomic
def take_off_role(*, country: Country, role: str, key: int, by, at: dt.datetime) -> bool:
    """Take a service off a role; tells whether it filled it."""
    row = next((row for row in _locked(country, role) if row.pk == key and row.service_id), None)
    if row is None:
        return False
    accounts.record(
        by=by,
        verb="directory.role_taken",
        thing=country,
        at=at,
        country=country.code,
        role=role,
        service=str(row.service.public_id),
    )
    row.delete()
    return True


@transaction.atomic
def fill_desk(*, country: Country, role: str, staff_role: str, by, at: dt.datetime, seen: str | None = None) -> None:
    """Give a role to the people with a role in this house, or to nobody of it. `seen` is as in `assign_service`."""
    rows = _locked(country, role)
    staff = [row for row in rows if row.staff_role]
    if [row.staff_role for row in staff] == ([staff_role] if staff_role else []):
        return
    if seen is not None and seen != assignments_mark(rows):
        raise RoleChangedMeanwhile
    for row in staff:
        row.delete()
    if staff_role:
        RoleAssignment.objects.create(country=country, role=role, staff_role=staff_role)
    accounts.record(
        by=by,
        verb="directory.desk_changed",
        thing=country,
        at=at,
        country=country.code,
        role=role,
        staff_role=staff_role,
    )


def _locked(country: Country, role: str) -> list[RoleAssignment]:
    """Let one writer at a time at the roles of a country, and return what fills one."""
    Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    return list(RoleAssignment.objects.filter(country=country, role=role))
