"""Who has finished what, by office or country: numbers without names, small groups left out; from counts made ahead."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet, Sum

from accounts.choices import Role
from accounts.models import Country
from training.models import Counted, OfficeCount, OfficePeople
from training.models.readiness import PERIODS, READINESS
from training.queries.completion_plots import Asked, Guarded, Share, plots_of
from training.queries.hidden import Hidden, hidden_of
from training.queries.off import courses_told
from training.queries.small_numbers import SMALLEST, Span, Withheld, told_together, withheld


@dataclass(frozen=True)
class Group:
    """An office or a country: how many finished, are under way, have not begun; None where that is not told.

    Of a group that is too small nothing is told, not even how many there are; `has_only_small`: of a country without any
    office that is large enough.
    """

    name: str
    places: tuple[str, ...]
    total: int | None
    finished: int | None = None
    under_way: int | None = None
    has_only_small: bool = False

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
class Completion:
    """The report: groups, totals of the groups shown, finished by months and by language, when it was counted.

    A total is None where it is not told; `left_out` are the countries that are in no total, `courses_hidden` the courses of
    a country that are in no month or language, since their totals are not told.
    """

    groups: tuple[Group, ...]
    total: int
    finished: int | None
    under_way: int | None
    median_days: int | None
    hidden: Hidden
    months: tuple[Span, ...]
    languages: tuple[Share, ...]
    languages_hidden: int
    languages_withheld: int = 0
    courses_hidden: int = 0
    left_out: int = 0
    counted_at: dt.datetime | None = None

    @property
    def is_guarded(self) -> bool:
        """Tell whether numbers of some office or country are not told to this reader though it is large enough."""
        return any(group.under_way is None and not group.is_hidden for group in self.groups)

    @property
    def not_begun(self) -> int | None:
        """Return how many of the groups shown have not begun."""
        return None if self.under_way is None else self.total - self.finished - self.under_way


def countries_visible_to(user) -> QuerySet[Country]:
    """Return the countries whose numbers a person may see: her own, or all when she has none."""
    active = Country.objects.filter(is_active=True)
    return active.filter(pk=user.country_id) if user.country_id else active


def course_choices(language: str) -> list[tuple[str, str]]:
    """Return the courses as choices of a filter, those that were taken off last: what was done in them is told as well."""
    return [(row.key, str(row.named)) for row in courses_told(language)]


def completion(user, filters: dict) -> Completion:
    """Return who finished what, as a person may see it, by the last count; seven queries, however many officials there are.

    A person counts as finished when she completed the course asked for, or any when none is named. People of small
    offices are left out everywhere, so that no two tables of the report differ by a handful of people.
    """
    countries = {one.pk: one.name for one in countries_visible_to(user)}
    if filters.get("country"):
        countries = {code: name for code, name in countries.items() if code == filters["country"].pk}
    counted = Counted.objects.filter(what=READINESS).first()
    asked = Asked(tuple(countries), filters.get("course") or "", PERIODS[filters.get("months") or ""])
    places, small = _places(asked, countries)
    together = _countries(user, places)
    is_by_office = (filters.get("group") or "office") == "office"
    groups = [*_offices(user, places), *small] if is_by_office else [*together, *_only_small(small, together)]
    everybody, left_out = _everybody(together)
    hidden = hidden_of([*((one.key, one.officials) for one in places), *((one.name or None, 0) for one in small)])
    if hidden.is_all:
        everybody = everybody.without("finished", "under_way")
    plots = plots_of(asked, _guarded(user, places), _since(filters.get("months"), counted.at) if counted else None)
    return Completion(
        groups=tuple(sorted(groups, key=lambda group: (group.places, group.name))),
        total=everybody.total,
        finished=everybody.finished,
        under_way=everybody.under_way,
        median_days=plots.median_days,
        hidden=hidden,
        months=plots.months if (everybody.finished or 0) >= SMALLEST else (),
        languages=plots.languages,
        languages_hidden=plots.languages_hidden,
        languages_withheld=plots.languages_withheld,
        courses_hidden=plots.courses_hidden,
        left_out=left_out,
        counted_at=counted.at if counted else None,
    )


def _since(months: str | None, at: dt.datetime) -> dt.date | None:
    return (at - dt.timedelta(days=30 * int(months))).date() if months else None


@dataclass(frozen=True)
class _Place:
    """An office that is large enough: where it stands, how many work there.

    `cells` are how many began and finished: in the wider tables, and last in the one that is asked for; `overlaps`, where no
    course is asked for, by how many more those of each course add up to in the period asked for, and by how much that
    differs in each longer one: who reads both periods takes one from the other.
    """

    key: int
    office: str
    area: str
    code: str
    country: str
    officials: int
    cells: tuple[tuple[int, int], ...]
    overlaps: tuple[tuple[int, int], ...]


def _places(asked: Asked, countries: dict[str, str]) -> tuple[list[_Place], list[Group]]:
    """Return the offices large enough to be shown, and the others as hidden groups; no office is small too."""
    names = ("office", "office__name", "office__area", "country", "officials", "begun", *asked.periods)
    counted = _counted(asked)
    large, small = [], []
    rows = OfficePeople.objects.filter(country__in=asked.countries).values_list(*names)
    for office, name, area, country, officials, begun, *finished in rows:
        if office is None or officials < SMALLEST:
            small.append(Group(name or "", tuple(filter(None, [area, countries[country]])), None))
            continue
        cells, own = [(begun, many) for many in finished], counted.get(office, [(0, 0)] * len(finished))
        overlaps = () if asked.course else _overlaps(own, cells)
        cells += own if asked.course else []
        large.append(_Place(office, name, area, country, countries[country], officials, tuple(cells), overlaps))
    return large, small


def _only_small(small: list[Group], together: list[Group]) -> list[Group]:
    """Return the countries that have no office large enough, without numbers."""
    countries = {one.places[-1] for one in small} - {one.name for one in together}
    return [Group(name, (), None, has_only_small=True) for name in countries]


def _overlaps(each: list[tuple[int, int]], any_one: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return by how many the numbers of each course, added up, say more than those of any course in the last period.

    After it stands, of each longer period, how much more that is there.
    """
    *longer, last = (
        (max(begun - one_begun, 0), max(ended - one_ended, 0))
        for (begun, ended), (one_begun, one_ended) in zip(each, any_one, strict=True)
    )
    return (last, *((begun - last[0], ended - last[1]) for begun, ended in longer))


