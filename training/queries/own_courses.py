"""Whose a course is: who is no administrator publishes, and takes off, nothing of a course that only other countries have."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from accounts import rules
from accounts.models import Country, User
from training.models import Course, Curriculum
from training.queries.tree import homes_of


class Why(enum.StrEnum):
    """Why something is not a person's to do: the course is of others alone, of others too, or its end is planned for them."""

    FOREIGN = "foreign"
    SHARED = "shared"
    PLANNED = "planned"


@dataclass(frozen=True)
class Refusal:
    """Why a person may not publish a thing or take it off, and the names of the countries whose matter it is."""

    why: Why
    countries: tuple[str, ...]
    is_curriculum: bool = False


def refusal_to_publish(user: User, thing: models.Model) -> Refusal | None:
    """Return why a person may not publish a thing as it is in hand; a course that no country has is anybody's to make."""
    if _decides_for_all(user):
        return None
    places = _countries(thing)
    if isinstance(thing, Course):
        places |= {country.pk: country.name for country in thing.countries.all()}
    if places and user.country_id not in places:
        return _refusal(Why.FOREIGN, places.values(), thing)
    others = _others(places, user)
    return _refusal(Why.PLANNED, others, thing) if others and _is_end_planned(thing) else None


def refusal_to_order(user: User, course: Course) -> Refusal | None:
    """Return why a person may not change the order of a course: that is published at once."""
    places = {} if _decides_for_all(user) else _countries(course)
    return _refusal(Why.FOREIGN, places.values(), course) if places and user.country_id not in places else None


def refusal_to_take_off(user: User, thing: models.Model) -> Refusal | None:
    """Return why a person may not take a thing off: a whole course goes off by a manager in no country but her own."""
    if _decides_for_all(user):
        return None
    places = _countries(thing)
    if places and user.country_id not in places:
        return _refusal(Why.FOREIGN, places.values(), thing)
    others = _others(places, user)
    return _refusal(Why.SHARED, others, thing) if others and isinstance(thing, Course | Curriculum) else None


def _decides_for_all(user: User) -> bool:
    return user.is_superuser or rules.is_administrator(user, None)


def _countries(thing: models.Model) -> dict[str, str]:
    """Return the names, by code, of the countries that have a course in which a thing stands."""
    found = Country.objects.filter(course__in=homes_of(thing).values("pk")).distinct()
    return {country.pk: country.name for country in found}


def _others(places: dict[str, str], user: User) -> list[str]:
    return [name for code, name in places.items() if code != user.country_id]


def _refusal(why: Why, names: Iterable[str], thing: models.Model) -> Refusal:
    return Refusal(why, tuple(sorted(names)), isinstance(thing, Curriculum))


def _is_end_planned(thing: models.Model) -> bool:
    """Tell whether publishing a course or curriculum would plan another end for it than readers' has."""
    if not isinstance(thing, Course | Curriculum) or thing.expire_at is None:
        return False
    return not models.QuerySet(type(thing)).filter(pk=thing.pk, live=True, expire_at=thing.expire_at).exists()
