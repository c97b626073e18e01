"""Whom an edit reaches: the officials of each country, who of them is asked anew, and countries that come and go."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Country
from training.models import Course, Progress
from training.queries.anew import HOME, Anew, spared
from training.queries.facts import countries_of
from training.queries.versions import newest_by_country


@dataclass(frozen=True)
class Reach:
    """How many officials of a country are in progress, have finished, and would get a refresher."""

    country: str
    under_way: int
    finished: int
    refreshed: int
    code: str = ""


@dataclass(frozen=True)
class Move:
    """A country that comes to a course or leaves it.

    `reach` is whom it concerns of those who are in the course there; None where their managers alone are told.
    """

    code: str
    country: str
    is_added: bool
    reach: Reach | None = None


@dataclass(frozen=True)
class Scope:
    """Whose officials are counted: those of one country, "" for all; whether it takes the course, and who else does."""

    country: str = ""
    takes: bool = True
    others: tuple[str, ...] = ()


def reach(course: Course, countries: Iterable[str], country: str, anew: Anew) -> tuple[Reach, ...]:
    """Return the officials by country; those who finished get a refresher where the change asks them anew.

    A country that takes the course no more keeps the edition that it has: nobody there is asked.
    """
    hers = Q(completed_at__isnull=False, track__in=anew.groups)
    rows = Progress.objects.filter(enrolment__course=course.pk).annotate(home=HOME)
    if country:
        rows = rows.filter(home=country)
    found = rows.values("home").annotate(
        under_way=Count("pk", filter=Q(completed_at=None)),
        finished=Count("pk", filter=Q(completed_at__isnull=False)),
        refreshed=Count("pk", filter=hers),
    )
    left = set(newest_by_country(course.pk)).difference(["", *countries]) if anew else set()
    done = spared(course.pk, anew)
    names = {one.pk: one.name for one in Country.objects.all()}
    return tuple(
        Reach(
            names.get(one["home"], ""),
            one["under_way"],
            one["finished"],
            one["refreshed"] - done[one["home"] or ""] if one["home"] not in left else 0,
            one["home"] or "",
        )
        for one in found.order_by("home")
    )


def moves(live: Course, draft: Course, found: Iterable[Reach], country: str) -> tuple[Move, ...]:
    """Return the countries that come to a course and that leave it; of whom a manager may not know, she is told no number."""
    before, after = set(countries_of(live)), set(countries_of(draft))
    known = {one.code: one for one in found}
    return tuple(
        Move(
            place.pk,
            place.name,
            place.pk in after,
            None if country and place.pk != country else known.get(place.pk, Reach(place.name, 0, 0, 0, place.pk)),
        )
        for place in Country.objects.filter(pk__in=before ^ after)
    )


def scope(countries: Iterable[str], country: str) -> Scope:
    """Return whose officials are counted, and which other countries take the course."""
    if not country:
        return Scope()
    places = {
        place.pk: place.name for place in Country.objects.filter(Q(is_active=True, pk__in=countries) | Q(pk=country))
    }
    own = places.pop(country)
    return Scope(own, country in countries, tuple(places.values()))
