"""The manager's first page of reports: how many are trained now, course by course, from numbers that were counted ahead."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, Sum

from accounts.choices import Role
from training.models import Counted, HolderCount, OfficeCount, OfficePeople
from training.models.readiness import READINESS
from training.queries.completion import countries_visible_to
from training.queries.course_rows import CourseRow, Words
from training.queries.hidden import Hidden, hidden_of
from training.queries.off import courses_told
from training.queries.offers import is_planned
from training.queries.office_numbers import COLUMNS, Numbers, beside, told_columns
from training.queries.small_numbers import SMALLEST, Told, is_told, told_together

_SUMS = ("begun", "finished", "current", "refresher_due", "lapsed", "lapsing")
_PEOPLE = ("officials", "begun", "finished", "current")
_OFFICES = ("offices", "ready")
_TOLD = ("begun", "finished", "current", "ready")


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
    offices: int | None


@dataclass(frozen=True)
class WithoutAccount:
    """How many learn a course without an account; None where so few are meant that they are not told."""

    course: Words
    begun: int | None
    finished: int | None


@dataclass(frozen=True)
class Dashboard:
    """People in offices that are large enough, offices with somebody current on any course, and each course.

    Where all officials are hidden there is no number of people but those without an account. `is_partial` where a country is left out of some number of people since this reader is not told its own.
    `without_account`: those of no office and no account, apart; they are in no other number.
    """

    officials: int
    begun: int | None
    finished: int | None
    current: int | None
    offices: int
    ready: int | None
    hidden: Hidden
    courses: tuple[CourseNumbers, ...]
    without_account: tuple[WithoutAccount, ...]
    counted_at: dt.datetime | None
    is_partial: bool = False

    @property
    def is_guarded(self) -> bool:
        """Tell whether some number is not told to this reader, though others are."""
        rows = (
            (self, () if self.hidden.is_all else _TOLD),
            *((one, (*_SUMS, "offices")) for one in self.courses),
        )
        is_apart = any(one.finished is None and one.begun is not None for one in self.without_account)
        return is_apart or any(getattr(one, name) is None for one, names in rows for name in names)


def dashboard(user, language: str) -> Dashboard:
    """Return the numbers of a person's countries; people of small offices, and of none, are in none of them.

    Small numbers of people are told to the managers of the country only, as in completion and readiness, and no sum of
    countries that would tell one. Six queries, over rows that are as many as offices, courses and languages, however many
    officials there are.
    """
    countries = countries_visible_to(user)
    places = OfficePeople.objects.filter(country__in=countries)
    large = places.filter(office__isnull=False, officials__gte=SMALLEST)
    counted, rows = Counted.objects.filter(what=READINESS).first(), courses_told(language)
    is_own = user.has_role(Role.MANAGER) and user.country_id is not None
    offices = _by_country(large.order_by().values("country", "office", *_PEOPLE))
    people = {country: _summed(own, _PEOPLE) for country, own in offices.items()}
    standing = _standing(large.values("office"))
    found = list(_courses(standing, rows, offices, {} if is_own else people))
    everybody = _everybody(people, standing, is_own)
    numbers = everybody.numbers
    if not (is_own or _is_ready_told(_unsaid(offices, [said for _one, _is_partial, said in found]))):
        numbers = numbers | {"ready": None}
    hidden = hidden_of(places.values_list("office", "officials"))
    if hidden.is_all:
        numbers = numbers | dict.fromkeys(_TOLD)
    return Dashboard(
        **numbers,
        hidden=hidden,
        courses=tuple(one for one, _is_partial, _said in found if one),
        without_account=tuple(_without_account(user, countries, rows, is_own)),
        counted_at=counted.at if counted else None,
        is_partial=everybody.is_partial or any(is_partial for _one, is_partial, _said in found),
    )


def _everybody(people: dict[str, dict[str, int]], standing, is_own: bool) -> "_Together":
    """Return the sums of any course; to others than their managers they do not tell either how few took two courses."""
    more = {country: _overlap(country, one, standing) for country, one in people.items()}
    told = {
        country: told_together(one["officials"], _cell(one), overlaps=[_cell(more[country])])
        for country, one in people.items()
    }
    together = _together(people, {} if is_own else told, (*_OFFICES, *_PEOPLE), people)
    if is_own or all(is_told(one["current"]) for one in more.values()):
        return together
    return replace(together, numbers=together.numbers | {"current": None})


def _overlap(country: str, people: dict[str, int], standing) -> dict[str, int]:
    """Return by how many the numbers of each course of a country, added up, say more than those of any course."""
    courses = [office for by_country in standing.values() for office in by_country.get(country, {}).values()]
    return {
        name: max(sum(one[name] for one in courses) - people[name], 0) for name in ("begun", "finished", "current")
    }


def _by_country(rows: Iterable[dict]) -> dict[str, dict[int, dict]]:
    """Return the rows of offices by country and office."""
    found: dict[str, dict[int, dict]] = defaultdict(dict)
    for row in rows:
        found[row["country"]][row["office"]] = row
    return found


def _standing(large) -> dict[int, dict[str, dict[int, dict]]]:
    """Return how people stand by course, country and office."""
    rows = OfficeCount.objects.filter(office__in=large).order_by().values("course", "country", "office")
    by_course: dict[int, list[dict]] = defaultdict(list)
    for row in rows.annotate(**{name: Sum(name) for name in _SUMS}):
        by_course[row["course"]].append(row)
    return {course: _by_country(own) for course, own in by_course.items()}


def _summed(offices: dict[int, dict], names: Iterable[str]) -> dict[str, int]:
    """Return the sums of the offices of a country, how many they are, and in how many somebody is current."""
    rows = offices.values()
    sums = {name: sum(row[name] for row in rows) for name in names}
    return sums | {"offices": len(rows), "ready": sum(1 for row in rows if row["current"])}


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


Said = dict[int, bool | None]  # by office whether somebody is current, None where that is not told


def _courses(
    standing, found: list[CourseRow], offices: dict[str, dict[int, dict]], guarded: dict[str, dict[str, int]]
):
    """Yield each course, whether a country is left out of its numbers, and what readiness says of its offices.

    `guarded` are the countries that are not the reader's own. No course where nobody began it; one that was taken off says so.
    """
    for row in found:
        by_country = standing.get(row.page, {})
        said, unsaid = _said(row, by_country, {country: offices[country] for country in guarded})
        if not by_country:
            yield None, False, said
            continue
        own = {country: _summed(counts, _SUMS) for country, counts in by_country.items()}
        told = {
            country: told_together(guarded[country]["officials"], _cell(one), [_cell(guarded[country])])
            for country, one in own.items()
            if country in guarded
        }
        together = _together(own, told, ("ready", *_SUMS), guarded)
        numbers = {name: together.numbers[name] for name in _SUMS}
        ready = together.numbers["ready"] if _is_ready_told(unsaid) else None
        yield CourseNumbers(row.named, row.key, **numbers, offices=ready), together.is_partial, said


def _said(row: CourseRow, by_country, offices: dict[str, dict[int, dict]]) -> tuple[Said, list[bool]]:
    """Return what readiness says of the offices that stand with a course there, and what is so where it says nothing."""
    said, unsaid = {}, []
    for country, own in offices.items():
        counts = by_country.get(country, {})
        if is_planned(row, country):
            counts = {office: counts.get(office, {}) for office in own}
        numbers = {office: _numbers(one) for office, one in counts.items()}
        told = told_columns({office: (own[office]["officials"], one) for office, one in numbers.items()})
        for office, one in numbers.items():
            said[office] = one.current > 0 if "current" in told[office] else None
            if said[office] is None:
                unsaid.append(one.current > 0)
    return said, unsaid


def _numbers(counts: dict[str, int]) -> Numbers:
    return Numbers(**{name: counts.get(name, 0) for name in (*COLUMNS, "finished")})


def _unsaid(offices: dict[str, dict[int, dict]], courses_said: list[Said]) -> list[bool]:
    """Return whether somebody is current on any course, of each office of which the courses do not say it."""
    found = []
    for own in offices.values():
        for office, row in own.items():
            said = [one[office] for one in courses_said if office in one]
            if not any(said) and None in said:
                found.append(row["current"] > 0)
    return found


def _is_ready_told(unsaid: list[bool]) -> bool:
    """Tell whether it is told in how many offices somebody is current, beside what is said of single ones.

    Of the others it must be some, and not all, for that would say it of each; nor one alone, who would have all they lack.
    """
    return not unsaid or 1 < sum(unsaid) < len(unsaid)


def _without_account(user, countries, found: list[CourseRow], is_own: bool):
    """Yield the courses that anybody learns without an account; who chose no country counts where all are seen.

    So few that they are no group are told to nobody; of a group who finished and who did not, to the country's managers,
    to others where each is nobody or ten and more.
    """
    hers = Q(country__in=countries) if user.country_id else Q(country__in=countries) | Q(country=None)
    sums = HolderCount.objects.filter(hers).order_by().values_list("course").annotate(Sum("begun"), Sum("finished"))
    numbers = {course: (begun, finished) for course, begun, finished in sums}
    for row in found:
        if row.page in numbers:
            begun, finished = numbers[row.page]
            is_group = begun >= SMALLEST
            are_parts_told = is_group and (is_own or (is_told(finished) and is_told(begun - finished)))
            yield WithoutAccount(row.named, begun if is_group else None, finished if are_parts_told else None)
