"""What publishing an edit will do, before the button: shown from what is saved, nothing is written."""

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from languages.segments import extract
from languages.text import diffs
from languages.text.diffs import Piece
from training import changing, progress
from training.choices import AROUND_A_LESSON, TEST_MINUTES, ChangeReason
from training.models import Compiled, Course, Lesson, Module, Question, Scenario
from training.queries.anew import Anew, asked_anew, asked_with
from training.queries.counted import guests_in
from training.queries.course_rows import CourseRow
from training.queries.facts import Fact, countries_of, facts_changed
from training.queries.faults import faults_in
from training.queries.key_changes import KeyChange, key_changes
from training.queries.news import LastEdition, last_edition
from training.queries.offers import Gate, gate, with_contacts
from training.queries.proposals import live_of, proposal_for, read_of
from training.queries.reach import Move, Reach, Scope, moves, reach, scope
from training.queries.reach_told import Reaching, told_abroad
from training.queries.reading import courses
from training.queries.tree import homes_of
from training.queries.unasked import awaited, lessons_back, unasked_of


@dataclass(frozen=True)
class TextChange:
    """One text that is added, changed or taken out: what it was, what it will be, each paragraph in pieces."""

    kind: str
    before: list[list[Piece]]
    after: list[list[Piece]]


@dataclass(frozen=True)
class Ageing:
    """A language in which so many of the live texts go out of date."""

    language: str
    texts: int
    of: int


@dataclass(frozen=True)
class Weight:
    """A lesson with what a telephone fetches for it, in bytes."""

    heading: str
    bytes: int


@dataclass(frozen=True)
class Publishing(Reaching):
    """Everything the page shows before something is published: of a course, its gates and countries as they would be.

    `awaited` is what must be published too before anybody is asked; `is_waited_for`: changes of its parts wait for it;
    `back`: the lessons that a module brings back; it `comes_back` when it was taken off and readers get it again. `guests`
    are those who learn without an account, None for a few.
    """

    thing: models.Model
    course: CourseRow | None
    is_new: bool
    proposal: changing.Proposal
    change: str
    reasons: tuple[str, ...]
    changes: tuple[TextChange, ...]
    facts: tuple[Fact, ...]
    reach: tuple[Reach, ...]
    moves: tuple[Move, ...]
    scope: Scope
    minutes: int
    ageing: tuple[Ageing, ...]
    gates: tuple[tuple[str, tuple[Gate, ...]], ...]
    faults: tuple[str, ...]
    weights: tuple[Weight, ...]
    keys: tuple[KeyChange, ...] = ()
    awaited: str = ""
    is_waited_for: bool = False
    last: LastEdition | None = None
    back: tuple[str, ...] = ()
    comes_back: bool = False
    guests: int | None = 0

    @property
    def is_question(self) -> bool:
        """Tell whether it is a question of a test, whose answers can be marked anew afterwards."""
        return isinstance(self.thing, Question)

    @property
    def contradicted(self) -> tuple[KeyChange, ...]:
        """Return the right answers that change beside feedback that does not."""
        return tuple(one for one in self.keys if one.is_left)

    @property
    def leaves(self) -> bool:
        """Tell whether the country whose officials are counted is taken off the course."""
        return any(one.country == self.scope.country and not one.is_added for one in self.moves)


