"""What saving a country entry will do: to whom, in which courses and languages; nothing is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from languages import queries as language_queries
from languages import table
from languages.segments import extract
from languages.text import diffs
from languages.text.diffs import Piece
from training import changing
from training.choices import REQUIRED_SLOTS, ChangeReason
from training.models import Course, Lesson, Module, Overlay, Progress
from training.queries.proposals import told_of_entry
from training.queries.tree import courses_of


@dataclass(frozen=True)
class WordsChange:
    """One text of the entry that changes: its name, what it was, what it will be, each paragraph in pieces."""

    name: str
    before: list[list[Piece]]
    after: list[list[Piece]]


@dataclass(frozen=True)
class CourseReach:
    """A course that shows the entry: in which lessons, and how many officials of its country it finds how far.

    `refreshed` of those who finished get a refresher, of so many minutes.
    """

    heading: str
    lessons: tuple[str, ...]
    under_way: int
    finished: int
    refreshed: int
    minutes: int


@dataclass(frozen=True)
class Effects:
    """Everything the page shows before an entry is saved; `ageing` are the languages in which it goes out of date.

    `closing` are the courses that nobody in its country can begin any more, since it is confirmed no more.
    """

    change: str
    proposal: changing.Proposal
    reasons: tuple[str, ...]
    changes: tuple[WordsChange, ...]
    courses: tuple[CourseReach, ...]
    ageing: tuple[str, ...]
    closing: tuple[str, ...] = ()

    @property
    def refreshed(self) -> int:
        """Return how many refreshers there will be in all."""
        return sum(one.refreshed for one in self.courses)


def entry_effects(entry: Overlay) -> Effects:
    """Return what saving an entry in hand will do: one that readers have as it is stored, or a new one.

    The number of queries does not hang on how many courses, lessons or officials there are.
    """
    before = Overlay.objects.filter(pk=entry.pk).first()
    proposed = changing.proposal(told_of_entry(before) if before else None, told_of_entry(entry))
    return Effects(
        change=entry.change,
        proposal=proposed,
        reasons=tuple(str(ChangeReason(code).label) for code in proposed.reasons),
        changes=tuple(_changes(before, entry)),
        courses=tuple(_reach(entry)),
        ageing=_ageing(before, entry) if before and entry.change != changing.WORDING else (),
        closing=tuple(_closing(before, entry)),
    )


def _closing(before: Overlay | None, entry: Overlay) -> Iterator[str]:
    """Yield the courses of its country that need an entry which would be confirmed no more."""
    if before and before.confirmed and not entry.confirmed and before.slot in REQUIRED_SLOTS:
        courses = courses_of(before).filter(countries=before.country_id).order_by("path")
        yield from courses.values_list("heading_en", flat=True)


def _changes(before: Overlay | None, entry: Overlay) -> Iterator[WordsChange]:
    old, new = _paragraphs(before) if before else {}, _paragraphs(entry)
    for name in ("text", "source", "article"):
        if old.get(name, []) != new[name]:
            label = str(Overlay._meta.get_field(name).verbose_name)
            yield WordsChange(label, *diffs.beside(old.get(name, []), new[name]))


def _paragraphs(entry: Overlay) -> dict[str, list[str]]:
    found = {line.path: line.paragraphs for line in extract(entry)}
    return {"text": [], "source": [], "article": [entry.article] if entry.article else []} | found


def _reach(entry: Overlay) -> Iterator[CourseReach]:
    """Yield the courses that show the entry to readers of its country."""
    courses = list(courses_of(entry).filter(countries=entry.country_id).order_by("path"))
    lessons = _lessons_with(entry.slot, courses)
    rows = _officials(entry.country_id, [course.pk for course in courses])
    for course in courses:
        held = lessons[course.pk]
        if held:
            asked = [one for one in held if one.required] if entry.change == changing.MATERIAL else []
            of_course = [row for row in rows if row["enrolment__course"] == course.pk]
            yield CourseReach(
                heading=course.heading_en,
                lessons=tuple(one.heading_en for one in held),
                under_way=sum(row["under_way"] for row in of_course),
                finished=sum(row["finished"] for row in of_course),
                refreshed=sum(row["finished"] for row in of_course if _is_asked(row["track"], asked)),
                minutes=sum(one.minutes for one in asked),
            )


def _lessons_with(slot: str, courses: list[Course]) -> dict[int, list[Lesson]]:
    """Return the live lessons of each course that show a slot."""
    live = tuple(models.QuerySet(Module).filter(live=True).values_list("path", flat=True))
    columns = ("path", "required", "minutes", "tracks", "heading_en", "body_en")
    pages = models.QuerySet(Lesson).filter(live=True).only(*columns).order_by("path")
    found = [page for page in pages if page.path.startswith(live) and slot in _slots(page)]
    return {course.pk: [page for page in found if page.path.startswith(course.path)] for course in courses}


def _slots(lesson: Lesson) -> set[str]:
    return {block["value"]["slot"] for block in lesson.body_en.get_prep_value() if block["type"] == "law"}


def _officials(country: str, courses: list[int]) -> list[dict]:
    """Return how many officials of a country are in progress and have finished, by course and group of readers."""
    home = Coalesce("enrolment__learner__user__country", "enrolment__learner__country")
    rows = Progress.objects.filter(enrolment__course__in=courses).annotate(home=home).filter(home=country)
    return list(
        rows.values("enrolment__course", "track").annotate(
            under_way=Count("pk", filter=Q(completed_at=None)),
            finished=Count("pk", filter=Q(completed_at__isnull=False)),
        )
    )


def _is_asked(track: str, lessons: list[Lesson]) -> bool:
    """Tell whether one of these lessons is asked of a group of readers; who chose none is asked all."""
    return any(not track or not one.tracks or track in one.tracks for one in lessons)


def _ageing(before: Overlay, entry: Overlay) -> tuple[str, ...]:
    """Return the languages, by their own names, in which a text that changes is live."""
    old, new = ({line.path: line.text for line in extract(one)} for one in (before, entry))
    changed = {path for path in old if old[path] != new.get(path)}
    units = language_queries.live_units_of(before).values_list("language", "segment__path")
    stale = Counter(language for language, path in units if path in changed)
    return tuple(table.BY_CODE[code].own for code in table.CODES if stale[code])
