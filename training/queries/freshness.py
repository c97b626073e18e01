"""How each course stands in each language: published, partly, out of date or missing, and the gravest change not followed."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Page

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from languages.choices import Freshness, Public
from languages.queries import Status, ThingKey, public_state
from training.models import Course, Lesson, Module, Question, Scenario
from training.queries.course_rows import CourseRow
from training.queries.reading import courses

_PAGES, _PARTS = (Course, Module, Lesson), (Question, Scenario)


@dataclass(frozen=True)
class FreshCell:
    """A course in a language: state, texts live of all, out of date, read by no native reader; the gravest freshness."""

    language: str
    state: str
    done: int
    total: int
    stale: int
    awaiting: int
    worst: int
    is_wanted: bool

    @property
    def is_told(self) -> bool:
        """Tell whether somebody needs the language here, or something stands in it."""
        return self.is_wanted or self.done > 0

    @property
    def percent(self) -> int:
        """Return the share of the texts that is live, rounded down."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def worst_words(self) -> str:
        """Return the gravest change of the source that a live text does not follow; "" where all do."""
        return str(Freshness(self.worst).label) if self.worst > Freshness.FRESH else ""


@dataclass(frozen=True)
class FreshRow:
    """A course with its cells, one a language of the table."""

    course: CourseRow
    cells: tuple[FreshCell, ...]

    @property
    def told(self) -> tuple[FreshCell, ...]:
        """Return the languages that its countries speak, English among them, and others in which texts stand."""
        return tuple(cell for cell in self.cells if cell.is_told)


@dataclass(frozen=True)
class FreshnessTable:
    """The courses, and the languages that some course is wanted in or has texts in."""

    languages: tuple[str, ...]
    rows: tuple[FreshRow, ...]


def freshness(language: str) -> FreshnessTable:
    """Return how each course stands in each language; the same queries however many texts there are.

    A course is wanted in the languages of all its countries, and in English.
    """
    speaking = {country.pk: country.languages for country in Country.objects.filter(is_active=True)}
    rows = courses(language)
    placed = _placed(rows)
    kinds = {ContentType.objects.get_for_model(model).pk for model in (*_PAGES, *_PARTS)}
    parts: dict[int, list[dict[str, Status]]] = defaultdict(list)
    for key, statuses in language_queries.coverage(kinds).items():
        if key in placed:
            parts[placed[key]].append(statuses)
    wanted = {
        row.page: {table.SOURCE, *(code for place in row.countries for code in speaking.get(place, ()))}
        for row in rows
    }
    cells = {
        row.page: [_cell(code, parts[row.page], code in wanted[row.page]) for code in table.CODES] for row in rows
    }
    spoken = [code for place, code in enumerate(table.CODES) if any(cells[row.page][place].is_told for row in rows)]
    shown = [FreshRow(row, tuple(cell for cell in cells[row.page] if cell.language in spoken)) for row in rows]
    return FreshnessTable(tuple(spoken), tuple(shown))


def _cell(code: str, parts: list[dict[str, Status]], is_wanted: bool) -> FreshCell:
    own = [statuses[code] for statuses in parts]
    done, total, stale = (sum(getattr(one, name) for one in own) for name in ("done", "total", "stale"))
    worst = max((one.worst for one in own), default=Freshness.NOT_LIVE)
    awaiting = sum(one.awaiting_native for one in own)
    state = Public.PUBLISHED if code == table.SOURCE and total else public_state(done, stale, total)
    return FreshCell(code, state, done, total, stale, awaiting, worst, is_wanted)


def _placed(rows: list[CourseRow]) -> dict[ThingKey, int]:
    """Return to which course each live page, question and scenario belongs."""
    paths = dict(models.QuerySet(Course).filter(pk__in=[row.page for row in rows]).values_list("path", "pk"))
    kinds = {ContentType.objects.get_for_model(model).pk for model in _PAGES}
    pages = Page.objects.filter(live=True, content_type__in=kinds).values_list("content_type", "pk", "path")
    steps = len(next(iter(paths), ""))
    found = {ThingKey(kind, pk): paths[path[:steps]] for kind, pk, path in pages if path[:steps] in paths}
    for model in _PARTS:
        kind = ContentType.objects.get_for_model(model).pk
        live = models.QuerySet(model).filter(live=True).values_list("pk", "course")
        found |= {ThingKey(kind, pk): course for pk, course in live if course in paths.values()}
    return found
