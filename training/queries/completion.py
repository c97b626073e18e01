"""Who has finished what, by office or country: numbers without names, small groups left out."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Country, User
from training.models import Progress
from training.queries.reading import courses
from training.queries.small_numbers import SMALLEST, Span, shown, spans_of, spans_within


@dataclass(frozen=True)
class Group:
    """An office or a country: how many finished, are under way, have not begun; None where the group is too small."""

    name: str
    places: tuple[str, ...]
    total: int | None
    finished: int | None = None
    under_way: int | None = None
    median_days: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the group is too small to be shown."""
        return self.total is None

    @property
    def not_begun(self) -> int | None:
        """Return how many have not begun."""
        return None if self.is_hidden else self.total - self.finished - self.under_way

    @property
    def percent(self) -> int | None:
        """Return the share that finished, rounded down."""
        return None if self.is_hidden else 100 * self.finished // self.total


@dataclass(frozen=True)
class Share:
    """How many of those who began finished, of one language."""

    code: str
    finished: int
    begun: int


@dataclass(frozen=True)
class Completion:
    """The report: groups, totals of the groups shown, finished by months and by language."""

    groups: tuple[Group, ...]
    total: int
    finished: int
    under_way: int
    median_days: int | None
    hidden: int
    months: tuple[Span, ...]
    languages: tuple[Share, ...]
    languages_hidden: int

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


def completion(user, filters: dict, *, at: dt.datetime) -> Completion:
    """Return who finished what, as a person may see it; the same queries whatever the number of rows.

    A person counts as finished when she completed the course asked for, or any when none is named. People of small
    offices are left out everywhere, so that no two tables of the report differ by a handful of people.
    """
    people = learners_visible_to(user)
    if filters.get("country"):
        people = people.filter(country=filters["country"])
    countries = {one.pk: one.name for one in countries_visible_to(user)}
    large, small = _offices(people, countries)
    people = people.filter(office__in=large)
    # Who was let into a course and has not opened it yet has not begun: her progress is empty.
    done = _done_by(countries, filters.get("country"), large).filter(last_at__isnull=False)
    if filters.get("course"):
        done = done.filter(enrolment__course__key=filters["course"])
    since = _since(filters.get("months"), at)
    ever = done.filter(completed_at__isnull=False, completed_at__lte=at)
    completed = ever.filter(completed_at__gte=since) if since else ever
    by = filters.get("group") or "office"
    groups = _groups(people, done, completed, by, countries)
    many, days = _median_days(completed)
    languages, hidden_languages = _languages(done, completed)
    finished = sum(group.finished for group in groups)
    return Completion(
        groups=tuple(
            sorted([*groups, *(small if by == "office" else [])], key=lambda group: (group.places, group.name))
        ),
        total=sum(group.total for group in groups),
        finished=finished,
        under_way=sum(group.under_way for group in groups),
        median_days=days if many >= SMALLEST else None,
        hidden=len(small),
        months=_months(ever, since, many) if finished >= SMALLEST else (),
        languages=languages,
        languages_hidden=hidden_languages,
    )


def _offices(people, countries: dict[str, str]) -> tuple[list[int], list[Group]]:
    """Return the ids of offices large enough to be shown, and the others as hidden groups; no office is small too."""
    rows = people.values("office", *_NAMES["office"]).annotate(total=Count("pk")).order_by("office")
    large = [row["office"] for row in rows if row["office"] and row["total"] >= SMALLEST]
    return large, [Group(*_name(row, "office", countries), None) for row in rows if row["office"] not in large]


def _since(months: str | None, at: dt.datetime) -> dt.datetime | None:
    return at - dt.timedelta(days=30 * int(months)) if months else None


_KEYS = {"office": ("office", "country"), "country": ("country",)}
_NAMES = {"office": ("office__name", "office__area", "country"), "country": ("country",)}


def _done_by(countries: dict[str, str], country: Country | None, large: list[int]) -> QuerySet[Progress]:
    """Return the progress of the people who are counted: joined, since a list of them grows as they do."""
    who = "enrolment__learner__user__"
    told = {f"{who}country__in": list(countries), f"{who}office__in": large}
    rows = Progress.objects.filter(**told, **{f"{who}is_active": True, f"{who}roles__contains": ",learner,"})
    return rows.filter(**{f"{who}country": country}) if country else rows


def _groups(people, done, completed, by: str, countries: dict[str, str]) -> list[Group]:
    """Return the groups; who finished has begun, so that the two numbers of a group tell who is under way."""
    key = _KEYS[by]
    begun, finished = _persons(done, key), _persons(completed, key)
    found = []
    for row in people.values(*key, *_NAMES[by]).annotate(total=Count("pk")).order_by(*_NAMES[by]):
        place = tuple(row[name] for name in key)
        ended = finished.get(place, 0)
        found.append(Group(*_name(row, by, countries), row["total"], ended, begun.get(place, 0) - ended))
    return found


def _persons(rows: QuerySet[Progress], key: tuple[str, ...]) -> dict[tuple, int]:
    """Return by group how many people some progress is of, each once."""
    places = [f"enrolment__learner__user__{name}" for name in key]
    counted = rows.order_by().values_list(*places).annotate(many=Count("enrolment__learner", distinct=True))
    return {tuple(place): many for *place, many in counted}


def _name(row: dict, by: str, countries: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a group's name and the places it stands in, the country as the reader's language calls it."""
    country = countries.get(row["country"], "")
    if by == "country":
        return country, ()
    return row["office__name"] or "", tuple(filter(None, [row["office__area"], country]))


def _median_days(completed: QuerySet[Progress]) -> tuple[int, int]:
    """Return how many finished, and the median of the days they took: only the rows in the middle are read."""
    many = completed.count()
    took = ExpressionWrapper(F("completed_at") - F("enrolment__started_at"), output_field=DurationField())
    middle = slice(max(0, (many - 1) // 2), many // 2 + 1)
    spans = completed.order_by(took).values_list("enrolment__started_at", "completed_at")[middle]
    return many, int(median([max(0, (end - begin).days) for begin, end in spans] or [0]))


def _months(ever, since: dt.datetime | None, finished: int) -> tuple[Span, ...]:
    """Return the months, some joined: the same ones whatever the period, so that two periods tell no small number.

    They begin and end by UTC for every country and reader: the same month by two clocks would tell one too.
    """
    rows = (
        ever.annotate(month=TruncMonth("completed_at", tzinfo=dt.UTC))
        .values_list("month")
        .annotate(n=Count("pk"))
        .order_by()
    )
    spans = spans_of({month.date(): count for month, count in rows})
    return spans_within(spans, since.date() if since else None, finished)


def _languages(done, completed) -> tuple[tuple[Share, ...], int]:
    """Return the languages as sums of what each course in each country may show, so that no two filters differ by less."""
    ended = Counter({tuple(key): count for *key, count in _by_language(completed)})
    tables: dict[tuple, dict[str, tuple[int, int]]] = defaultdict(dict)
    for country, course, language, count in _by_language(done):
        tables[country, course][language] = (count, ended[country, course, language])
    begun, finished, hidden = Counter(), Counter(), 0
    for cells in tables.values():
        left = shown(cells)
        hidden += len(cells) - len(left)
        for language, (began, done_with) in left.items():
            begun[language] += began
            finished[language] += done_with
    return tuple(Share(code, finished[code], count) for code, count in begun.most_common()), hidden


def _by_language(rows):
    place = ("enrolment__learner__user__country", "enrolment__course", "language")
    return rows.values_list(*place).annotate(n=Count("pk")).order_by()


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
