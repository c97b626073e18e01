"""Questions of a file into the bank, as drafts; the dry run is `queries.plan_import`."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, models, transaction

from accounts.actions import record
from accounts.models import AuditEntry, User
from languages import actions as language_actions
from languages import queries as language_queries
from languages.choices import Origin
from languages.models import Unit
from training import question_files
from training.models import Course, Question
from training.queries.question_files import said_at
from training.queries.question_imports import (
    Plan,
    PlannedRow,
    block_written,
    is_rewritten,
    known_facts,
    plan_import,
)
from training.question_files import Place, Reading


class BankChanged(RuntimeError):
    """Raised when an import would no longer do what was confirmed, with the plan of what it would; show that one."""

    def __init__(self, plan: Plan):
        super().__init__("Somebody worked on these questions meanwhile. Look at the new report.")
        self.plan = plan


@dataclass
class Imported:
    """What an import wrote: new and changed questions by key, texts in other languages, and those that did not fit.

    `spoken`: those of the changed questions of which other languages alone changed, so that they are no drafts;
    `waiting`: the questions whose texts in other languages have no source before they are published;
    `held`: the questions that stay as they are, since somebody else has locked them or a plan has.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    translations: int = 0
    left: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


def import_questions(*, course: Course, reading: Reading, confirmed: str, by: User, at: datetime) -> Imported:
    """Write the new and the changed questions of a file as drafts, all of them or, when the bank changed, none."""
    try:
        return _import(course, reading, confirmed, by, at)
    except IntegrityError as error:  # a key was given away in another course, which is not locked, or in the editor
        plan = plan_import(course, reading, by=by)
        if plan.fingerprint == confirmed:
            raise
        raise BankChanged(plan) from error


@transaction.atomic
def _import(course: Course, reading: Reading, confirmed: str, by: User, at: datetime) -> Imported:
    models.QuerySet(Course).select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    plan = plan_import(course, reading, by=by)
    if plan.fingerprint != confirmed:
        raise BankChanged(plan)
    done, taken = Imported(held=[planned.key for planned in plan.held]), _block_ids(course)
    last = models.QuerySet(Question).filter(course=course).aggregate(last=models.Max("position"))["last"] or 0
    # By key: of two imports at once that give the same keys away the second waits for the first, whatever their order.
    placed = sorted(enumerate(plan.written, start=last + 1), key=lambda one: one[1].key)
    for position, planned in placed:
        if planned.standing is None:
            question = _draft_new(course, planned, position, by, taken)
            done.new.append(planned.key)
        else:
            question = _draft_changed(planned, by, taken)
        kept = _keep_translations(question, planned, done, by=by, at=at)
        if planned.standing is not None and (kept or not planned.is_only_texts):
            done.changed.append(planned.key)
            done.spoken += [planned.key] if planned.is_only_texts else []
    facts = {"format": reading.format, "new": len(done.new), "changed": len(done.changed)}
    record(by=by, verb="training.questions_imported", thing=f"training.course:{course.key}", at=at, **facts)
    return done


def _block_ids(course: Course) -> set[str]:
    bank = models.QuerySet(Question).filter(course=course).only("body_en")
    return {block["id"] for question in bank for block in question.body_en.get_prep_value()}


def _block(planned: PlannedRow, taken: set[str]) -> dict:
    """Return the block of a row, under an id that no other question of the course bears."""
    block = block_written(planned.row, planned.key, planned.standing)
    is_born = planned.standing is None or planned.standing.block is None
    if is_born and block["id"] in taken:  # by a question that had this key once, and has another now
        block["id"] = str(uuid.uuid4())
    return block


def _draft_new(course: Course, planned: PlannedRow, position: int, by: User, taken: set[str]) -> Question:
    facts = {"course": course, "position": position, "body_en": [_block(planned, taken)], **_columns(planned)}
    (question,) = Question.objects.bulk_create(
        [Question(key=planned.key, live=False, has_unpublished_changes=True, **facts)]
    )
    question.save_revision(user=by, clean=False)
    return question


def _draft_changed(planned: PlannedRow, by: User, taken: set[str]) -> Question:
    """Keep the file's version as the next draft of a question; what was never published is changed in its row too."""
    row, standing = planned.row, planned.standing
    if planned.is_only_texts:
        return standing.question
    # Read anew: a question that has no draft is its own draft, and the plan's row is what the report showed.
    draft = models.QuerySet(Question).get(pk=standing.question.pk).get_latest_revision_as_object()
    draft.body_en = [_block(planned, taken)]
    for name, value in _columns(planned).items():
        setattr(draft, name, value)
    if is_rewritten(row, standing):
        draft.save()
    draft.save_revision(user=by, clean=False)
    return models.QuerySet(Question).get(pk=draft.pk)


def _columns(planned: PlannedRow) -> dict[str, object]:
    facts: dict[str, object] = dict(known_facts(planned.row))
    if "critical" in facts:
        facts["critical"] = facts["critical"] == "yes"
    if "form" in facts:
        facts["form"] = int(facts["form"])
    if "tracks" in facts:
        facts["tracks"] = facts["tracks"].split(", ")
    return facts


def _keep_translations(question: Question, planned: PlannedRow, done: Imported, *, by: User, at: datetime) -> int:
    """Keep the texts in other languages as drafts, where their source stands in the bank; return how many were kept."""
    if planned.waits:
        done.waiting.append(question.key)
    if planned.waits or not planned.languages:
        return 0
    block, before = question.body_en.get_prep_value()[0], done.translations
    who = str(by.public_id)
    if not question.live:
        language_actions.refresh_segments(question, by=who, at=at)
    segments = {segment.path: segment for segment in language_queries.segments_of(question)}
    found = Unit.objects.filter(segment__in=segments.values()).select_related("segment")
    units = {Place(unit.language, unit.segment.path): unit for unit in found}
    known = {place: said_at(unit.draft, unit.live) for place, unit in units.items()}
    for place, text in question_files.texts_brought(planned.row.item, block, known):
        if segment := segments.get(place.path):
            _keep_text(segment, place.language, text, units.get(place), done, question.key, who, at)
    return done.translations - before


def _keep_text(segment, language: str, text: str, unit, done: Imported, key: str, by: str, at: datetime) -> None:
    version = unit.version if unit else 0
    told = {"segment": segment, "language": language, "text": text, "version": version, "by": by, "at": at}
    try:
        language_actions.save_target(origin=Origin.IMPORT, **told)
    except language_actions.TargetRefused:
        done.left.append(f"{key} ({language})")
    else:
        done.translations += 1


@transaction.atomic
def note_questions_exported(*, course: Course, rows: int, form: str, by: User, at: datetime) -> AuditEntry:
    """Record that somebody took the questions of a course, with their keys, out of the house."""
    thing = f"training.course:{course.key}"
    return record(by=by, verb="training.questions_exported", thing=thing, at=at, rows=rows, format=form)
