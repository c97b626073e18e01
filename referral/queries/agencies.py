"""Reads of agencies: their pages, and the people who keep their services and see their requests."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from accounts.queries import staff_of, users_visible_to
from accounts.queries.marks import mark
from referral.models import Organisation, Service


@dataclass(frozen=True)
class AgencyPerson:
    """A person who was put down for an agency; whoever is no focal point of its country now can do nothing for it."""

    user: User
    is_able: bool


def organisations_visible_to(user: User) -> QuerySet[Organisation]:
    """Return the agencies of a person's country."""
    return Organisation.objects.filter(country_id=user.country_id).select_related("country")


def agencies_kept_by(user: User) -> QuerySet[Organisation]:
    """Return the agencies for which a focal point is put down, with their services."""
    kept = organisations_visible_to(user).filter(focal_points=user)
    return kept.prefetch_related(Prefetch("services", Service.objects.order_by("name", "pk")))


def people_of_agency(organisation: Organisation) -> list[AgencyPerson]:
    """Return who is put down for an agency, by name."""
    return [
        AgencyPerson(user, user.has_role("focal_point") and user.country_id == organisation.country_id)
        for user in organisation.focal_points.order_by("name", "email")
    ]


def may_be_added(user: User, organisation: Organisation) -> QuerySet[User]:
    """Return the focal points of the country whom a person may see and who are not with the agency yet."""
    free = staff_of(organisation.country_id, "focal_point").filter(pk__in=users_visible_to(user).values("pk"))
    return free.exclude(organisations=organisation).prefetch_related("organisations")


def whom_to_ask(user: User) -> list[str]:
    """Return the names of those who put a focal point down for an agency: the country's programme managers."""
    return [str(one) for one in staff_of(user.country_id, "manager")] if user.country_id else []


def agency_mark(organisation: Organisation) -> str:
    """Return the mark of what stands of an agency."""
    facts = organisation
    return mark(facts.name, facts.description, facts.kind, facts.identifiers, facts.website)
