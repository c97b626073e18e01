"""Who has finished what, by office or country: numbers without names, small groups left out; from counts made ahead."""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate

from django.db.models import F, QuerySet, Sum

from accounts.choices import Role
from accounts.models import Country, User
from training.models import Counted, DaysCount, MonthCount, OfficeCount, OfficePeople, Progress
from training.models.readiness import PERIODS, READINESS
from training.queries.reading import courses
from training.queries.small_numbers import SMALLEST, Span, Withheld, shown, spans_of, spans_within, withheld

FROM_LONGEST = tuple(PERIODS[months] for months in ("", "12", "6", "3"))


@dataclass(frozen=True)
class Group:
    """An office or a country: how many finished, are under way, have not begun; None where that is not told.

    Of a group that is too small nothing is told, not even how many there are.
    """

    name: str
    places: tuple[str, ...]
    total: int | None
    finished: int | None = None
    under_way: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the group is too small to be shown."""
        return self.total is None

    @property
    def not_begun(self) -> int | None:
        """Return how many have not begun."""
        return None if self.under_way is None else max(0, self.total - self.finished - self.under_way)

    @property
    def percent(self) -> int | None:
        """Return the share that finished, rounded down."""
        return None if self.finished is None else 100 * self.finished // self.total

    def without(self, *parts: str) -> "Group":
        """Return the group with these numbers not told."""
        return replace(self, **dict.fromkeys(parts))


@dataclass(frozen=True)
class Share:
    """How many of those who began finished, of one language."""

    code: str
    finished: int
    begun: int


@dataclass(frozen=True)
class Completion:
    """The report: groups, totals of the groups shown, finished by months and by language, when it was counted."""

    groups: tuple[Group, ...]
    total: int
    finished: int
    under_way: int
    median_days: int | None
    hidden: int
    months: tuple[Span, ...]
    languages: tuple[Share, ...]
    languages_hidden: int
    counted_at: dt.datetime | None = None

    @property
    def is_guarded(self) -> bool:
        """Tell whether numbers of some office are not told to this reader though it is large enough."""
        return any(group.under_way is None and not group.is_hidden for group in self.groups)

    @property
    def not_begun(self) -> int:
        """Return how many of the groups shown have not begun."""
        return self.total - self.finished - self.under_way


def countries_visible_to(user) -> QuerySet[Country]:
    """Return the countries whose numbers a person may see: her own, or all when she has none."""
    active = Country.objects.filter(is_active=True)
    return active.filter(pk=user.country_id) if user.country_id else active


def learners_visible_to(user) -> QuerySet[User]:
    """Return the learners who are counted for a person."""
    return User.objects.filter(is_active=True, roles__contains=",learner,", country__in=countries_visible_to(user))


def course_choices(language: str) -> list[tuple[str, str]]:
    """Return the courses as choices of a filter."""
    return [(row.key, str(row.heading)) for row in courses(language)]


def completion(user, filters: dict) -> Completion:
    """Return who finished what, as a person may see it, by the last count; six queries, however many officials there are.

    A person counts as finished when she completed the course asked for, or any when none is named. People of small
    offices are left out everywhere, so that no two tables of the report differ by a handful of people.
    """
    countries = {one.pk: one.name for one in countries_visible_to(user)}
    if filters.get("country"):
        countries = {code: name for code, name in countries.items() if code == filters["country"].pk}
    counted = Counted.objects.filter(what=READINESS).first()
    asked = _Asked(tuple(countries), filters.get("course") or "", PERIODS[filters.get("months") or ""])
    by = filters.get("group") or "office"
    places, small = _places(asked, countries)
    groups = [*_offices(user, places), *small] if by == "office" else _countries(places)
    everybody = _group(places, "", ())
    many, days = _median_days(asked)
    languages, hidden_languages = _languages(asked)
    since = _since(filters.get("months"), counted.at) if counted else None
    months = _months(asked, since, many)
    return Completion(
        groups=tuple(sorted(groups, key=lambda group: (group.places, group.name))),
        total=everybody.total,
        finished=everybody.finished,
        under_way=everybody.under_way,
        median_days=days if many >= SMALLEST else None,
        hidden=len(small),
        months=months if everybody.finished >= SMALLEST else (),
        languages=languages,
        languages_hidden=hidden_languages,
        counted_at=counted.at if counted else None,
    )


@dataclass(frozen=True)
class _Asked:
    """What a report is asked for: countries by code, the key of a course or "", the column of a period."""

    countries: tuple[str, ...]
    course: str
    period: str

    def of(self, rows: QuerySet) -> QuerySet:
        """Narrow counts to the countries and the course."""
        rows = rows.filter(country__in=self.countries).order_by()
        return rows.filter(course__key=self.course) if self.course else rows

    @property
    def periods(self) -> tuple[str, ...]:
        """Return the columns of the longer periods, the longest first, and of the one that is asked for."""
        return FROM_LONGEST[: FROM_LONGEST.index(self.period) + 1]


@dataclass(frozen=True)
class _Place:
    """An office that is large enough: where it stands, how many work there.

    `cells` are how many began and finished: in the wider tables, and last in the one that is asked for.
    """

    key: int
    office: str
    area: str
    code: str
    country: str
    officials: int
    cells: tuple[tuple[int, int], ...]


def _places(asked: _Asked, countries: dict[str, str]) -> tuple[list[_Place], list[Group]]:
    """Return the offices large enough to be shown, and the others as hidden groups; no office is small too."""
    names = ("office", "office__name", "office__area", "country", "officials", "begun", *asked.periods)
    of_course = _of_course(asked) if asked.course else {}
    large, small = [], []
    rows = OfficePeople.objects.filter(country__in=asked.countries).values_list(*names)
    for office, name, area, country, officials, begun, *finished in rows:
        if office is None or officials < SMALLEST:
            small.append(Group(name or "", tuple(filter(None, [area, countries[country]])), None))
            continue
        cells = [(begun, many) for many in finished]
        if asked.course:
            cells += of_course.get(office, [(0, 0)] * len(finished))
        large.append(_Place(office, name, area, country, countries[country], officials, tuple(cells)))
    return large, small


def _of_course(asked: _Asked) -> dict[int, list[tuple[int, int]]]:
    """Return by office how many began the course asked for, and finished it in each period."""
    rows = asked.of(OfficeCount.objects.filter(office__isnull=False)).values_list("office")
    sums = {f"sum_{name}": Sum(name) for name in ("begun", *asked.periods)}
    return {office: [(begun, many) for many in finished] for office, begun, *finished in rows.annotate(**sums)}


def _since(months: str | None, at: dt.datetime) -> dt.datetime | None:
    return at - dt.timedelta(days=30 * int(months)) if months else None


def answers_for(user, country: str) -> bool:
    """Tell whether a person is a manager of a country: she may read its names, so she is told its small numbers."""
    return user.has_role(Role.MANAGER) and user.country_id == country


def _offices(user, places: list[_Place]) -> list[Group]:
    """Return each office as it is told to a person."""
    by_country: dict[str, list[_Place]] = defaultdict(list)
    for one in places:
        if not answers_for(user, one.code):
            by_country[one.code].append(one)
    kept = [_withheld(own) for own in by_country.values()]
    hides = {
        "finished": {key for one in kept for key in one.finished},
        "under_way": {key for one in kept for key in one.parts},
    }
    return [
        _group([one], one.office, tuple(filter(None, [one.area, one.country]))).without(
            *(name for name, keys in hides.items() if one.key in keys)
        )
        for one in places
    ]


def _withheld(own: list[_Place]) -> Withheld:
    """Return what is withheld of the offices of a country."""
    *wider, asked = ({one.key: one.cells[place] for one in own} for place in range(len(own[0].cells)))
    return withheld({one.key: one.officials for one in own}, asked, wider)


def _countries(places: list[_Place]) -> list[Group]:
    """Return the countries, as sums of their offices."""
    by_country: dict[str, list[_Place]] = defaultdict(list)
    for one in places:
        by_country[one.country].append(one)
    return [_group(own, country, ()) for country, own in by_country.items()]


def _group(own: list[_Place], name: str, where: tuple[str, ...]) -> Group:
    """Return offices as one group; who finished has begun, so that the two numbers tell who is under way."""
    begun, finished = (sum(one.cells[-1][part] for one in own) for part in (0, 1))
    return Group(name, where, sum(one.officials for one in own), finished, begun - finished)


def _median_days(asked: _Asked) -> tuple[int, int]:
    """Return how many finished, and the median of the days they took, rounded down."""
    rows = asked.of(DaysCount.objects.all()).values_list("days").annotate(many=Sum(asked.period))
    days, counts = zip(*sorted(row for row in rows if row[1]), strict=True) if rows else ((), ())
    upto = list(accumulate(counts))
    if not upto:
        return 0, 0
    middle = (days[bisect_right(upto, place)] for place in ((upto[-1] - 1) // 2, upto[-1] // 2))
    return upto[-1], sum(middle) // 2


def _months(asked: _Asked, since: dt.datetime | None, finished: int) -> tuple[Span, ...]:
    """Return the months, some joined: the same ones whatever the period, so that two periods tell no small number.

    They begin and end by UTC for every country and reader: the same month by two clocks would tell one too.
    """
    rows = asked.of(MonthCount.objects.all()).values_list("month").annotate(many=Sum("finished"))
    return spans_within(spans_of(dict(rows)), since.date() if since else None, finished)


def _languages(asked: _Asked) -> tuple[tuple[Share, ...], int]:
    """Return the languages as sums of what each course in each country may show, so that no two filters differ by less."""
    large = OfficePeople.objects.filter(officials__gte=SMALLEST, office__isnull=False).values("office")
    rows = asked.of(OfficeCount.objects.filter(office__in=large)).values_list("country", "course", "language")
    tables: dict[tuple, dict[str, tuple[int, int]]] = defaultdict(dict)
    for country, course, language, many, ended in rows.annotate(a=Sum("begun"), b=Sum(asked.period)):
        if many:
            tables[country, course][language] = (many, ended)
    begun, finished, hidden = Counter(), Counter(), 0
    for cells in tables.values():
        left = shown(cells)
        hidden += len(cells) - len(left)
        for language, (began, done_with) in left.items():
            begun[language] += began
            finished[language] += done_with
    return tuple(Share(code, finished[code], count) for code, count in begun.most_common()), hidden


def people_progress(user, course: str = ""):
    """Return the learners of a trainer's country with what they finished; never what they answered."""
    rows = (
        Progress.objects.filter(enrolment__learner__user__in=learners_visible_to(user))
        .select_related("enrolment__learner__user__office")
        .annotate(course_key=F("enrolment__course__key"))
    )
    if course:
        rows = rows.filter(course_key=course)
    return rows.order_by("enrolment__learner__user__name", "enrolment__learner__user__email", "course_key")
