"""Where people stop in a course: lesson by lesson, how many opened it, how many reached its end."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from training.models import Counted, LessonCount, OfficePeople
from training.queries.completion import answers_for, countries_visible_to
from training.queries.course_rows import CourseRow, Words
from training.queries.off import courses_told
from training.queries.small_numbers import SMALLEST, steps_told, told_together

TEST, STORY, LESSON = "test", "story", "lesson"


@dataclass(frozen=True)
class Part:
    """A lesson, story or test: opened, read to the end (of a test: passed), and how many stopped before its end.

    None stands for a number that is not told to this reader.
    """

    kind: str
    number: int
    heading: Words | None
    opened: int | None
    ended: int | None
    stopped: int | None

    @property
    def opened_only(self) -> int | None:
        """Return how many opened it and did not reach its end, where both are told."""
        return None if None in {self.opened, self.ended} else max(0, self.opened - self.ended)


@dataclass(frozen=True)
class DropOff:
    """A course with its parts: how many began, finished and stopped; None where a number is not told."""

    course: CourseRow
    begun: int | None
    finished: int = 0
    stopped: int | None = 0
    parts: tuple[Part, ...] = ()
    hidden: int = 0
    withheld: int = 0  # of the hidden countries, those in which ten and more began
    counted_at: dt.datetime | None = None

    @property
    def worst(self) -> tuple[Part, ...]:
        """Return where most people stopped, of what is told: several parts where equally many stopped in each."""
        most = max((part.stopped or 0 for part in self.parts), default=0)
        return tuple(part for part in self.parts if most and part.stopped == most)

    @property
    def is_guarded(self) -> bool:
        """Tell whether some number of a part is not told to this reader."""
        return self.stopped is None or any(None in {part.opened, part.ended, part.stopped} for part in self.parts)


def most_begun(user) -> str:
    """Return the key of the course that most officials of a person's countries began; "" where none was counted."""
    counts = LessonCount.objects.filter(activity=None, country__in=countries_visible_to(user), course__live=True)
    found = counts.values_list("course__key").annotate(many=Sum("opened")).order_by("-many", "course__key").first()
    return found[0] if found else ""


def dropoff(user, filters: dict, language: str) -> DropOff | None:
    """Return where people of a person's countries stop in a course; the first course where none is named.

    Countries in which fewer than ten began are left out, and for who does not manage them those too of which the table
    of completion does not tell everything. None where no course was ever published.
    """
    rows = courses_told(language)
    row = next((one for one in rows if one.key == filters.get("course")), rows[0] if rows else None)
    if row is None:
        return None
    countries = countries_visible_to(user)
    if filters.get("country"):
        countries = countries.filter(pk=filters["country"].pk)
    counts = LessonCount.objects.filter(course=row.page, country__in=countries)
    whole = counts.filter(activity=None).values_list("country", "opened", "ended")
    people = _people(countries)
    large = [country for country, *cell in whole if _is_told(user, country, tuple(cell), people.get(country))]
    counted = Counted.objects.filter(what=f"lessons {row.page}").first()
    withheld = sum(begun >= SMALLEST for country, begun, _finished in whole if country not in large)
    facts = {"hidden": len(whole) - len(large), "withheld": withheld, "counted_at": counted.at if counted else None}
    ways = [_way(user, country, numbers, row) for country, numbers in _numbers(counts, large).items()]
    if not ways:
        return DropOff(row, None, **facts)
    (begun, finished, stopped), *steps = (
        tuple(map(_sum, zip(*part, strict=True))) for part in zip(*ways, strict=True)
    )
    return DropOff(row, begun, finished, stopped, tuple(_parts(row, steps)), **facts)


def _numbers(counts, large: list[str]) -> dict[str, dict[str, tuple[int, int, int]]]:
    """Return of each country by part how many opened and ended it, and stopped in it; "": of the whole course."""
    found: dict[str, dict[str, tuple[int, int, int]]] = {country: {} for country in large}
    rows = counts.filter(country__in=large).values_list("country", "activity", "opened", "ended", "stopped")
    for country, activity, *numbers in rows:
        found[country][str(activity or "")] = tuple(numbers)
    return found


def _way(user, country: str, numbers: dict[str, tuple[int, int, int]], row: CourseRow) -> list[tuple]:
    """Return what this reader is told of a country: of the whole course, then of each part in its order."""
    whole = numbers[""]
    steps = [numbers.get(key, (0, 0, 0)) for key in _keys(row)]
    if answers_for(user, country):
        return [whole, *steps]
    told = steps_told(whole[0], whole[1], steps)
    return [(*whole[:2], whole[2] if told.stopped else None), *told.steps]


def _sum(numbers: tuple) -> int | None:
    """Add what is told of each country; what is not told of one is not told of all, since the others would give it away."""
    return None if None in numbers else sum(numbers)


def _people(countries) -> dict[str, tuple[int, int, int]]:
    """Return by country how many officials of larger offices there are, and how many of them began and finished any course."""
    large = OfficePeople.objects.filter(country__in=countries, office__isnull=False, officials__gte=SMALLEST)
    sums = large.order_by().values_list("country").annotate(Sum("officials"), Sum("begun"), Sum("finished"))
    return {country: tuple(numbers) for country, *numbers in sums}


def _is_told(user, country: str, cell: tuple[int, int], people: tuple[int, int, int] | None) -> bool:
    """Tell whether the numbers of a country are told: by the measure of completion, which tells of how many they are."""
    if cell[0] < SMALLEST:
        return False
    if answers_for(user, country):
        return True
    return people is not None and told_together(people[0], cell, [people[1:]]).parts


def _keys(row: CourseRow) -> list[str]:
    return [one.id for one in (*row.lessons, *row.stories)] + ([row.post.id] if row.post else [])


def _parts(row: CourseRow, steps: list[tuple]):
    whats = [(LESSON, one.number, one.heading) for one in row.lessons]
    whats += [(STORY, 0, one.heading) for one in row.stories]
    whats += [(TEST, 0, None)] if row.post else []
    for what, numbers in zip(whats, steps, strict=True):
        yield Part(*what, *numbers)
