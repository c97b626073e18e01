"""What a file of questions read against a bank would do, row by row; nothing is written here."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.db import models
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from languages import table
from languages.text import listed
from training import question_files
from training.choices import Form, Objective, Track
from training.models import Course, Question
from training.queries.question_files import Standing, digest_of, standing_in, tracks_said
from training.question_files import Finding, Reading, Row
from training.question_words import RowState

LONGEST_KEY = 50
SOURCE = frozenset({table.SOURCE})
HELD = frozenset({"locked", "planned"})  # refusals of rows that may be read again once the question is free


@dataclass(frozen=True)
class PlannedRow:
    """One question of a file, and what becomes of it.

    `languages` are those of which it brings texts that the bank does not have. It `waits` where these have no source in
    the bank before what it writes is published.
    """

    row: Row
    state: str
    key: str = ""
    standing: Standing | None = None
    refusal: Finding | None = None
    notes: tuple[Finding, ...] = ()
    waits: bool = False
    languages: tuple[str, ...] = ()

    @property
    def is_written(self) -> bool:
        """Tell whether the import writes this row."""
        return self.state in {RowState.NEW, RowState.CHANGED}

    @property
    def is_only_texts(self) -> bool:
        """Tell whether a row changes texts in other languages alone, so that no draft of its question is kept."""
        return self.state == RowState.CHANGED and says_the_same(self.row, self.standing)


@dataclass(frozen=True)
class Plan:
    """What an import would do, row by row; `fingerprint` is what a person confirms."""

    rows: tuple[PlannedRow, ...]
    fingerprint: str

    def counts(self) -> dict[str, int]:
        """Return how many rows are in each state."""
        return {state: sum(planned.state == state for planned in self.rows) for state in RowState.values}

    @property
    def written(self) -> tuple[PlannedRow, ...]:
        """Return the rows that are written."""
        return tuple(planned for planned in self.rows if planned.is_written)

    @property
    def drafts(self) -> tuple[PlannedRow, ...]:
        """Return the rows whose question becomes a draft."""
        return tuple(planned for planned in self.written if not planned.is_only_texts)

    @property
    def held(self) -> tuple[PlannedRow, ...]:
        """Return the rows that are not written since the question they change is locked."""
        return tuple(planned for planned in self.rows if planned.refusal and planned.refusal.code in HELD)


def plan_import(course: Course, reading: Reading, *, by: User) -> Plan:
    """Return what an import of a file into a course by a person would do; nothing is written. A handful of queries."""
    planner = _Planner(course, reading, by)
    rows = tuple(planner.planned(row) for row in reading.rows)
    return Plan(rows, _fingerprint(course, rows))


def _fingerprint(course: Course, rows: tuple[PlannedRow, ...]) -> str:
    told = [[planned.row.line, planned.state, planned.key, *_written(planned)] for planned in rows]
    return hashlib.sha256(json.dumps([course.pk, told], sort_keys=True).encode()).hexdigest()[:32]


def _written(planned: PlannedRow) -> list:
    """Return all that a row writes, in each language and with its facts, and what it is written over."""
    if not planned.is_written:
        return []
    standing = planned.standing
    over = []
    if standing:
        texts = sorted((*place, *sorted(said)) for place, said in standing.texts.items())
        over = [standing.question.latest_revision_id, asdict(standing.item), standing.facts, texts]
    return [asdict(planned.row.item), known_facts(planned.row), over, planned.waits]


def _seen_now(standing: Iterable[Standing]) -> Iterator[tuple[str, Standing]]:
    """Yield what readers see of the questions whose draft says something else."""
    for one in standing:
        if one.question.live and one.question.has_unpublished_changes:
            digest = digest_of(question_files.item_of(one.question.body_en.get_prep_value()[0]))
            if digest != digest_of(one.item):
                yield digest, one


def _grouped(found: Iterable[tuple[str, Standing]]) -> dict[str, list[Standing]]:
    grouped: dict[str, list[Standing]] = {}
    for digest, one in found:
        grouped.setdefault(digest, []).append(one)
    return grouped


class _Planner:
    """One file against one bank: what stands by key and by hash, what the file claims, and which keys are given away.

    A question of the bank is changed by one row at most: what a row claims by its idnumber is no twin by hash of another.
    """

    def __init__(self, course: Course, reading: Reading, by: User):
        self.course, self.by = course, by
        standing = standing_in(course)
        self.by_key = {one.question.key: one for one in standing}
        self.by_digest = _grouped((digest_of(one.item), one) for one in standing)
        self.seen_now = _grouped(_seen_now(standing))
        others = models.QuerySet(Question).exclude(course=course)
        self.elsewhere = set(others.values_list("key", flat=True))
        self.taken = {row.key for row in reading.rows if row.key} | set(self.by_key) | self.elsewhere
        self.taken_up = self._taken_up(reading.rows)
        self.claimed = {row.key for row in self.taken_up.values() if row.key and not self._held_back(row)}

    def planned(self, row: Row) -> PlannedRow:
        """Return what becomes of a row."""
        if row.item is None:
            return PlannedRow(row, RowState.REFUSED, row.key, refusal=row.refusal)
        if row.key in self.elsewhere:
            return PlannedRow(row, RowState.REFUSED, row.key, refusal=Finding("key_elsewhere"))
        digest = digest_of(row.item)
        if (first := self.taken_up[digest]) is not row:
            return PlannedRow(row, RowState.REFUSED, row.key, refusal=Finding("double_question", str(first.line)))
        standing = self.by_key.get(row.key) if row.key else self._unclaimed(self.by_digest, digest)
        if standing is None:
            return self._new(row, digest)
        if says_the_same(row, standing) and not _brought(row, standing.question.key, standing):
            return PlannedRow(row, RowState.SAME, standing.question.key, standing)
        if held := self._held(row, standing):
            return PlannedRow(row, RowState.REFUSED, standing.question.key, standing, refusal=held)
        return self._to_write(row, RowState.CHANGED, standing.question.key, digest, standing)

    def _taken_up(self, rows: Iterable[Row]) -> dict[str, Row]:
        """Return the row that is taken of those that say the same: it does not hang on their order which."""
        told = [(digest_of(row.item), row) for row in rows if row.item and row.key not in self.elsewhere]
        taken_up: dict[str, Row] = {}
        for digest, row in sorted(told, key=lambda one: (self._rank(*one), one[1].key, one[1].line)):
            taken_up.setdefault(digest, row)
        return taken_up

    def _rank(self, digest: str, row: Row) -> int:
        """Return how near a row is to the bank: a question as it stands, one that stands, a new idnumber, none."""
        if row.key in self.by_key:
            return 0 if self.by_key[row.key] in self.by_digest.get(digest, ()) else 1
        return 2 if row.key else 3

    def _unclaimed(self, found: dict[str, list[Standing]], digest: str) -> Standing | None:
        return next((one for one in found.get(digest, ()) if one.question.key not in self.claimed), None)

    def _new(self, row: Row, digest: str) -> PlannedRow:
        seen = None if row.key else self._unclaimed(self.seen_now, digest)
        if seen is not None:
            return PlannedRow(row, RowState.REFUSED, refusal=Finding("seen_now", seen.question.key))
        return self._to_write(row, RowState.NEW, row.key or self._key(row, digest), digest)

    def _to_write(self, row: Row, state: str, key: str, digest: str, standing: Standing | None = None) -> PlannedRow:
        languages = _brought(row, key, standing)
        waits = bool(languages) and not _has_source(row, standing)
        notes = (*self._repeated(digest, standing), *_translations(languages, waits), *self._foreign_tracks(row))
        return PlannedRow(row, state, key, standing, notes=notes, waits=waits, languages=languages)

    def _repeated(self, digest: str, own: Standing | None) -> tuple[Finding, ...]:
        """Return which other questions of the bank say the same, in their draft or to readers."""
        found = [*self.by_digest.get(digest, ()), *self.seen_now.get(digest, ())]
        keys = [one.question.key for one in found if one is not own]
        return (Finding("repeats", listed(keys, get_language())),) if keys else ()

    def _foreign_tracks(self, row: Row) -> tuple[Finding, ...]:
        """Return which groups of readers the course does not have."""
        foreign = [code for code in tracks_of(row) if code not in self.course.tracks]
        told = [Track(code).label if code in Track.values else code for code in foreign]
        return (Finding("tracks_foreign", listed(told, get_language())),) if foreign else ()

    def _held_back(self, row: Row) -> bool:
        standing = self.by_key.get(row.key)
        return standing is not None and self._held(row, standing) is not None

    def _held(self, row: Row, standing: Standing) -> Finding | None:
        """Return why a row may write no draft of a question: somebody else has locked it, or it waits for its time."""
        lock = standing.question.get_lock()
        if lock is None or not lock.for_user(self.by) or says_the_same(row, standing):
            return None
        if standing.question.approved_schedule:
            return Finding("planned")
        return Finding("locked", str(standing.question.locked_by or _("Somebody without an account")))

    def _key(self, row: Row, digest: str) -> str:
        """Return a key for a question that came without one: of its course and name, told apart where need be."""
        stem = f"{self.course.key}-{slugify(row.name)[:24] or 'question'}".rstrip("-")[: LONGEST_KEY - 7]
        ends = ["", *(f"-{digest[at : at + 6]}" for at in range(len(digest) - 5))]
        key = next(f"{stem}{end}" for end in ends if f"{stem}{end}" not in self.taken)
        self.taken.add(key)
        return key


def says_the_same(row: Row, standing: Standing) -> bool:
    """Tell whether a row says in the source what stands, with the same facts."""
    says_same = row.item.in_languages(SOURCE) == standing.item.in_languages(SOURCE)
    return says_same and all(standing.facts.get(name) == value for name, value in known_facts(row).items())


def is_rewritten(row: Row, standing: Standing) -> bool:
    """Tell whether a question changes in the bank itself: what readers have, or had, stays there beside the new draft."""
    question = standing.question
    is_read = question.live or question.first_published_at is not None
    return not is_read and not says_the_same(row, standing)


def block_written(row: Row, key: str, standing: Standing | None) -> dict:
    """Return the block that a row makes of its question, over what stands."""
    stored = next(iter(standing.question.body_en.get_prep_value()), None) if standing else None
    return question_files.block_of(row.item, key, standing.block if standing else None, stored)


def _brought(row: Row, key: str, standing: Standing | None) -> tuple[str, ...]:
    """Return in which other languages a row brings texts that its question does not have, in the order of the table."""
    if SOURCE.issuperset(row.item.languages):
        return ()
    is_stored = standing and not is_rewritten(row, standing) and _has_source(row, standing)
    block = standing.question.body_en.get_prep_value()[0] if is_stored else block_written(row, key, standing)
    known = standing.texts if standing else {}
    found = {place.language for place, _text in question_files.texts_brought(row.item, block, known)}
    return tuple(code for code in table.CODES if code in found)


def _has_source(row: Row, standing: Standing | None) -> bool:
    """Tell whether the bank itself, and no draft alone, will say what a row does: to that its other languages belong."""
    if standing is None or is_rewritten(row, standing):
        return True
    stored = standing.question.body_en.get_prep_value()
    return bool(stored) and question_files.item_of(stored[0]).in_languages(SOURCE) == row.item.in_languages(SOURCE)


def known_facts(row: Row) -> dict[str, str]:
    """Return the facts of a row that the bank can keep."""
    facts = {}
    if row.facts.get("objective") in Objective.values:
        facts["objective"] = row.facts["objective"]
    if "critical" in row.facts:
        facts["critical"] = row.facts["critical"]
    if row.facts.get("form") in {str(form) for form in Form.values}:
        facts["form"] = row.facts["form"]
    if listed := tracks_said(tracks_of(row)):
        facts["tracks"] = listed
    return facts


def tracks_of(row: Row) -> list[str]:
    """Return the groups of readers that a row of a file names."""
    return [code.strip() for code in row.facts.get("tracks", "").split(",") if code.strip()]


def _translations(languages: tuple[str, ...], waits: bool) -> tuple[Finding, ...]:
    """Return in which other languages a row brings texts, or has some that wait."""
    code = "translations_wait" if waits else "translations"
    return (Finding(code, listed(languages, get_language())),) if languages else ()


def all_notes(planned: PlannedRow) -> tuple[Finding, ...]:
    """Return what is told about a row besides its state."""
    return (*planned.row.notes, *planned.notes) if planned.is_written else planned.notes
