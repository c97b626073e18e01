"""The bank as files see it: its questions as items, and what a file read against it would do."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import slugify

from languages import table
from languages.models import Unit
from training import question_files
from training.choices import Form, Objective, Track
from training.models import Course, Question
from training.question_files import Finding, Item, Outgoing, Reading, Row
from training.question_words import RowState

LONGEST_KEY = 50


@dataclass(frozen=True)
class Standing:
    """A question of the bank as it was last written: its block, its item with all its languages, its facts."""

    question: Question
    block: dict
    item: Item
    facts: dict[str, str]


@dataclass(frozen=True)
class PlannedRow:
    """One question of a file, and what becomes of it; `facts` are only those that the file says and the bank can keep."""

    row: Row
    state: str
    key: str = ""
    standing: Standing | None = None
    refusal: Finding | None = None
    notes: tuple[Finding, ...] = ()

    @property
    def is_written(self) -> bool:
        """Tell whether the import writes this row."""
        return self.state in {RowState.NEW, RowState.CHANGED}


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


def courses_with_bank():
    """Return the courses, each with how many questions it has and how many of them are published."""
    live = models.Count("questions", filter=models.Q(questions__live=True))
    return models.QuerySet(Course).annotate(bank=models.Count("questions"), asked=live).order_by("path")


def standing_in(course: Course) -> list[Standing]:
    """Return every question of a course as it was last written, drafts too; a few queries, whatever their number."""
    questions = list(models.QuerySet(Question).filter(course=course).select_related("latest_revision"))
    texts = _texts(questions, live_only=False)
    return [_standing(question, texts.get(question.pk, {})) for question in questions if question.body_en]


def _standing(question: Question, texts: dict) -> Standing:
    drafted = question.latest_revision.content if question.latest_revision and question.has_unpublished_changes else {}
    body = json.loads(drafted["body_en"]) if drafted.get("body_en") else question.body_en.get_prep_value()
    drafted = {
        name: drafted.get(name, getattr(question, name)) for name in ("objective", "critical", "form", "tracks")
    }
    return Standing(question, body[0], question_files.item_of(body[0], texts), _said(**drafted))


def _said(objective: str, critical: bool, form: int, tracks: Collection[str]) -> dict[str, str]:
    """Return what the bank knows of a question besides its words, as a file says it."""
    told = {"objective": objective, "critical": "yes" if critical else "no", "form": str(form)}
    return told | {"tracks": _listed(tracks)}


def _listed(tracks: Iterable[str]) -> str:
    return ", ".join(code for code in Track.values if code in tracks)


def _texts(questions: Collection[Question], *, live_only: bool) -> dict[int, dict[str, dict[str, str]]]:
    """Return the texts of questions in other languages: question → language → path → words."""
    kind = ContentType.objects.get_for_model(Question)
    units = Unit.objects.filter(content_type=kind, object_id__in=[question.pk for question in questions])
    rows = units.filter(is_retired=False, segment__retired_at=None).order_by()
    found: dict[int, dict[str, dict[str, str]]] = {}
    for pk, language, path, draft, live in rows.values_list("object_id", "language", "segment__path", "draft", "live"):
        if words := live if live_only else draft or live:
            found.setdefault(pk, {}).setdefault(language, {})[path] = words
    return found


def outgoing(course: Course, *, translated: bool) -> list[Outgoing]:
    """Return the published questions of a course as they go out, with what readers see in other languages if wanted."""
    questions = list(models.QuerySet(Question).filter(course=course, live=True).order_by("position", "key"))
    texts = _texts(questions, live_only=True) if translated else {}
    return [_outgoing(course, question, texts.get(question.pk, {})) for question in questions]


def _outgoing(course: Course, question: Question, texts: dict) -> Outgoing:
    item = question_files.item_of(question.body_en.get_prep_value()[0], texts)
    facts = _said(question.objective, question.critical, question.form, question.tracks)
    return Outgoing(question.key, item, course.key, facts)


def plan_import(course: Course, reading: Reading) -> Plan:
    """Return what an import of a file into a course would do; nothing is written. A handful of queries."""
    planner = _Planner(course, reading)
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
    over = [standing.question.latest_revision_id, asdict(standing.item), standing.facts] if standing else []
    return [asdict(planned.row.item), known_facts(planned.row), over]


def digest_of(item: Item) -> str:
    """Return the hash by which a question without idnumber is known again: what it says in the source, and its key."""
    source = item.in_languages({table.SOURCE})
    parts = [[*part.text.values(), *part.match.values(), part.right, *part.feedback.values()] for part in source.parts]
    told = [item.kind, [list(words.values()) for words in source.told()[:5]], parts, item.answer, item.tolerance]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


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

    def __init__(self, course: Course, reading: Reading):
        self.course = course
        standing = standing_in(course)
        self.by_key = {one.question.key: one for one in standing}
        self.by_digest = _grouped((digest_of(one.item), one) for one in standing)
        self.seen_now = _grouped(_seen_now(standing))
        others = models.QuerySet(Question).exclude(course=course)
        self.elsewhere = set(others.values_list("key", flat=True))
        self.taken = {row.key for row in reading.rows if row.key} | set(self.by_key) | self.elsewhere
        self.taken_up = self._taken_up(reading.rows)
        self.claimed = {row.key for row in self.taken_up.values() if row.key}

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
        if self._is_same(row, standing):
            return PlannedRow(row, RowState.SAME, standing.question.key, standing)
        is_new = not standing.question.live or digest == digest_of(standing.item)
        notes = self._notes(row, digest, standing, is_new=is_new)
        return PlannedRow(row, RowState.CHANGED, standing.question.key, standing, notes=notes)

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
        notes = self._notes(row, digest, None, is_new=True)
        return PlannedRow(row, RowState.NEW, row.key or self._key(row, digest), notes=notes)

    def _repeated(self, digest: str, own: Standing | None) -> tuple[Finding, ...]:
        """Return which other questions of the bank say the same, in their draft or to readers."""
        found = [*self.by_digest.get(digest, ()), *self.seen_now.get(digest, ())]
        keys = ", ".join(one.question.key for one in found if one is not own)
        return (Finding("repeats", keys),) if keys else ()

    def _notes(self, row: Row, digest: str, own: Standing | None, *, is_new: bool) -> tuple[Finding, ...]:
        foreign = [code for code in tracks_of(row) if code not in self.course.tracks]
        told = ", ".join(str(Track(code).label) if code in Track.values else code for code in foreign)
        repeated = self._repeated(digest, own)
        return (*repeated, *_translations(row, is_new=is_new), *([Finding("tracks_foreign", told)] if foreign else []))

    def _is_same(self, row: Row, standing: Standing) -> bool:
        spoken = {table.SOURCE, *row.item.languages}
        facts = known_facts(row)
        says_same = row.item.in_languages(spoken) == standing.item.in_languages(spoken)
        return says_same and all(standing.facts.get(name) == value for name, value in facts.items())

    def _key(self, row: Row, digest: str) -> str:
        """Return a key for a question that came without one: of its course and name, told apart where need be."""
        stem = f"{self.course.key}-{slugify(row.name)[:24] or 'question'}".rstrip("-")[: LONGEST_KEY - 7]
        ends = ["", *(f"-{digest[at : at + 6]}" for at in range(len(digest) - 5))]
        key = next(f"{stem}{end}" for end in ends if f"{stem}{end}" not in self.taken)
        self.taken.add(key)
        return key


def known_facts(row: Row) -> dict[str, str]:
    """Return the facts of a row that the bank can keep."""
    facts = {}
    if row.facts.get("objective") in Objective.values:
        facts["objective"] = row.facts["objective"]
    if "critical" in row.facts:
        facts["critical"] = row.facts["critical"]
    if row.facts.get("form") in {str(form) for form in Form.values}:
        facts["form"] = row.facts["form"]
    if listed := _listed(tracks_of(row)):
        facts["tracks"] = listed
    return facts


def tracks_of(row: Row) -> list[str]:
    """Return the groups of readers that a row of a file names."""
    return [code.strip() for code in row.facts.get("tracks", "").split(",") if code.strip()]


def _translations(row: Row, *, is_new: bool) -> tuple[Finding, ...]:
    others = ", ".join(code for code in row.item.languages if code != table.SOURCE)
    return (Finding("translations" if is_new else "translations_wait", others),) if others else ()


def all_notes(planned: PlannedRow) -> tuple[Finding, ...]:
    """Return what is told about a row besides its state."""
    return (*planned.row.notes, *planned.notes) if planned.is_written else planned.notes
