"""Which offices have somebody trained, on which course and in which language; also as it was on a day that is past.

Numbers of people are told of offices with ten officials or more. Of smaller ones the managers of the country alone are
told, and only whether somebody is current. For a past day only they are told numbers: from two days, others could work
out who finished between them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from accounts.choices import Role
from accounts.models import Office
from training.choices import Trained
from training.models import Counted, OfficeCount, OfficePeople, TrainedSpan
from training.models.readiness import READINESS
from training.queries.completion import countries_visible_to
from training.queries.reading import CourseRow, Words, courses
from training.queries.small_numbers import SMALLEST

NOBODY, LAPSING = "nobody", "lapsing"
Key = tuple[int, int]  # course, office


@dataclass
class Numbers:
    """How the officials of an office stand in a course."""

    current: int = 0
    refresher_due: int = 0
    lapsed: int = 0
    lapsing: int = 0
    minutes: int = 0
    least: int | None = None
    languages: set[str] = field(default_factory=set)

    def add(self, language: str, *, least: int | None = None, **counts: int) -> None:
        """Add the numbers of one language."""
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)
        if counts.get("current"):
            self.languages.add(language)
        if least is not None:
            self.least = least if self.least is None else min(self.least, least)


@dataclass(frozen=True)
class OfficeReady:
    """An office in one course. `numbers` is None where they are not told, `is_ready` where nothing is."""

    office: Office
    country: str
    page: int
    course: Words
    officials: int | None
    is_ready: bool | None
    languages: tuple[str, ...] = ()
    numbers: Numbers | None = None
    staff: int | None = None

    @property
    def share(self) -> int | None:
        """Return the share of the staff that is current, rounded down; None where it is not known."""
        if self.numbers is None or not self.staff or self.numbers.current > self.staff:
            return None
        return 100 * self.numbers.current // self.staff

    @property
    def is_wrong(self) -> bool:
        """Tell whether more people are current than the office is said to have."""
        return bool(self.numbers and self.staff is not None and self.numbers.current > self.staff)

    @property
    def is_covered(self) -> bool:
        """Tell whether nobody is current, but somebody is within the grace."""
        return self.is_ready is False and bool(self.numbers and self.numbers.refresher_due)

    @property
    def places(self) -> tuple[str, ...]:
        """Return where the office stands."""
        return tuple(filter(None, [self.office.area, self.country]))


@dataclass(frozen=True)
class CourseReady:
    """A course: offices with somebody current, with somebody in the grace only, with nobody; and by language."""

    course: Words
    ready: int
    covered: int
    bare: int
    languages: dict[str, int]

    @property
    def offices(self) -> int:
        """Return of how many offices something is told."""
        return self.ready + self.covered + self.bare


@dataclass(frozen=True)
class Readiness:
    """The report: rows by office and course, courses together, how many offices are hidden, when it was counted."""

    rows: tuple[OfficeReady, ...]
    courses: tuple[CourseReady, ...]
    hidden: int
    counted_at: dt.datetime | None
    day: dt.date | None


def readiness(user, filters: dict, language: str, *, at: dt.datetime) -> Readiness:
    """Return which offices are ready, as a person may see it; the same queries whatever the number of rows."""
    countries = {one.pk: one.name for one in countries_visible_to(user)}
    if filters.get("country"):
        countries = {code: name for code, name in countries.items() if code == filters["country"].pk}
    day = filters.get("day")
    past = _end_of(day, at)
    people = dict(OfficePeople.objects.filter(country__in=countries).values_list("office", "officials"))
    offices = list(
        Office.objects.filter(country__in=countries, pk__in=filter(None, people)).order_by("country", "name")
    )
    shown = [row for row in courses(language) if filters.get("course") in {None, "", row.key}]
    numbers = _past(past, countries, shown) if past else _counted(countries, shown)
    rows = [
        _row(user, office, countries, row, people[office.pk], numbers[row.page, office.pk], past)
        for office in offices
        for row in shown
        if office.country_id in row.countries or (row.page, office.pk) in numbers
    ]
    hidden = len({row.office.pk for row in rows if row.is_ready is None})
    counted = Counted.objects.filter(what=READINESS).first()
    return Readiness(
        rows=tuple(row for row in rows if _fits(row, filters.get("show") or "")),
        courses=tuple(_together(rows)),
        hidden=hidden,
        counted_at=counted.at if counted and not past else None,
        day=day if past else None,
    )


def _end_of(day: dt.date | None, at: dt.datetime) -> dt.datetime | None:
    """Return the end of a day that is past, by UTC for every reader; None for today."""
    if day is None or day >= at.astimezone(dt.UTC).date():
        return None
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


def _counted(countries: Iterable[str], shown: list[CourseRow]) -> dict[Key, Numbers]:
    """Return the numbers of today, as they were counted last."""
    found: dict[Key, Numbers] = defaultdict(Numbers)
    names = ("current", "refresher_due", "lapsed", "lapsing", "minutes")
    rows = OfficeCount.objects.filter(country__in=countries, course__in=[one.page for one in shown])
    rows = rows.filter(office__isnull=False).values_list("course", "office", "language", "least", *names)
    for course, office, language, least, *counts in rows:
        found[course, office].add(language, least=least, **dict(zip(names, counts, strict=True)))
    return found


def _past(past: dt.datetime, countries: Iterable[str], shown: list[CourseRow]) -> dict[Key, Numbers]:
    """Return the numbers of a past instant, from the spans; people count in the office that is theirs today."""
    found: dict[Key, Numbers] = defaultdict(Numbers)
    rows = TrainedSpan.objects.filter(
        Q(ends=None) | Q(ends__gte=past), begins__lt=past, course__in=[one.page for one in shown],
        user__country__in=countries, user__is_active=True, user__roles__contains=f",{Role.LEARNER},",
        user__office__isnull=False,
    )  # fmt: skip
    of_state = {state: Count("pk", filter=Q(state=state)) for state in Trained.values}
    for row in rows.values("course", "user__office", "language").annotate(**of_state).order_by():
        counts = {state: row[state] for state in Trained.values}
        found[row["course"], row["user__office"]].add(row["language"], **counts)
    return found


def _row(user, office: Office, countries, course: CourseRow, officials: int, numbers: Numbers, past) -> OfficeReady:
    is_own = user.has_role(Role.MANAGER) and user.country_id == office.country_id
    facts = {"office": office, "country": countries[office.country_id], "page": course.page, "course": course.heading}
    is_ready = numbers.current > 0
    if officials < SMALLEST:
        return OfficeReady(**facts, officials=None, is_ready=is_ready if is_own else None)
    return OfficeReady(
        **facts,
        officials=officials,
        is_ready=is_ready,
        languages=tuple(sorted(numbers.languages)),
        numbers=numbers if is_own or not past else None,
        staff=office.staff_count if _is_known(office, past) else None,
    )


def _is_known(office: Office, past: dt.datetime | None) -> bool:
    """Tell whether it is known how many worked in an office; a number of a later day says nothing of an earlier one."""
    return past is None or (office.staff_counted_on is not None and office.staff_counted_on < past.date())


def _fits(row: OfficeReady, show: str) -> bool:
    if show == NOBODY:
        return row.is_ready is False
    return show != LAPSING or bool(row.numbers and row.numbers.lapsing)


def _together(rows: list[OfficeReady]) -> Iterable[CourseReady]:
    """Yield each course with its offices, in the order of the rows; hidden ones are in no number."""
    by_course: dict[int, list[OfficeReady]] = {}
    for row in rows:
        if row.is_ready is not None:
            by_course.setdefault(row.page, []).append(row)
    for own in by_course.values():
        ready, covered = sum(1 for one in own if one.is_ready), sum(1 for one in own if one.is_covered)
        spoken = sorted({code for one in own for code in one.languages})
        languages = {code: sum(1 for one in own if code in one.languages) for code in spoken}
        yield CourseReady(own[0].course, ready, covered, len(own) - ready - covered, languages)
