"""The manager's first page of reports: how many are trained now, course by course, from numbers that were counted ahead."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from accounts.choices import Role
from training.models import Counted, HolderCount, OfficeCount, OfficePeople
from training.models.readiness import READINESS
from training.queries.completion import countries_visible_to
from training.queries.course_rows import CourseRow, Words
from training.queries.readiness import COLUMNS, beside
from training.queries.reading import courses
from training.queries.small_numbers import SMALLEST, Told, is_told, told_together

_SUMS = ("begun", "finished", "current", "refresher_due", "lapsed", "lapsing")
_OFFICES = ("offices", "ready")


@dataclass(frozen=True)
class CourseNumbers:
    """A course in all offices that are shown: people by how far they are, and in how many offices somebody is current.

    None stands for a number that this reader is not told: one office alone might have it, or another would give it away.
    """

    course: Words
    key: str
    begun: int | None
    finished: int | None
    current: int | None
    refresher_due: int | None
    lapsed: int | None
    lapsing: int | None
    offices: int


@dataclass(frozen=True)
class WithoutAccount:
    """How many learn a course without an account; None where so few began that they are not told."""

    course: Words
    begun: int | None
    finished: int | None


@dataclass(frozen=True)
class Dashboard:
    """People in offices that are large enough, offices with somebody current on any course, and each course.

    `is_partial` where a country is left out of some number of people since this reader is not told its own.
    `without_account`: those of no office and no account, apart; they are in no other number.
    """

    officials: int
    begun: int | None
    finished: int | None
    current: int | None
    offices: int
    ready: int
    hidden: int
    courses: tuple[CourseNumbers, ...]
    without_account: tuple[WithoutAccount, ...]
    counted_at: dt.datetime | None
    is_partial: bool = False

    @property
    def is_guarded(self) -> bool:
        """Tell whether some number of people is not told to this reader."""
        rows = ((self, ("begun", "finished", "current")), *((one, _SUMS) for one in self.courses))
        return any(getattr(one, name) is None for one, names in rows for name in names)


def dashboard(user, language: str) -> Dashboard:
    """Return the numbers of a person's countries; people of small offices, and of none, are in none of them.

    Small numbers of people are told to the managers of the country only, as in completion and readiness, and no sum of
    countries that would tell one. Six queries, over rows that are as many as offices, courses and languages, however many
    officials there are.
    """
    countries = countries_visible_to(user)
    places = OfficePeople.objects.filter(country__in=countries, office__isnull=False)
    large = places.filter(officials__gte=SMALLEST)
    sums = {name: Sum(name, default=0) for name in ("officials", "begun", "finished", "current")}
    offices = {"offices": Count("pk"), "ready": Count("pk", filter=Q(current__gt=0))}
    counted, rows = Counted.objects.filter(what=READINESS).first(), courses(language)
    is_own = user.has_role(Role.MANAGER) and user.country_id is not None
    people = {one.pop("country"): one for one in large.order_by().values("country").annotate(**offices, **sums)}
    told = {} if is_own else {country: told_together(one["officials"], _cell(one)) for country, one in people.items()}
    found = list(_courses(large.values("office"), rows, {} if is_own else people))
    everybody = _together(people, told, (*offices, *sums), people)
    return Dashboard(
        **everybody.numbers,
        hidden=places.filter(officials__lt=SMALLEST).count(),
        courses=tuple(one for one, _is_partial in found),
        without_account=tuple(_without_account(user, countries, rows)),
        counted_at=counted.at if counted else None,
        is_partial=everybody.is_partial or any(is_partial for _one, is_partial in found),
    )


def _cell(numbers: dict[str, int]) -> tuple[int, int]:
    return numbers["begun"], numbers["finished"]


@dataclass(frozen=True)
class _Together:
    """The sums of countries by name, None where one is not told; whether a country is left out of them."""

    numbers: dict[str, int | None]
    is_partial: bool


def _together(
    rows: dict[str, dict[str, int]], told: dict[str, Told], names: Iterable[str], people: dict[str, dict[str, int]]
) -> _Together:
    """Return the sums of the countries of which this reader is told everything; of one country what she is told of it.

    `told` is empty where the rows are her own. What is counted in offices is the sum of all.
    """
    kept = {country: row for country, row in rows.items() if country not in told or told[country].parts}
    used = kept or rows
    summed = {name: sum(row[name] for row in (rows if name in _OFFICES else used).values()) for name in names}
    untold = {name for country, row in used.items() if told for name in _untold(row, people[country])} & set(summed)
    if rows and not kept:
        untold |= {"begun"} if len(rows) == 1 and all(one.finished for one in told.values()) else {"begun", "finished"}
    return _Together(summed | dict.fromkeys(untold), len(used) < len(rows))


def _untold(row: dict[str, int], people: dict[str, int]) -> Iterable[str]:
    """Yield the columns that are small, or that leave few of a number that is told elsewhere; nobody leaves all.

    Such numbers are the officials, those who finished the course, and of any course those who finished and are current:
    current, due and lapsed add up to who finished, also where that is withheld.
    """
    counts = [row.get(name, 0) for name in COLUMNS]
    wider = [beside(whole, *counts) for whole in (people["officials"], row["finished"], people["finished"])]
    for name, count in zip(COLUMNS, counts, strict=True):
        more = [many for one in wider for many in one[name]] + [people["current"]] * (name == "current")
        if count and not all(is_told(many) for many in (count, *(many - count for many in more))):
            yield name


def _courses(large, found: list[CourseRow], guarded: dict[str, dict[str, int]]):
    """Yield each course, and whether a country is left out of its numbers; `guarded` are those not the reader's own."""
    ready = Count("office", filter=Q(current__gt=0), distinct=True)
    rows = OfficeCount.objects.filter(office__in=large).order_by().values("course", "country")
    numbers: dict[int, dict[str, dict[str, int]]] = defaultdict(dict)
    for one in rows.annotate(offices=ready, **{name: Sum(name) for name in _SUMS}):
        numbers[one["course"]][one["country"]] = one
    for row in found:
        own = numbers.get(row.page)
        if not own:
            continue
        told = {
            country: told_together(guarded[country]["officials"], _cell(one), [_cell(guarded[country])])
            for country, one in own.items()
            if country in guarded
        }
        together = _together(own, told, ("offices", *_SUMS), guarded)
        yield CourseNumbers(row.heading, row.key, **together.numbers), together.is_partial


def _without_account(user, countries, found: list[CourseRow]):
    """Yield the courses that anybody learns without an account; who chose no country counts where all are seen."""
    hers = Q(country__in=countries) if user.country_id else Q(country__in=countries) | Q(country=None)
    sums = HolderCount.objects.filter(hers).order_by().values_list("course").annotate(Sum("begun"), Sum("finished"))
    numbers = {course: (begun, finished) for course, begun, finished in sums}
    for row in found:
        if row.page in numbers:
            begun, finished = numbers[row.page]
            is_told = begun >= SMALLEST
            yield WithoutAccount(row.heading, begun if is_told else None, finished if is_told else None)
