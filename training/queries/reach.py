"""Whom an edit reaches: the officials of each country, who of them is asked anew, and countries that come and go."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from accounts.models import Country
from training import changing, progress
from training.choices import Form
from training.models import Course, Lesson, Progress, Question, Scenario
from training.queries.facts import countries_of
from training.queries.proposals import blocks_of
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


def reach(
    draft: models.Model, course: Course, countries: Iterable[str], country: str, *, asks_anew: bool
) -> tuple[Reach, ...]:
    """Return the officials by country; those who finished get a refresher where the change asks them anew.

    A country that takes the course no more keeps the edition that it has: nobody there is asked.
    """
    hers = Q(completed_at__isnull=False)
    tracks = getattr(draft, "tracks", []) if not isinstance(draft, Course) else []
    if tracks:
        hers &= Q(track__in=["", *tracks])
    rows = Progress.objects.filter(enrolment__course=course.pk)
    rows = rows.annotate(home=Coalesce("enrolment__learner__user__country", "enrolment__learner__country"))
    if country:
        rows = rows.filter(home=country)
    found = rows.values("home").annotate(
        under_way=Count("pk", filter=Q(completed_at=None)),
        finished=Count("pk", filter=Q(completed_at__isnull=False)),
        refreshed=Count("pk", filter=hers),
    )
    left = set(newest_by_country(course.pk)).difference(["", *countries]) if asks_anew else set()
    names = {one.pk: one.name for one in Country.objects.all()}
    return tuple(
        Reach(
            names.get(one["home"], ""),
            one["under_way"],
            one["finished"],
            one["refreshed"] if asks_anew and one["home"] not in left else 0,
            one["home"] or "",
        )
        for one in found.order_by("home")
    )


def asks_anew(live: models.Model | None, draft: models.Model, change: str, reasons: Iterable[str]) -> bool:
    """Tell whether publishing a thing asks those anew who have finished.

    Only what is material does; an optional lesson or story or another paper does not, nor what leaves the work as it is.
    """
    if change != changing.MATERIAL:
        return False
    if isinstance(draft, Lesson | Scenario) and not draft.required:
        return False
    if isinstance(draft, Question) and draft.form != Form.POST:
        return False
    before = live or (_last_of(draft) if isinstance(draft, Course) else None)
    return before is None or "required" in reasons or _work(before) != _work(draft)


def _last_of(draft: Course) -> Course | None:
    """Return a course that is off as readers last had it."""
    return models.QuerySet(Course).filter(pk=draft.pk, first_published_at__isnull=False).first()


def _work(thing: models.Model) -> object:
    """Return what of a thing is done again after a material change: the words read, the story played, the test drawn."""
    if isinstance(thing, Course):
        return thing.pass_minimum, [row for row in thing.plan() if row[0] == Form.POST]
    names = {
        Lesson: ("heading_en", "aim_en"),
        Scenario: ("heading_en", "intro_en", "note_en", "start"),
        Question: ("form", "critical", "objective", "tracks", "position", "course_id"),
    }[type(thing)]
    body = changing.without_block_keys(progress.canonical(blocks_of(thing)))
    return [getattr(thing, name) for name in names], body


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
