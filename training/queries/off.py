"""What was taken off: courses with their names for who has begun them, and what stands at an address of before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.db import models
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Left, Length
from wagtail.models import Page, PageLogEntry

from languages.statements import Prepared
from training import progress
from training.models import Compiled, Course, Curriculum, Scenario
from training.queries.course_rows import CourseRow, Words
from training.queries.reading import Reader, best, chain_of, courses

LOGGED = ("wagtail.unpublish", "wagtail.unpublish.scheduled")
COURSE, MODULE, LESSON, STORY = "course", "module", "lesson", "story"


@dataclass(frozen=True)
class TakenOff:
    """What is not there any more: a course, or of a course that stands a module, lesson or story; since when, if known.

    `lesson` is the number of the lesson at the address, where one is: what was sent to it is taken in all the same.
    """

    kind: str
    course: CourseRow
    heading: Words
    since: datetime | None = None
    lesson: int | None = None


def above(steps: int) -> Left:
    """Return the path of the page so many levels above the row that is asked about."""
    return Left(OuterRef("path"), Length(OuterRef("path")) - steps * Page.steplen)


def stands_off() -> Exists:
    """Tell of a lesson whether its module or its course was taken off."""
    return Exists(Page.objects.filter(path__in=[above(1), above(2)], live=False))


def _since(page: str) -> Subquery:
    rows = PageLogEntry.objects.filter(page=OuterRef(page), action__in=LOGGED)
    return Subquery(rows.order_by("-timestamp").values("timestamp")[:1])


def courses_off(language: str, **which) -> list[CourseRow]:
    """Return courses that were taken off, as a reader of a language saw them last, in tree order; one query."""
    return _read(language, _rows(*chain_of(language)).filter(page__live=False, **which))


def courses_known(language: str, pages: Iterable[int]) -> list[CourseRow]:
    """Return courses whether they stand or were taken off, in tree order; one query."""
    keys, chain = tuple(set(pages)), chain_of(language)
    return _read(language, _statement(len(chain), len(keys)).objects(*chain, *keys)) if keys else []


def courses_of_hers(language: str, **whose) -> list[CourseRow]:
    """Return the courses that somebody has begun, whether they stand or were taken off, in tree order; one query."""
    return _read(language, _rows(*chain_of(language)).filter(**whose))


def courses_told(language: str) -> list[CourseRow]:
    """Return all courses, then those that were taken off: for reports, which tell what was done; one query."""
    return sorted(_read(language, _rows(*chain_of(language))), key=lambda row: row.is_off)


def _rows(*chain: str) -> models.QuerySet[Compiled]:
    found = Compiled.objects.filter(language__in=chain, part="", page__course__isnull=False)
    return found.annotate(is_live=F("page__live"), off_since=_since("page")).order_by("page__path")


@lru_cache(maxsize=64)
def _statement(languages: int, pages: int) -> Prepared:
    def make(*marks):
        return _rows(*marks[:languages]).filter(page__in=marks[languages:])

    return Prepared(make, *(f"language {n}" for n in range(languages)), *(-1 - n for n in range(pages)))


def _read(language: str, found: Iterable[Compiled]) -> list[CourseRow]:
    reader, rows = Reader(language), list(found)
    served = best(rows, language)
    return [_row(reader, served[page, ""]) for page in dict.fromkeys(row.page_id for row in rows)]


def _row(reader: Reader, row: Compiled) -> CourseRow:
    course = reader.course(row)
    return course if row.is_live else replace(course, is_off=True, off_since=row.off_since)


def curriculum_taken_off(root_url_path: str, components: Sequence[str]) -> Curriculum | None:
    """Return the curriculum that was taken off at an address below the site's root; None where none was. At most one query.

    `off_since` says when, if known. Its courses may stand: they are taken off by themselves.
    """
    if len(components) != 1:
        return None
    here = models.QuerySet(Curriculum).filter(url_path=f"{root_url_path}{components[0]}/", live=False)
    return here.exclude(first_published_at=None).annotate(off_since=_since("pk")).first()


def taken_off_at(root_url_path: str, components: Sequence[str], language: str) -> TakenOff | None:
    """Return what was taken off of a course at an address below the site's root; None where nothing was.

    One query where no course was ever there; at most four.
    """
    if not 2 <= len(components) <= 4:
        return None
    addresses = [f"{root_url_path}{'/'.join(components[:depth])}/" for depth in range(2, len(components) + 1)]
    course = models.QuerySet(Course).filter(url_path=addresses[0]).only("pk", "path", "live").first()
    if course is None:
        return None
    below = Page.objects.filter(url_path__in=addresses[1:]).order_by("depth").annotate(off_since=_since("pk"))
    pages = list(below) if len(addresses) > 1 else []
    is_whole = len(pages) == len(addresses) - 1
    lesson = pages[1].pk if is_whole and len(pages) == 2 and pages[1].first_published_at else None
    if not course.live:
        return _course_off(language, page=course.pk, lesson=lesson)
    off = next((one for one in pages if not one.live and one.first_published_at), None)
    row = next(iter(courses(language, page=course.pk)), None) if off and is_whole else None
    if row is None or (len(pages) == 2 and lesson is None):
        return None
    return TakenOff(MODULE if off is pages[0] else LESSON, row, _heading_of(off, language), off.off_since, lesson)


def _heading_of(page: Page, language: str) -> Words:
    """Return what a module or lesson was called: a lesson as it was compiled last, a module by its own words."""
    reader = Reader(language)
    served = best(Compiled.objects.filter(page=page.pk, part="", language__in=chain_of(language)), language)
    row = served.get((page.pk, ""))
    return reader.words(progress.read(row.body)["heading"]) if row else reader.text(page.specific.heading, "")


def _course_off(language: str, *, lesson: int | None = None, **which) -> TakenOff | None:
    row = next(iter(courses_off(language, **which)), None)
    return TakenOff(COURSE, row, row.heading, row.off_since, lesson) if row else None


def course_taken_off(key: str, language: str) -> TakenOff | None:
    """Return a course that was taken off, by its key; None where it stands, or never stood. One query."""
    return _course_off(language, page__course__key=key)


def page_taken_off(course: int, language: str) -> TakenOff | None:
    """Return the same by the number of its page."""
    return _course_off(language, page=course)


def story_taken_off(key: str, language: str) -> TakenOff | None:
    """Return a story that was taken off, or its course; None where both stand, or never stood."""
    story = models.QuerySet(Scenario).filter(key=key).exclude(first_published_at=None).first()
    if story is None:
        return None
    if whole := _course_off(language, page=story.course_id):
        return whole
    row = None if story.live else next(iter(courses(language, page=story.course_id)), None)
    return TakenOff(STORY, row, Reader(language).text(story.heading, "")) if row else None