def publishing(thing: models.Model, *, at: dt.datetime, country: str = "") -> Publishing:
    """Return what publishing the saved draft of a lesson, question, story or course will do; a person of one country is told
    of her country's officials only, and that others offer the course too: how many of theirs it reaches she may not know,
    as in every report. The number of queries does not hang on how many officials there are."""
    draft, live = thing.get_latest_revision_as_object(), live_of(thing)
    had = live or read_of(thing)
    course = _course_of(thing)
    row = next(iter(courses(table.SOURCE, page=course.pk)), None) if course else None
    proposed = proposal_for(draft)
    changes = _changes(had, draft)
    change = draft.change or proposed.change  # what was chosen and kept counts, else what is proposed
    known = draft if isinstance(draft, Course) else None if row else course  # what no reader has says it by itself
    countries = countries_of(known) if known else row.countries if row else ()
    row = row and replace(row, countries=tuple(countries))
    later = awaited(draft, course)
    back = lessons_back(draft) if isinstance(draft, Module) and live is None else []
    anew, minutes = _asked(draft, live, course, change, later, back)
    reached = reach(course, countries, country, anew, at=at) if course else ()
    reached = reached if country else told_abroad(reached)
    moved = moves(live, draft, reached, country) if live and isinstance(draft, Course) else ()
    waits = change or changes or moved or (live and facts_changed(live, draft))
    aged = {path for path, one in changes if one.kind != "added"} if change != changing.WORDING else set()
    return Publishing(
        thing=draft,
        course=row,
        is_new=live is None,
        proposal=proposed,
        change=change,
        reasons=tuple(str(ChangeReason(code).label) for code in proposed.reasons),
        changes=tuple(one for _path, one in changes),
        facts=facts_changed(live, draft) if live else (),
        reach=reached,
        guests=guests_in([course.pk], country).get(course.pk, 0) if course else 0,
        moves=moved,
        scope=scope(countries, country) if course else Scope(),
        minutes=minutes,
        ageing=_ageing(had, aged) if had else (),
        gates=_gates(row, country, moved, at) if row else (),
        faults=faults_in(draft),
        weights=_weights(row) if row else (),
        last=last_edition(course.pk, country) if course and live and not waits else None,
        keys=tuple(key_changes(live, draft)) if live and not isinstance(draft, Course) else (),
        awaited=later,
        is_waited_for=isinstance(draft, Course) and bool(unasked_of(draft)),
        back=tuple(one.heading_en for one in back),
        comes_back=live is None and thing.first_published_at is not None,
    )


def _asked(
    draft: models.Model, live: models.Model | None, course: Course | None, change: str, later: str, back: list[Lesson]
) -> tuple[Anew, int]:
    """Return whom an edit asks anew, and how long it takes them; a module that comes back asks for what waits in its lessons."""
    if isinstance(draft, Module):
        return asked_with(back, course)
    minutes = draft.minutes if isinstance(draft, Lesson | Scenario) else TEST_MINUTES
    return asked_anew(live, draft, course, change, later), minutes


def _course_of(thing: models.Model) -> Course | None:
    return thing if isinstance(thing, Course) else homes_of(thing).first()


def _changes(live: models.Model | None, draft: models.Model) -> list[tuple[str, TextChange]]:
    before = {line.path: line for line in extract(live)} if live else {}
    after = {line.path: line for line in extract(draft)}
    found = []
    for path in dict.fromkeys([*after, *before]):
        old, new = before.get(path), after.get(path)
        had, gets = old.text if old else "", new.text if new else ""
        if had != gets:
            kind = "changed" if had and gets else "added" if gets else "removed"
            pieces = diffs.beside(old.paragraphs if old else (), new.paragraphs if new else ())
            found.append((path, TextChange(kind, *pieces)))
    return found


def _ageing(live: models.Model, paths: set[str]) -> tuple[Ageing, ...]:
    units = language_queries.live_units_of(live).values_list("language", "segment__path")
    all_of, stale = Counter(), Counter()
    for language, path in units:
        all_of[language] += 1
        stale[language] += path in paths
    return tuple(Ageing(table.BY_CODE[code].own, stale[code], all_of[code]) for code in table.CODES if all_of[code])


def _gates(
    row: CourseRow, country: str, moved: Iterable[Move], at: dt.datetime
) -> tuple[tuple[str, tuple[Gate, ...]], ...]:
    """Return what is missing in each country that takes the course; of one person's country, and of those that come to it."""
    places = Country.objects.filter(is_active=True, pk__in=row.countries)
    if country:
        places = places.filter(pk__in=[country, *(one.code for one in moved if one.is_added)])
    places, contacts = with_contacts(places)
    return tuple((place.name, tuple(gate(row, place, contacts[place.pk], at))) for place in places)


def _weights(row: CourseRow) -> tuple[Weight, ...]:
    """Return what each lesson weighs in the source language: its compiled words, compressed, and the page around them."""
    headings = {one.id: str(one.heading) for one in row.lessons}
    path = models.QuerySet(Course).values_list("path", flat=True).get(pk=row.page)
    found = Compiled.objects.filter(language=table.SOURCE, part="", page__path__startswith=path)
    bodies = {progress.read(body)["id"]: body for body in found.values_list("body", flat=True)}
    return tuple(
        Weight(heading, AROUND_A_LESSON + len(zlib.compress(bodies[key].encode())))
        for key, heading in headings.items()
        if key in bodies
    )
