"""What saving or deleting a country entry will do: to whom, in which courses and languages; nothing is written."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from languages import queries as language_queries
from languages import table
from languages.segments import extract
from languages.text import diffs
from languages.text.diffs import Piece
from training import changing, progress
from training.choices import REQUIRED_SLOTS, ChangeReason
from training.models import Course, CourseVersion, Lesson, Module, Overlay, UnaskedChange
from training.queries.counted import FINISHED, certified_in, guests_in, officials_in
from training.queries.entries import is_shown, law_before, seen_in, seen_instead
from training.queries.proposals import proposal_for_entry, told_of_entry
from training.queries.reach_told import Reaching, told_abroad
from training.queries.said import kept_text, said_by
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

    `refreshed` get a refresher, of so many minutes: of those who finished, and `certified` who have completion alone.
    `guests` are those who learn it without an account, None for a few. None of the others is a number that is not told.
    """

    heading: str
    lessons: tuple[str, ...]
    under_way: int | None
    finished: int | None
    refreshed: int | None
    minutes: int
    certified: int = 0
    guests: int | None = 0


class _Group(NamedTuple):
    """The officials of a course who are of one group of readers."""

    course: int
    track: str
    under_way: int
    finished: int
    certified: int


@dataclass(frozen=True)
class Effects(Reaching):
    """Everything the page shows before an entry is saved; `ageing` are the languages in which it goes out of date, `again`
    those in which it is up to date once more.

    `closing` are the courses that nobody in its country can begin any more, since it is confirmed no more; `is_met` tells
    whether readers are shown what stands there, before or then.
    """

    change: str
    proposal: changing.Proposal
    reasons: tuple[str, ...]
    changes: tuple[WordsChange, ...]
    is_met: bool
    reach: tuple[CourseReach, ...]
    ageing: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    is_translated: bool = False
    closing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deletion(Reaching):
    """Everything the page shows before an entry is deleted: who reads it and where, and what goes.

    `instead` is what readers see then, None where they have nothing; `going` are the languages whose translations go with
    it, `lacking` those of them in which what is read instead has none; `is_met` as in `Effects`.
    """

    instead: Overlay | None
    is_met: bool
    reach: tuple[CourseReach, ...]
    changes: tuple[WordsChange, ...]
    going: tuple[str, ...]
    lacking: tuple[str, ...]


def entry_effects(entry: Overlay, *, at: dt.datetime, is_own: bool = True) -> Effects:
    """Return what saving an entry in hand will do: one that readers have as it is stored, or a new one.

    Who is not of its country is told no small numbers of it.

    The number of queries does not hang on how many lessons or officials there are, nor on how many courses: one more is
    asked for each course that has nothing in the slot, for what stood there once.
    """
    before = Overlay.objects.filter(pk=entry.pk).first()
    stood = before or seen_instead(entry)
    is_met = is_shown(stood) or is_shown(entry)
    reach = _met(_reach(entry, entry, at), is_met)
    proposed = proposal_for_entry(entry, told_of_entry(before) if before else None)
    return Effects(
        change=entry.change,
        proposal=proposed,
        reasons=tuple(str(ChangeReason(code).label) for code in proposed.reasons),
        changes=tuple(_changes(stood, entry)),
        is_met=is_met,
        reach=reach if is_own else told_abroad(reach),
        closing=tuple(_closing(before, entry)),
        **(_translated(entry, entry.change) if before else {}),
    )


def deletion(entry: Overlay, *, at: dt.datetime, is_own: bool = True) -> Deletion:
    """Return what deleting an entry as it is stored does; who is not of its country is told no small numbers of it.

    The number of queries hangs on no number of lessons, officials or courses.
    """
    instead = seen_instead(entry)
    is_met = is_shown(entry) or is_shown(instead)
    reach, going = _met(_reach(entry, instead, at), is_met), _live_in(entry)
    left = _live_in(instead) if instead else ()
    return Deletion(
        instead=instead,
        is_met=is_met,
        reach=reach if is_own else told_abroad(reach),
        changes=tuple(_changes(entry, instead)),
        going=_by_own_names(going),
        lacking=_by_own_names(code for code in going if instead and code not in left),
    )


def _closing(before: Overlay | None, entry: Overlay) -> Iterator[str]:
    """Yield the courses of its country that need an entry which would be confirmed no more."""
    seen, shown = before or seen_instead(entry), before or entry
    if seen and seen.confirmed and not is_shown(entry) and seen.slot in REQUIRED_SLOTS:
        courses = courses_of(shown).filter(countries=shown.country_id).order_by("path")
        yield from (one.heading_en for one in seen_in(shown, courses))


def missed_without(gone: Sequence[Overlay]) -> list[Overlay]:
    """Return which of the entries that would be deleted are confirmed, and shown or needed in a live course of their country
    where no confirmed one says the same once they are all gone."""
    rows = models.QuerySet(Overlay).filter(pk__in=[entry.pk for entry in gone], confirmed=True).order_by("pk")
    return [entry for entry in rows if not _is_behind(entry, gone) and _is_missed(entry)]


def _is_behind(entry: Overlay, gone: Sequence[Overlay]) -> bool:
    behind = seen_instead(entry)
    return bool(behind and behind.confirmed and behind not in gone and said_by(behind) == said_by(entry))


def _is_missed(entry: Overlay) -> bool:
    courses = seen_in(entry, courses_of(entry).filter(countries=entry.country_id))
    return bool(courses) and (entry.slot in REQUIRED_SLOTS or any(_lessons_with(entry.slot, courses).values()))