def _counted(asked: Asked) -> dict[int, list[tuple[int, int]]]:
    """Return by office how many began the course asked for, and finished it in each period; else of each course, added up."""
    rows = asked.of(OfficeCount.objects.filter(office__isnull=False)).values_list("office")
    sums = {f"sum_{name}": Sum(name) for name in ("begun", *asked.periods)}
    return {office: [(begun, many) for many in finished] for office, begun, *finished in rows.annotate(**sums)}


def answers_for(user, country: str) -> bool:
    """Tell whether a person is a manager of a country: she may read its names, so she is told its small numbers."""
    return user.has_role(Role.MANAGER) and user.country_id == country


def _offices(user, places: list[_Place]) -> list[Group]:
    """Return each office as it is told to a person."""
    kept = [_withheld(own) for code, own in _by_country(places).items() if not answers_for(user, code)]
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
    overlaps = [{one.key: one.overlaps[place] for one in own} for place in range(len(own[0].overlaps))]
    return withheld({one.key: one.officials for one in own}, asked, wider, overlaps)


def _by_country(places: list[_Place]) -> dict[str, list[_Place]]:
    found: dict[str, list[_Place]] = defaultdict(list)
    for one in places:
        found[one.code].append(one)
    return found


def _countries(user, places: list[_Place]) -> list[Group]:
    """Return the countries, as sums of their offices, as they are told to a person."""
    return [_country(user, code, own) for code, own in _by_country(places).items()]


def _country(user, code: str, own: list[_Place]) -> Group:
    group = _group(own, own[0].country, ())
    if answers_for(user, code):
        return group
    *wider, asked = _sums(own)
    told = told_together(group.total, asked, wider, _added(one.overlaps for one in own))
    return group.without(*(() if told.finished else ("finished",)), *(() if told.parts else ("under_way",)))


def _everybody(countries: list[Group]) -> tuple[Group, int]:
    """Return the countries of which everything is told as one, and how many are left out; of one alone what is told.

    With a country that is not told in it, a total less the other countries would tell it.
    """
    told = [one for one in countries if one.under_way is not None]
    if not told and len(countries) == 1:
        return countries[0], 0
    if not told and countries:
        return Group("", (), sum(one.total for one in countries)), 0
    total, finished, under_way = (
        sum(getattr(one, name) for one in told) for name in ("total", "finished", "under_way")
    )
    return Group("", (), total, finished, under_way), len(countries) - len(told)


def _guarded(user, places: list[_Place]) -> dict[str, Guarded]:
    """Return the countries of which this person is not told everything, with their officials, and their sums in each table."""
    return {
        code: Guarded(sum(one.officials for one in own), _sums(own))
        for code, own in _by_country(places).items()
        if not answers_for(user, code)
    }


def _sums(own: list[_Place]) -> list[tuple[int, int]]:
    """Return how many began and finished in all of some offices: in the wider tables, and last in the one asked for."""
    return _added(one.cells for one in own)


def _added(offices: Iterable[tuple[tuple[int, int], ...]]) -> list[tuple[int, int]]:
    """Return cells of several offices, added up place by place."""
    tables = zip(*offices, strict=True)
    return [(sum(begun for begun, _ended in cells), sum(ended for _begun, ended in cells)) for cells in tables]


def _group(own: list[_Place], name: str, where: tuple[str, ...]) -> Group:
    """Return offices as one group; who finished has begun, so that the two numbers tell who is under way."""
    begun, finished = _sums(own)[-1]
    return Group(name, where, sum(one.officials for one in own), finished, begun - finished)
