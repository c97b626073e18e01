"""Edits of a pathway's working copy. Each names itself, voids both signatures, and brings the segments in line."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import actions as accounts
from accounts.models import User
from languages import actions as languages
from languages import table
from languages.columns import translated_fields
from referral.choices import FORMS
from referral.models import (
    EscalationRule,
    Fact,
    FactChoice,
    Pathway,
    PathwayEdit,
    PathwayPart,
    PathwayRole,
    Signature,
    Step,
    StepWindow,
    Transition,
)
from referral.queries.compiling import compiled_draft, next_number
from referral.queries.publishing import is_edited, latest_version

# The version that undone edits go into: none.
UNDONE = 0
WORDED = (Pathway, Step, PathwayRole, Fact, FactChoice)


class PathwayChangedMeanwhile(Exception):
    """Raised when somebody else edited the pathway since the form was opened; compare and decide again."""


class StepStillUsed(Exception):
    """Raised when a step that ways lead to shall go; lead the ways elsewhere first."""


def pathway_of(part: models.Model) -> Pathway:
    """Return the pathway that a row of a working copy belongs to."""
    if isinstance(part, Pathway):
        return part
    if isinstance(part, EscalationRule | StepWindow):
        return part.step.pathway
    return part.fact.pathway if isinstance(part, FactChoice) else part.pathway


@transaction.atomic
def note_edit(
    *, pathway: Pathway, thing: models.Model, fields: Iterable[str], by: User | str, at: dt.datetime, seen: int | None
) -> PathwayEdit:
    """Number an edit, void the live signatures, record it. Refuse one made on a stale form."""
    row = Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)
    if seen is not None and seen != row.edit_number:
        raise PathwayChangedMeanwhile(_who_was_quicker(row, seen, by))
    Pathway.objects.filter(pk=row.pk).update(edit_number=F("edit_number") + 1, edited_at=at)
    pathway.edit_number, pathway.edited_at = row.edit_number + 1, at
    Signature.objects.filter(pathway=row, voided_at=None).update(voided_at=at)
    names = sorted(fields)
    accounts.record(
        by=by, verb="referral.pathway_edited", thing=pathway, at=at, country=row.country_id or "",
        part=accounts.thing_id(thing), fields=names,
    )  # fmt: skip
    return PathwayEdit.objects.create(
        pathway=row,
        edit_number=row.edit_number + 1,
        by=accounts.actor_id(by),
        at=at,
        thing=accounts.thing_id(thing),
        fields=" ".join(names)[:200],
        version_number=next_number(row),
    )


def _who_was_quicker(pathway: Pathway, seen: int, by: User | str) -> str:
    """Return what is said to whom an edit overtook: her own, made in another window, or somebody else's."""
    since = PathwayEdit.objects.filter(pathway=pathway, edit_number__gt=seen)
    if since.exists() and not since.exclude(by=accounts.actor_id(by)).exists():
        return _("You edited this pathway meanwhile, in another window. Compare, and save again.")
    return _("Somebody else edited this pathway meanwhile. Compare, and save again.")


def _leave_out_undone(pathway: Pathway) -> None:
    """Forget who edited, once the working copy is the published text again: none of it goes into what is signed next."""
    row = Pathway.objects.select_related("country").get(pk=pathway.pk)
    body, latest = compiled_draft(row), latest_version(row)
    if latest is not None and not is_edited(body, latest):
        PathwayEdit.objects.filter(pathway=row, version_number=body["version"]).update(version_number=UNDONE)


@transaction.atomic
def save_part(
    *, part: models.Model, changes: Mapping[str, Any], by: User | str, at: dt.datetime, change: str = "",
    seen: int | None = None,
) -> list[str]:  # fmt: skip
    """Change fields of a row of the working copy; return the names of those that differ. Words in the source only."""
    kept = type(part)._default_manager.get(pk=part.pk)
    differing = {name: value for name, value in changes.items() if getattr(kept, name) != value}
    if not differing:
        return []
    for name, value in differing.items():
        setattr(part, name, value)
    part.full_clean(exclude=_translations(part))
    part.save()
    note_edit(pathway=pathway_of(part), thing=part, fields=differing, by=by, at=at, seen=seen)
    follow_words(part, change=change, by=by, at=at)
    _leave_out_undone(pathway_of(part))
    return sorted(differing)


