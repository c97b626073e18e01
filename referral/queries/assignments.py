"""Reads of who fills the roles of a country's pathways: services in order, or the people with a role in this house."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.choices import Role
from accounts.models import Country
from accounts.queries.marks import mark
from referral.models import PathwayRole, RoleAssignment, Service
from referral.queries.runs import Words, readable, versions_for_new_cases, words
from referral.queries.wording import texts
from referral.queries.work import USUAL_STAFF


@dataclass(frozen=True)
class FilledRole:
    """One role of the pathways of a country with what fills it: `staff` and `services` are its assignments."""

    key: str
    title: Words
    staff: tuple[RoleAssignment, ...]
    services: tuple[RoleAssignment, ...]

    @property
    def staff_role(self) -> str:
        """Return the role in this house that was chosen for it, or ""."""
        return self.staff[0].staff_role if self.staff else ""

    @property
    def usual(self) -> str:
        """Return the role in this house, in words, that fills it while none is chosen."""
        return str(Role(USUAL_STAFF[self.key]).label) if self.key in USUAL_STAFF else ""

    @property
    def seen(self) -> str:
        """Return the mark of what fills the role, for the forms that a page sends back."""
        return assignments_mark([*self.staff, *self.services])


def assignments_mark(rows: Iterable[RoleAssignment]) -> str:
    """Return the mark of the assignments of a role."""
    facts = ("pk", "service_id", "staff_role", "area_id", "position", "valid_from", "valid_until")
    return mark(*([getattr(row, name) for name in facts] for row in sorted(rows, key=lambda row: row.pk)))


def roles_of(country: Country, language: str) -> list[FilledRole]:
    """Return the roles of a country's pathways, published or drafted, and those that something fills still."""
    titles: dict[str, Words] = {}
    for version in versions_for_new_cases(country):
        for key, role in readable(version).roles.items():
            titles.setdefault(key, words(role.get("name", key), language))
    for role in PathwayRole.objects.filter(pathway__country=country).select_related("pathway").order_by("position"):
        titles.setdefault(role.key, words(texts(role, "name", role.pathway.languages) or role.key, language))
    rows = list(country.role_assignments.select_related("service__organisation", "area").order_by("position", "pk"))
    for row in rows:
        titles.setdefault(row.role, Words(row.role, "en"))
    return [
        FilledRole(
            key, title, tuple(row for row in rows if row.role == key and row.staff_role),
            tuple(row for row in rows if row.role == key and row.service_id),
        )
        for key, title in titles.items()
    ]  # fmt: skip


def services_to_assign(country: Country) -> QuerySet[Service]:
    """Return the services of a country, by agency."""
    return Service.objects.filter(organisation__country=country).select_related("organisation")
