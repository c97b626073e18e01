"""Whom a change reaches, told from rows: officials in a course, who of them has completion alone, who has no account.

Who learns without an account is an official of no country, and no number of officials holds her.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.choices import Role
from training.choices import CertificateKind
from training.models import Certificate, Progress
from training.queries.certificates import LAST_FIRST
from training.queries.small_numbers import is_told

FINISHED = Q(completed_at__isnull=False)
_NEVER = Value(dt.datetime(9999, 1, 1, tzinfo=dt.UTC), output_field=DateTimeField())


def officials_in(courses: Iterable[int]) -> QuerySet[Progress]:
    """Return the progress of officials in courses, with `home`, the country whose editions hold for each.

    Who works on courses and is no learner has looked at a lesson, and is no official under way.
    """
    rows = Progress.objects.filter(enrolment__course__in=list(courses), enrolment__learner__user__isnull=False)
    return rows.exclude(_works_on_courses()).annotate(home=F("enrolment__learner__user__country"))


def _works_on_courses() -> Q:
    roles = "enrolment__learner__user__roles__contains"
    staff = (Q(**{roles: f",{role},"}) for role in (Role.MANAGER, Role.TRANSLATOR, Role.ADMINISTRATOR))
    return reduce(or_, staff) & ~Q(**{roles: f",{Role.LEARNER},"})


def certified_by(at: dt.datetime) -> Q:
    """Return what is true of who has not finished and has a completion that counts: what changes is asked of her, no test.

    It is asked of rows that bear `certified_until`.
    """
    return Q(completed_at=None, certified_until__gt=at)


def with_certified(rows: QuerySet[Progress]) -> QuerySet[Progress]:
    """Return rows with `certified_until`: the end of the completion that counts, far away where it never runs out."""
    standing = Certificate.objects.filter(
        enrolment=OuterRef("enrolment"), kind=CertificateKind.COMPLETION, withdrawal=None
    ).order_by(*LAST_FIRST)
    return rows.annotate(certified_until=Subquery(standing.values(until=Coalesce("expires_at", _NEVER))[:1]))


def certified_in(rows: QuerySet[Progress], at: dt.datetime) -> QuerySet[Progress]:
    """Return of these rows those of who has a completion that counts and has not finished, as her test is not passed."""
    return with_certified(rows.filter(completed_at=None)).filter(certified_by(at))


def guests_in(courses: Iterable[int], country: str = "") -> dict[int, int | None]:
    """Return by course how many learn it without an account, of one country or of all; None for a few, who are not told.

    A course that nobody learns so is left out. One query.
    """
    rows = Progress.objects.filter(
        enrolment__course__in=list(courses), enrolment__learner__user=None, enrolment__learner__merged_into=None
    )
    if country:
        rows = rows.filter(enrolment__learner__country=country)
    found = Counter(dict(rows.order_by().values_list("enrolment__course").annotate(many=Count("pk"))))
    return {course: many if is_told(many) else None for course, many in found.items()}
