"""Which offices have somebody trained, on which course and in which language; also as it was on a day that is past.

The managers of the country, who may read the names, are told everything of offices with ten officials or more. Others
are told how many only where it is ten or more, or nobody, and gives no smaller number away, neither one of another office
nor what it leaves of its own; whether somebody is current, and in which languages, only where the numbers are told that
say the same; and nothing of a past day: from two days they could work out who finished between them. Of smaller offices
the managers alone are told anything, and only whether somebody is current.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q

from accounts.choices import Role
from accounts.models import Office
from training.choices import Trained
from training.models import Counted, OfficeCount, OfficePeople
from training.models.readiness import READINESS
from training.queries.completion import answers_for, countries_visible_to
from training.queries.course_rows import CourseRow, Words
from training.queries.hidden import Hidden, hidden_of
from training.queries.off import courses_told
from training.queries.offers import is_planned
from training.queries.office_numbers import COLUMNS, Numbers, told_columns
from training.queries.small_numbers import SMALLEST
from training.queries.trained import holding

NOBODY, LAPSING = "nobody", "lapsing"
Key = tuple[int, int]  # course, office


@dataclass(frozen=True)
class OfficeReady:
    """An office in one course. `numbers`, `is_ready` and `is_covered` are None where they are not told to this reader."""

    office: Office
    country: str
    page: int
    course: Words
    officials: int | None
    is_ready: bool | None
    languages: tuple[str, ...] = ()
    numbers: Numbers | None = None
    staff: int | None = None
    is_covered: bool | None = False  # nobody is current, but somebody is within the grace
    is_own: bool = False  # of the country whose manager asks

    @property
    def current(self) -> int | None:
        """Return how many are current, where that is told."""
        return self.numbers.current if self.numbers else None

    @property
    def share(self) -> int | None:
        """Return the share of the staff that is current, rounded down; None where it is not known or not told."""
        if self.current is None or not self.staff or self.is_wrong:
            return None
        return 100 * self.current // self.staff

    @property
    def is_wrong(self) -> bool:
        """Tell whether more people have accounts in the office than it is said to have."""
        return self.officials is not None and self.staff is not None and self.officials > self.staff

    @property
    def places(self) -> tuple[str, ...]:
        """Return where the office stands."""
        return tuple(filter(None, [self.office.area, self.country]))


@dataclass(frozen=True)
class CourseReady:
    """A course: offices with somebody current, with somebody in the grace only, with nobody; and by language.

    The numbers are None where it is told of no office.
    """

    course: Words
    ready: int | None = None
    covered: int | None = None
    bare: int | None = None
    languages: dict[str, int] = field(default_factory=dict)

    @property
    def offices(self) -> int | None:
        """Return of how many offices something is told."""
        return None if self.ready is None else self.ready + self.covered + self.bare


@dataclass(frozen=True)
class Readiness:
    """The report: rows by office and course, courses together, who is hidden, when it was counted.

    Of `only_said` offices, small ones of her own country, this reader is told whether somebody is current and no more.
    `is_guarded`: small numbers of some office are not told to this reader. `is_sifted`: then it is not told either whether
    such an office is what was looked for. Both are the same whatever the numbers are.
    """

    rows: tuple[OfficeReady, ...]
    courses: tuple[CourseReady, ...]
    hidden: Hidden
    only_said: int
    counted_at: dt.datetime | None
    day: dt.date | None
    is_elsewhere: bool = False  # the course that is looked for is meant for none of these countries
    is_guarded: bool = False
    is_sifted: bool = False


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
    shown = [row for row in courses_told(language) if filters.get("course") in {None, "", row.key}]
    numbers = _past(past, countries, shown) if past else _counted(countries, shown)
    rows = [
        _row(user, office, countries, row, people[office.pk], numbers[row.page, office.pk], past)
        for office in offices
        for row in shown
        if is_planned(row, office.country_id) or (row.page, office.pk) in numbers
    ]
    small = {row.office.pk: row.is_ready is None for row in rows if row.officials is None}
    hidden = hidden_of(people.items())
    told = list(_told(rows, is_past=past is not None))
    show, is_guarded = filters.get("show") or "", any(not row.is_own for row in rows)
    counted = Counted.objects.filter(what=READINESS).first()
    return Readiness(
        rows=tuple(row for row in told if _fits(row, show)),
        courses=tuple(_together(told)),
        hidden=replace(hidden, offices=sum(small.values())),
        only_said=len(small) - sum(small.values()),
        counted_at=counted.at if counted and not past else None,
        day=day if past else None,
        is_elsewhere=bool(filters.get("course") and offices and not rows),
        is_guarded=is_guarded,
        is_sifted=is_guarded and bool(show),
    )


def _end_of(day: dt.date | None, at: dt.datetime) -> dt.datetime | None:
    """Return the end of a day that is past, by UTC for every reader; None for today."""
    if day is None or day >= at.astimezone(dt.UTC).date():
        return None
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


def _counted(countries: Iterable[str], shown: list[CourseRow]) -> dict[Key, Numbers]:
    """Return the numbers of today, as they were counted last."""
    found: dict[Key, Numbers] = defaultdict(Numbers)
    names = (*COLUMNS, "minutes", "finished")
    rows = OfficeCount.objects.filter(country__in=countries, course__in=[one.page for one in shown])
    rows = rows.filter(office__isnull=False).values_list("course", "office", "language", "least", *names)
    for course, office, language, least, *counts in rows:
        found[course, office].add(language, least=least, **dict(zip(names, counts, strict=True)))
    return found


def _past(past: dt.datetime, countries: Iterable[str], shown: list[CourseRow]) -> dict[Key, Numbers]:
    """Return the numbers of a past instant, from the spans; people count in the office that is theirs today."""
    found: dict[Key, Numbers] = defaultdict(Numbers)
    rows = holding(past - dt.timedelta(microseconds=1)).filter(
        course__in=[one.page for one in shown], user__country__in=countries, user__is_active=True,
        user__roles__contains=f",{Role.LEARNER},", user__office__isnull=False,
    )  # fmt: skip
    of_state = {state: Count("pk", filter=Q(state=state)) for state in Trained.values}
    for row in rows.values("course", "user__office", "language").annotate(**of_state).order_by():
        counts = {state: row[state] for state in Trained.values}
        found[row["course"], row["user__office"]].add(row["language"], **counts)
    return found


def _row(user, office: Office, countries, course: CourseRow, officials: int, numbers: Numbers, past) -> OfficeReady:
    is_own = answers_for(user, office.country_id)
    facts = {"office": office, "country": countries[office.country_id], "page": course.page, "course": course.named}
    facts["is_own"] = is_own
    is_ready = numbers.current > 0
    if officials < SMALLEST:
        return OfficeReady(**facts, officials=None, is_ready=is_ready if is_own else None)
    return OfficeReady(
        **facts,
        officials=officials,
        is_ready=is_ready,
        languages=numbers.languages,
        numbers=numbers,
        is_covered=not is_ready and bool(numbers.refresher_due),
        staff=office.staff_count if _is_known(office, past) else None,
    )


def _is_known(office: Office, past: dt.datetime | None) -> bool:
    """Tell whether it is known how many worked in an office; a number of a later day says nothing of an earlier one."""
    return past is None or (office.staff_counted_on is not None and office.staff_counted_on < past.date())


def _told(rows: list[OfficeReady], *, is_past: bool) -> Iterable[OfficeReady]:
    """Yield the rows as they are told: of a country that is not the reader's own only what gives no small number away.

    Looked at is each course in each country, all its offices whatever is looked for: what other pages total.
    """
    tables: dict[tuple, dict[int, tuple[int, Numbers]]] = defaultdict(dict)
    for row in rows:
        if row.numbers and not row.is_own:
            tables[row.page, row.office.country_id][row.office.pk] = (row.officials, row.numbers)
    told = {} if is_past else {table: told_columns(own) for table, own in tables.items()}
    for row in rows:
        if row.is_own or row.numbers is None:
            yield row
        else:
            columns = told.get((row.page, row.office.country_id), {}).get(row.office.pk, set())
            yield _as_told(row, columns, None if is_past else row.numbers.only(columns))


def _as_told(row: OfficeReady, columns: set[str], numbers: Numbers | None) -> OfficeReady:
    """Return a row that says yes, no and languages only where the numbers are told that say the same."""
    return replace(
        row,
        numbers=numbers,
        is_ready=row.is_ready if "current" in columns else None,
        is_covered=row.is_covered if "current" in columns and (row.is_ready or "refresher_due" in columns) else None,
        languages=numbers.languages if numbers else (),
    )


def _fits(row: OfficeReady, show: str) -> bool:
    if show == NOBODY:
        return row.is_ready is False
    return show != LAPSING or bool(row.numbers and row.numbers.lapsing)


def _together(rows: list[OfficeReady]) -> Iterable[CourseReady]:
    """Yield each course with its offices, in the order of the rows; those of which it is not told are in no number.

    A course of which it is told of none stays, without numbers: as its offices do.
    """
    headings = {row.page: row.course for row in rows}
    for page, heading in headings.items():
        own = [row for row in rows if row.page == page and row.is_ready is not None and row.is_covered is not None]
        if not own:
            yield CourseReady(heading)
            continue
        ready, covered = sum(1 for one in own if one.is_ready), sum(1 for one in own if one.is_covered)
        spoken = sorted({code for one in own for code in one.languages})
        languages = {code: sum(1 for one in own if code in one.languages) for code in spoken}
        yield CourseReady(heading, ready, covered, len(own) - ready - covered, languages)
