"""When a page is copied its columns go along, under the same block ids or new ones; this brings the units after."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction

from languages import queries
from languages.actions.applying import reapply
from languages.actions.segmenting import refresh_segments
from languages.choices import Verb
from languages.models import Segment, Unit, UnitChange
from languages.segments import extract
from languages.statements import rewrite


@transaction.atomic
def copy_units(pairs: Iterable[tuple[models.Model, models.Model]], *, by: str, at: datetime) -> int:
    """Give each copied thing the translations of its original, text by text; return how many units were made."""
    made = 0
    for original, copy in pairs:
        refresh_segments(copy, by=by, at=at, remember=False)
        made += _copied(original, copy, by, at)
        reapply(copy)
    return made


def _copied(original: models.Model, copy: models.Model, by: str, at: datetime) -> int:
    targets = {(segment.path, segment.digest): segment for segment in queries.segments_of(copy)}
    paths = _paths(original, copy)
    units, met = [], []
    for segment in queries.segments_of(original).prefetch_related("units"):
        target = targets.get((paths.get(segment.path, segment.path), segment.digest))
        if target is None:
            continue
        target.version, target.minor_version = segment.version, segment.minor_version
        target.material_version = segment.material_version
        met.append(target)
        units += [_twin(unit, target) for unit in segment.units.all()]
    rewrite(met, ["version", "minor_version", "material_version"])
    Unit.objects.bulk_create(units)
    UnitChange.objects.bulk_create(
        UnitChange(unit=unit, at=at, by=by, verb=Verb.COPIED, text=unit.draft, source_version=unit.draft_version)
        for unit in units
    )
    return len(units)


def _paths(original: models.Model, copy: models.Model) -> dict[str, str]:
    """Return where each text of a thing stands in its copy, whose blocks may bear other ids, in the same order."""
    lines, theirs = extract(original), extract(copy)
    same = [line.text for line in lines] == [line.text for line in theirs]
    return {line.path: their.path for line, their in zip(lines, theirs, strict=True)} if same else {}


def _twin(unit: Unit, target: Segment) -> Unit:
    """Return the same unit on another segment; versions go along, so a stale text stays stale."""
    unit.pk, unit._state.adding = None, True
    unit.segment, unit.object_id, unit.content_type_id = target, target.object_id, target.content_type_id
    unit.version = 1
    return unit
