"""Who may be let into a cohort, and what a file of members is checked against."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from training.member_files import Known
from training.models import Cohort

AT_ONCE = 500  # keys in one query; a file has up to 2,000 rows, a country far more learners


def learners_for(cohort: Cohort) -> QuerySet[User]:
    """Return who may be let into a cohort: officials of its country with an account, or an invitation they have not used."""
    invited = Q(is_active=False, invitation__accepted_at=None, invitation__revoked_at=None, invitation__isnull=False)
    people = User.objects.filter(Q(is_active=True) | invited, roles__contains=",learner,")
    return people.filter(country=cohort.country_id)


def learners_by_key(cohort: Cohort, keys: Iterable[int]) -> dict[int, User]:
    """Return those with these primary keys who may be let into a cohort, by key; one query for each 500 keys."""
    people: dict[int, User] = {}
    for some in _parts(sorted(set(keys))):
        people |= learners_for(cohort).in_bulk(some)
    return people


def known_for_members(cohort: Cohort, addresses: Iterable[str]) -> Known:
    """Return what a file with these addresses (in small letters) is checked against; one query for each 500 of them."""
    people: dict[str, int] = {}
    for some in _parts(sorted(set(addresses))):
        people |= dict(learners_for(cohort).filter(email__in=some).values_list("email", "pk"))
    inside = cohort.members.filter(left_at=None).values_list("enrolment__learner__user", flat=True)
    return Known(people=people, inside=frozenset(inside))


def _parts(keys: list) -> Iterable[list]:
    return (keys[begins : begins + AT_ONCE] for begins in range(0, len(keys), AT_ONCE))