@transaction.atomic
def add_part(*, part: models.Model, by: User | str, at: dt.datetime, seen: int | None = None) -> models.Model:
    """Add a row to the working copy: a step, way, role, fact, choice, escalation or window."""
    part.full_clean(exclude=_translations(part))
    part.save()
    note_edit(pathway=pathway_of(part), thing=part, fields=["added"], by=by, at=at, seen=seen)
    follow_words(part, by=by, at=at)
    _leave_out_undone(pathway_of(part))
    return part


@transaction.atomic
def remove_part(*, part: models.Model, by: User | str, at: dt.datetime, seen: int | None = None) -> None:
    """Take a row out of the working copy."""
    if isinstance(part, Step) and part.ways_in.exists():
        raise StepStillUsed(_("Ways lead to this step. Lead them elsewhere first."))
    note_edit(pathway=pathway_of(part), thing=part, fields=["removed"], by=by, at=at, seen=seen)
    if isinstance(part, WORDED):
        languages.retire_segments(part, at=at)
    pathway = pathway_of(part)
    part.delete()
    _leave_out_undone(pathway)


@transaction.atomic
def set_rows(*, step: Step, model: type, rows: list[Mapping[str, Any]], by, at: dt.datetime, seen=None) -> bool:
    """Replace a step's escalations or windows by what a form gave; tell whether anything differs."""
    names = [field.name for field in model._meta.fields if field.name not in {"id", "step", "position"}]
    kept = [{name: getattr(row, name) for name in names} for row in model.objects.filter(step=step)]
    wanted = [{name: row.get(name, model._meta.get_field(name).get_default()) for name in names} for row in rows]
    if kept == wanted:
        return False
    model.objects.filter(step=step).delete()
    for row in wanted:
        made = model(step=step, **row)
        made.full_clean()
        made.save()
    note_edit(pathway=step.pathway, thing=step, fields=[model._meta.model_name], by=by, at=at, seen=seen)
    _leave_out_undone(step.pathway)
    return True


@transaction.atomic
def set_ways(*, step: Step, rows: list[Mapping[str, Any]], by, at: dt.datetime, seen: int | None = None) -> bool:
    """Replace the ways out of a step by what a form gave, in order; tell whether anything differs."""
    names = ("to_step", "outcome", "when", "on_unknown")
    kept = [tuple(getattr(way, name) for name in names) for way in step.ways.select_related("to_step")]
    wanted = [tuple(row.get(name, "" if name == "outcome" else None) for name in names) for row in rows]
    wanted = [(to, outcome, when, bool(unknown)) for to, outcome, when, unknown in wanted]
    if kept == wanted:
        return False
    if any(to.pathway_id != step.pathway_id for to, *_ in wanted):
        raise ValidationError(_("A way leads into another pathway."))
    first = step.ways.order_by("position").values_list("position", flat=True).first()
    base = first if first is not None else Transition.objects.filter(pathway=step.pathway).count()
    step.ways.all().delete()
    for number, values in enumerate(wanted):
        row = dict(zip(names, values, strict=True))
        Transition.objects.create(pathway=step.pathway, from_step=step, position=base + number, **row)
    note_edit(pathway=step.pathway, thing=step, fields=["ways"], by=by, at=at, seen=seen)
    _leave_out_undone(step.pathway)
    return True


def follow_words(part: models.Model, *, by: User | str, at: dt.datetime, change: str = "") -> None:
    """Bring the segments of a row in line with its source words, and re-apply its translations."""
    if isinstance(part, WORDED):
        languages.refresh_segments(part, change=change, by=accounts.actor_id(by), at=at)
        languages.reapply(part)


