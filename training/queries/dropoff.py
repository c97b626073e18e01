"""Where people stop in a course: lesson by lesson, how many opened it, how many reached its end."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from training.models import Counted, LessonCount, OfficePeople
from training.queries.completion import answers_for, countries_visible_to
from training.queries.course_rows import CourseRow, Words
from training.queries.reading import courses
from training.queries.small_numbers import SMALLEST, told_together

TEST, STORY, LESSON = "test", "story", "lesson"


@dataclass(frozen=True)
class Part:
    """A lesson, story or test: opened, read to the end (of a test: passed), and how many stopped before its end."""

    kind: str
    number: int
    heading: Words | None
    opened: int
    ended: int
    stopped: int

    @property
    def opened_only(self) -> int:
        """Return how many opened it and did not reach its end."""
        return max(0, self.opened - self.ended)


@dataclass(frozen=True)
class DropOff:
    """A course with its parts: how many began, finished and stopped; None where too few began to be told."""

    course: CourseRow
    begun: int | None
    finished: int = 0
    stopped: int = 0
    parts: tuple[Part, ...] = ()
    hidden: int = 0
    withheld: int = 0  # of the hidden countries, those in which ten and more began
    counted_at: dt.datetime | None = None

    @property
    def worst(self) -> Part | None:
        """Return where most people stopped."""
        found = max(self.parts, key=lambda part: part.stopped, default=None)
        return found if found and found.stopped else None


def most_begun(user) -> str:
    """Return the key of the course that most officials of a person's countries began; "" where none was counted."""
    counts = LessonCount.objects.filter(activity=None, country__in=countries_visible_to(user), course__live=True)
    found = counts.values_list("course__key").annotate(many=Sum("opened")).order_by("-many", "course__key").first()
    return found[0] if found else ""


def dropoff(user, filters: dict, language: str) -> DropOff | None:
    """Return where people of a person's countries stop in a course; the first course where none is named.

    Countries in which fewer than ten began are left out, and for who does not manage them those too of which the table
    of completion does not tell everything. None where no course is published.
    """
    rows = courses(language)
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
    sums = {name: Sum(name) for name in ("opened", "ended", "stopped")}
    numbers = {
        str(one.pop("activity") or ""): one
        for one in counts.filter(country__in=large).order_by().values("activity").annotate(**sums)
    }
    counted = Counted.objects.filter(what=f"lessons {row.page}").first()
    withheld = sum(begun >= SMALLEST for country, begun, _finished in whole if country not in large)
    facts = {"hidden": len(whole) - len(large), "withheld": withheld, "counted_at": counted.at if counted else None}
    if "" not in numbers:
        return DropOff(row, None, **facts)
    total = numbers[""]
    return DropOff(row, total["opened"], total["ended"], total["stopped"], tuple(_parts(row, numbers)), **facts)


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


def _parts(row: CourseRow, numbers: dict[str, dict[str, int]]):
    nobody = {"opened": 0, "ended": 0, "stopped": 0}
    for one in row.lessons:
        yield Part(LESSON, one.number, one.heading, **numbers.get(one.id, nobody))
    for one in row.stories:
        yield Part(STORY, 0, one.heading, **numbers.get(one.id, nobody))
    if row.post:
        yield Part(TEST, 0, None, **numbers.get(row.post.id, nobody))
