"""What publishing an edit will do, before the button: shown from what is saved, nothing is written."""

import datetime as dt
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from training import changing, progress
from training.choices import AROUND_A_LESSON, TEST_MINUTES, ChangeReason
from training.models import Compiled, Course, Curriculum, Lesson, Module, Question, Scenario
from training.queries.anew import Anew, asked_anew, asked_with
from training.queries.counted import guests_in
from training.queries.course_rows import CourseRow
from training.queries.differences import Change, changes
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
class Ageing:
    """A language in which so many of the live texts go out of date, and so many that are out of date are current again."""

    language: str
    texts: int
    of: int
    again: int


@dataclass(frozen=True)
class Weight:
    """A lesson with what a telephone fetches for it, in bytes."""

    heading: str
    bytes: int


@dataclass(frozen=True)
class Publishing(Reaching):
    """Everything the page shows before something is published: of a course, its gates and countries as they would be.

    `untranslated` is how many texts are new, so that no translation goes with them;
    `awaited` is what must be published too before anybody is asked; `is_waited_for`: changes of its parts wait for it;
    `back`: the lessons that a module brings back; it `comes_back` when it was taken off and readers get it again. `guests`
    are those who learn without an account, None for a few.
    """

    thing: models.Model
    is_new: bool
    proposal: changing.Proposal
    change: str
    reasons: tuple[str, ...]
    changes: tuple[Change, ...]
    facts: tuple[Fact, ...]
    minutes: int
    ageing: tuple[Ageing, ...]
    untranslated: int
    faults: tuple[str, ...]
    keys: tuple[KeyChange, ...]
    awaited: str
    is_waited_for: bool
    back: tuple[str, ...]
    comes_back: bool
    course: CourseRow | None = None
    reach: tuple[Reach, ...] = ()
    moves: tuple[Move, ...] = ()
    scope: Scope = Scope()
    guests: int | None = 0
    gates: tuple[tuple[str, tuple[Gate, ...]], ...] = ()
    weights: tuple[Weight, ...] = ()
    last: LastEdition | None = None

    @property
    def is_question(self) -> bool:
        """Tell whether it is a question of a test, whose answers can be marked anew afterwards."""
        return isinstance(self.thing, Question)

    @property
    def renews(self) -> bool:
        """Tell whether a translation that is out of date is current again, since its words are taken back."""
        return any(one.again for one in self.ageing)

    @property
    def contradicted(self) -> tuple[KeyChange, ...]:
        """Return the right answers that change beside feedback that does not."""
        return tuple(one for one in self.keys if one.is_left)

    @property
    def leaves(self) -> bool:
        """Tell whether the country whose officials are counted is taken off the course."""
        return any(one.country == self.scope.country and not one.is_added for one in self.moves)


@dataclass(frozen=True)
class _Edit:
    """A saved draft beside what readers have, or had: what it says otherwise, whom it asks anew and how long that takes."""

    thing: models.Model
    draft: models.Model
    live: models.Model | None
    had: models.Model | None
    course: Course | None
    proposal: changing.Proposal
    changes: tuple[Change, ...]
    awaited: str
    back: list[Lesson]

    @property
    def change(self) -> str:
        """Return its kind: what was chosen and kept counts, else what is proposed."""
        return self.draft.change or self.proposal.change

    def is_of(self, kind: type[models.Model]) -> bool:
        """Tell whether it is of a kind of thing."""
        return isinstance(self.draft, kind)


def publishing(thing: models.Model, *, at: dt.datetime, country: str = "") -> Publishing:
    """Return what publishing the saved draft of a lesson, question, story or course will do; a person of one country is told
    of her country's officials only, and that others offer the course too: how many of theirs it reaches she may not know,
    as in every report. The number of queries does not hang on how many officials there are."""
    edit = _edit_of(thing)
    anew, minutes = _asked(edit)
    found = _by_itself(edit, minutes)
    return _for_readers(found, edit, anew, country, at) if edit.course else found


def _edit_of(thing: models.Model) -> _Edit:
    draft, live, course = thing.get_latest_revision_as_object(), live_of(thing), _course_of(thing)
    had = live or read_of(thing)
    back = lessons_back(draft) if isinstance(draft, Module) and live is None else []
    return _Edit(
        thing, draft, live, had, course, proposal_for(draft), changes(had, draft), awaited(draft, course), back
    )


def _asked(edit: _Edit) -> tuple[Anew, int]:
    """Return whom an edit asks anew, and how long it takes them; a module that comes back asks for what waits in its lessons."""
    if edit.is_of(Module):
        return asked_with(edit.back, edit.course)
    minutes = edit.draft.minutes if edit.is_of(Lesson | Scenario) else TEST_MINUTES
    return asked_anew(edit.live, edit.draft, edit.course, edit.change, edit.awaited), minutes


def _by_itself(edit: _Edit, minutes: int) -> Publishing:
    """Return what an edit does to the thing and its texts, whoever reads them."""
    draft, live = edit.draft, edit.live
    languages, new = language_queries.foretold(draft, edit.change)
    return Publishing(
        thing=draft,
        is_new=live is None,
        proposal=edit.proposal,
        change=edit.change,
        reasons=tuple(str(ChangeReason(code).label) for code in edit.proposal.reasons),
        changes=edit.changes,
        facts=facts_changed(edit.had, draft) if edit.had else (),
        minutes=minutes,
        ageing=tuple(Ageing(table.BY_CODE[one.language].own, one.ageing, one.live, one.again) for one in languages),
        untranslated=new,
        faults=faults_in(draft),
        keys=tuple(key_changes(edit.had, draft)) if edit.had and not edit.is_of(Course) else (),
        awaited=edit.awaited,
        is_waited_for=edit.is_of(Course) and bool(unasked_of(draft)),
        back=tuple(one.heading_en for one in edit.back),
        comes_back=live is None and edit.thing.first_published_at is not None,
    )


def _for_readers(found: Publishing, edit: _Edit, anew: Anew, country: str, at: dt.datetime) -> Publishing:
    """Return what an edit does, with the readers of its course: whom it reaches, what countries get and what phones fetch."""
    course, (row, countries) = edit.course, _offered(edit)
    reached = reach(course, countries, country, anew, at=at)
    reached = reached if country else told_abroad(reached)
    moved = moves(edit.live, edit.draft, reached, country) if edit.live and edit.is_of(Course) else ()
    waits = found.change or found.changes or found.facts or moved
    return replace(
        found,
        course=row,
        reach=reached,
        moves=moved,
        scope=scope(countries, country),
        guests=guests_in([course.pk], country).get(course.pk, 0),
        gates=_gates(row, country, moved, at) if row else (),
        weights=_weights(row) if row else (),
        last=last_edition(course.pk, country) if edit.live and not waits else None,
    )


def _offered(edit: _Edit) -> tuple[CourseRow | None, list[str]]:
    """Return the course of an edit as readers have it, and its countries; what no reader has says them by itself."""
    row = next(iter(courses(table.SOURCE, page=edit.course.pk)), None)
    if edit.is_of(Course) or row is None:
        countries = countries_of(edit.draft if edit.is_of(Course) else edit.course)
    else:
        countries = row.countries
    return row and replace(row, countries=tuple(countries)), countries


def _course_of(thing: models.Model) -> Course | None:
    """Return the course of a thing; None of a curriculum, whose words stand above all of its courses."""
    if isinstance(thing, Course | Curriculum):
        return thing if isinstance(thing, Course) else None
    return homes_of(thing).first()


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