def _translations(part: models.Model) -> list[str]:
    """Return the columns a check leaves out: the bare ones, which hold whatever language is active."""
    names = translated_fields(type(part)) if isinstance(part, WORDED) else []
    return [*names, *(["pathway"] if isinstance(part, PathwayPart) else [])]


@transaction.atomic
def edit_step(
    *, step: Step, changes: Mapping[str, Any], change: str, by: User | str, at: dt.datetime, seen: int | None = None,
    escalations: list[Mapping[str, Any]] | None = None, windows: list[Mapping[str, Any]] | None = None,
) -> bool:  # fmt: skip
    """Save what a step's page says: its own fields, its further deadlines, who is told; tell whether anything differs."""
    differs = bool(save_part(part=step, changes=changes, change=change, by=by, at=at, seen=seen))
    for model, rows in ((EscalationRule, escalations), (StepWindow, windows)):
        if rows is not None:
            still = None if differs else seen
            differs = set_rows(step=step, model=model, rows=rows, by=by, at=at, seen=still) or differs
    return differs


@transaction.atomic
def add_step(*, pathway: Pathway, kind: str, title: str, after: Step, by: User | str, at: dt.datetime) -> Step:
    """Put a new step behind another in the list; ways to and from it are set on its own page.

    Asked twice for the same one, as by a double click, it is there once.
    """
    _hold(pathway)
    after = pathway.step_rows.filter(pk=after.pk).first() or after
    behind = pathway.step_rows.filter(position=after.position + 1, kind=kind, title_en=title).first()
    if behind is not None:
        return behind
    Step.objects.filter(pathway=pathway, position__gt=after.position).update(position=F("position") + 1)
    step = Step(pathway=pathway, key=_free_key(pathway, title), kind=kind, title_en=title, position=after.position + 1)
    add_part(part=step, by=by, at=at)
    return step


@transaction.atomic
def add_role(
    *, pathway: Pathway, name: str, is_proper_name: bool, cited: str, by: User | str, at: dt.datetime
) -> PathwayRole:
    """Add a role to the working copy; one of that name is there once."""
    _hold(pathway)
    standing = pathway.pathwayrole_rows.filter(name_en=name).first()
    if standing is not None:
        return standing
    key = _free_key(pathway, name, pathway.pathwayrole_rows)
    role = PathwayRole(pathway=pathway, key=key, name_en=name, is_proper_name=is_proper_name, cited=cited,
                       position=pathway.pathwayrole_rows.count())  # fmt: skip
    return add_part(part=role, by=by, at=at)


@transaction.atomic
def add_fact(*, pathway: Pathway, key: str, question: str, by: User | str, at: dt.datetime) -> Fact:
    """Add a question that a form of the register asks, with the answers the form gives; each is there once."""
    _hold(pathway)
    standing = pathway.fact_rows.filter(key=key).first()
    if standing is not None:
        return standing
    field = next(field for form in FORMS.values() for field in form.fields if field.key == key)
    form = next(form for form in FORMS.values() if field in form.fields)
    fact = Fact(pathway=pathway, key=key, label_en=question, type=field.kind, source=form.key,
                position=pathway.fact_rows.count())  # fmt: skip
    add_part(part=fact, by=by, at=at)
    with override(table.SOURCE):
        for position, (code, label) in enumerate(field.choices):
            add_part(part=FactChoice(fact=fact, key=code, label_en=str(label), position=position), by=by, at=at)
    return fact


def _hold(pathway: Pathway) -> None:
    """Lock a pathway, so that of two who add the same at once the second sees the first one's."""
    Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)


def _free_key(pathway: Pathway, title: str, rows=None) -> str:
    """Return a key for a new row, from its title, that no other has."""
    base = slugify(title).replace("-", "_")[:50] or "step"
    taken = set((rows or pathway.step_rows).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}_{number}" for number in range(2, 999))) if key not in taken)