def _changes(before: Overlay | None, after: Overlay | None) -> Iterator[WordsChange]:
    """Yield what changes in what readers are shown."""
    old, new = (_paragraphs(one) if is_shown(one) else {} for one in (before, after))
    for name in ("text", "source_kind", "source", "article"):
        if old.get(name, []) != new.get(name, []):
            label = str(Overlay._meta.get_field(name).verbose_name)
            yield WordsChange(label, *diffs.beside(old.get(name, []), new.get(name, [])))


def _paragraphs(entry: Overlay) -> dict[str, list[str]]:
    found = {line.path: line.paragraphs for line in extract(entry)}
    told = {"source_kind": [str(entry.get_source_kind_display())], "article": [entry.article] if entry.article else []}
    return {"text": [], "source": []} | told | found


def _reach(entry: Overlay, after: Overlay | None, at: dt.datetime) -> Iterator[CourseReach]:
    """Yield the courses that show the entry to readers of its country; `after` is what stands in its place then."""
    courses = seen_in(entry, courses_of(entry).filter(countries=entry.country_id).order_by("path"))
    lessons, keys = _lessons_with(entry.slot, courses), [course.pk for course in courses]
    asking, groups = _asking(after, keys) if after else set(), _officials(entry.country_id, keys, at)
    guests = guests_in(keys, entry.country_id)
    for course in courses:
        held = lessons[course.pk]
        if held:
            asked = [one for one in held if one.required] if course.pk in asking else []
            of_course = [group for group in groups if group.course == course.pk]
            hers = [group for group in of_course if _is_asked(group.track, asked)]
            yield CourseReach(
                heading=course.heading_en,
                lessons=tuple(one.heading_en for one in held),
                under_way=sum(group.under_way for group in of_course),
                finished=sum(group.finished for group in of_course),
                refreshed=sum(group.finished + group.certified for group in hers),
                minutes=sum(one.minutes for one in asked),
                certified=sum(group.certified for group in hers),
                guests=guests.get(course.pk, 0),
            )


def _met(reach: Iterable[CourseReach], is_met: bool) -> tuple[CourseReach, ...]:
    """Return the courses whose readers are shown what stands there, or that ask anew; where it is not shown, only these."""
    return tuple(one for one in reach if is_met or one.minutes or one.refreshed)


def _asking(entry: Overlay, courses: list[int]) -> set[int]:
    """Return the courses in which the edition that follows asks anew: it is material, or what was so waits, and it says
    something else than readers had, as `Numbers` judges it; in a first edition nobody is asked. Two queries."""
    what = f"{entry.country_id}:{entry.slot}"
    waiting = UnaskedChange.objects.filter(course__in=courses, country=entry.country_id, what=what)
    named = set(courses if entry.change == changing.MATERIAL else waiting.values_list("course", flat=True))
    chain = CourseVersion.objects.filter(course=OuterRef("course"), country=entry.country_id).order_by("-number")
    last = CourseVersion.objects.filter(
        course__in=named, country=entry.country_id, pk=Subquery(chain.values("pk")[:1])
    )
    said, _text = kept_text(said_by(entry))
    return {one.course_id for one in last if law_before(one, progress.read(one.body), entry.slot) != said}


def _lessons_with(slot: str, courses: list[Course]) -> dict[int, list[Lesson]]:
    """Return the live lessons of each course that show a slot."""
    live = tuple(models.QuerySet(Module).filter(live=True).values_list("path", flat=True))
    columns = ("path", "required", "minutes", "tracks", "heading_en", "body_en")
    pages = models.QuerySet(Lesson).filter(live=True).only(*columns).order_by("path")
    found = [page for page in pages if page.path.startswith(live) and slot in _slots(page)]
    return {course.pk: [page for page in found if page.path.startswith(course.path)] for course in courses}


def _slots(lesson: Lesson) -> set[str]:
    return {block["value"]["slot"] for block in lesson.body_en.get_prep_value() if block["type"] == "law"}


def _officials(country: str, courses: list[int], at: dt.datetime) -> list[_Group]:
    """Return how many officials of a country are in progress, have finished, and have completion alone; two queries."""
    rows, place = officials_in(courses).filter(home=country).order_by(), ("enrolment__course", "track")
    asked = certified_in(rows, at).values_list(*place).annotate(many=Count("pk"))
    certified = {(course, track): many for course, track, many in asked}
    found = rows.values_list(*place).annotate(
        under_way=Count("pk", filter=Q(completed_at=None)), finished=Count("pk", filter=FINISHED)
    )
    return [_Group(*numbers, certified.get(numbers[:2], 0)) for numbers in found]


def _is_asked(track: str, lessons: list[Lesson]) -> bool:
    """Tell whether one of these lessons is asked of a group of readers; who chose none is asked all."""
    return any(not track or not one.tracks or track in one.tracks for one in lessons)


def _translated(entry: Overlay, change: str) -> dict[str, object]:
    """Return in which languages, by their own names, an entry goes out of date or is current again, and whether any has it."""
    found, _new = language_queries.foretold(entry, change)

    def own(name: str) -> tuple[str, ...]:
        return _by_own_names(one.language for one in found if getattr(one, name))

    return {"ageing": own("ageing"), "again": own("again"), "is_translated": bool(found)}


def _live_in(entry: Overlay) -> tuple[str, ...]:
    found, _new = language_queries.foretold(entry, entry.change)
    return tuple(one.language for one in found if one.live)


def _by_own_names(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(table.BY_CODE[code].own for code in codes)
