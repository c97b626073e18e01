"""Reads of second factors: what a person has, and who is told when somebody else takes it off."""

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.models import User
from accounts.queries import staff_of
from accounts.queries.marks import mark


def factors_of(person: User) -> list[Authenticator]:
    """Return a person's second factors: app, recovery codes, security keys."""
    return list(Authenticator.objects.filter(user_id=person.pk).order_by("pk"))


def factors_mark(factors: list[Authenticator]) -> str:
    """Return the mark of some second factors; one that was set up anew has another."""
    return mark(*((factor.pk, str(factor.type)) for factor in factors))


def factor_kinds(factors: list[Authenticator]) -> list[str]:
    """Return the kinds of some second factors, each once, in a fixed order."""
    return sorted({str(factor.type) for factor in factors})


def watchers_of(person: User, by) -> QuerySet[User]:
    """Return who is told that a person's second step was removed: the administrators, and the heads of her country.

    The heads (managers, supervisors) are told where her work needs a second step. She and whoever did it are not among
    them.
    """
    told = Q(pk__in=User.objects.with_role(Role.ADMINISTRATOR))
    if person.needs_second_factor and person.country_id:
        told |= Q(pk__in=staff_of(person.country_id, Role.MANAGER, Role.SUPERVISOR))
    others = User.objects.filter(told).exclude(pk=person.pk)
    return others.exclude(pk=by.pk) if isinstance(by, User) else others
