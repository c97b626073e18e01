"""The manager's first page of reports: how many are trained now, course by course, from numbers that were counted ahead."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from accounts.choices import Role
from training.models import Counted, HolderCount, OfficeCount, OfficePeople
from training.models.readiness import READINESS
from training.queries.completion import countries_visible_to
from training.queries.readiness import COLUMNS
from training.queries.reading import CourseRow, Words, courses
from training.queries.small_numbers import SMALLEST

_SUMS = ("begun", "finished", "current", "refresher_due", "lapsed", "lapsing")


@dataclass(frozen=True)
class CourseNumbers:
    """A course in all offices that are shown: people by how far they are, and in how many offices somebody is current.

    None stands for a number under ten that this reader is not told: one office alone might have it.
    """

    course: Words
    key: str
    begun: int
    finished: int
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

    `without_account`: those of no office and no account, apart; they are in no other number.
    """

    officials: int
    begun: int
    finished: int
    current: int | None
    offices: int
    ready: int
    hidden: int
    courses: tuple[CourseNumbers, ...]
    without_account: tuple[WithoutAccount, ...]
    counted_at: dt.datetime | None


def dashboard(user, language: str) -> Dashboard:
    """Return the numbers of a person's countries; people of small offices, and of none, are in none of them.

    Small numbers of people by how they stand are told to the managers of the country only, as in readiness. Six queries,
    over rows that are as many as offices, courses and languages, however many officials there are.
    """
    countries = countries_visible_to(user)
    places = OfficePeople.objects.filter(country__in=countries, office__isnull=False)
    large = places.filter(officials__gte=SMALLEST)
    sums = {name: Sum(name, default=0) for name in ("officials", "begun", "finished", "current")}
    offices = {"offices": Count("pk"), "ready": Count("pk", filter=Q(current__gt=0))}
    counted, rows = Counted.objects.filter(what=READINESS).first(), courses(language)
    is_own = user.has_role(Role.MANAGER) and user.country_id is not None
    return Dashboard(
        **_told(large.aggregate(**offices, **sums), is_own),
        hidden=places.filter(officials__lt=SMALLEST).count(),
        courses=tuple(_courses(large.values("office"), rows, is_own)),
        without_account=tuple(_without_account(user, countries, rows)),
        counted_at=counted.at if counted else None,
    )


def _told(numbers: dict, is_own: bool) -> dict:
    """Return the numbers without the small ones of how people stand, where the reader is no manager of the country."""
    small = () if is_own else [name for name in COLUMNS if name in numbers and 0 < numbers[name] < SMALLEST]
    return numbers | dict.fromkeys(small)


def _courses(large, found: list[CourseRow], is_own: bool):
    rows = OfficeCount.objects.filter(office__in=large).order_by().values("course")
    ready = Count("office", filter=Q(current__gt=0), distinct=True)
    numbers = {row.pop("course"): row for row in rows.annotate(offices=ready, **{name: Sum(name) for name in _SUMS})}
    for row in found:
        if row.page in numbers:
            yield CourseNumbers(row.heading, row.key, **_told(numbers[row.page], is_own))


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
