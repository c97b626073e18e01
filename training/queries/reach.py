"""Whom an edit reaches: the officials of each country, who of them is asked anew, and countries that come and go."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Country
from training.models import Course, Progress
from training.queries.anew import Anew, spared
from training.queries.counted import FINISHED, certified_in, officials_in
from training.queries.facts import countries_of
from training.queries.versions import newest_by_country


@dataclass(frozen=True)
class Reach:
    """How many officials of a country are in progress, have finished, and would get a refresher.

    `certified` of those who would get one are in progress: they have completion, and have not passed the test. None is
    a number that is not told.
    """

    country: str
    under_way: int | None
    finished: int | None
    refreshed: int | None
    code: str = ""
    certified: int = 0


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


def reach(course: Course, countries: Iterable[str], country: str, anew: Anew, *, at: dt.datetime) -> tuple[Reach, ...]:
    """Return the officials by country; those who finished get a refresher where the change asks them anew.

    So do those who have completion alone, for lessons and stories. A country that takes the course no more keeps the
    edition that it has: nobody there is asked.
    """
    rows = officials_in([course.pk])
    if country:
        rows = rows.filter(home=country)
    found = rows.values("home").annotate(
        under_way=Count("pk", filter=Q(completed_at=None)),
        finished=Count("pk", filter=FINISHED),
        refreshed=Count("pk", filter=FINISHED & Q(track__in=anew.groups)),
    )
    certified = _certified(rows, anew, at)
    left = set(newest_by_country(course.pk)).difference(["", *countries]) if anew else set()
    done = spared(course.pk, anew, at)
    names = {one.pk: one.name for one in Country.objects.all()}
    told = []
    for one in found.order_by("home"):
        code = one["home"] or ""
        is_asked = code not in left
        of_work = (certified[code] - done[code, False]) * is_asked
        refreshed = (one["refreshed"] - done[code, True]) * is_asked + of_work
        told.append(Reach(names.get(code, ""), one["under_way"], one["finished"], refreshed, code, of_work))
    return tuple(told)


def _certified(rows: QuerySet[Progress], anew: Anew, at: dt.datetime) -> Counter[str]:
    """Return by country how many officials who have completion alone are of the groups that are asked for lessons or stories."""
    if not (anew and anew.is_work):
        return Counter()
    asked = certified_in(rows.filter(track__in=anew.groups), at).order_by().values_list("home")
    return Counter({home or "": many for home, many in asked.annotate(many=Count("pk"))})


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
