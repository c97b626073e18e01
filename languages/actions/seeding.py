"""Load first translations that come with the product: saved, approved and published in one go."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import models, transaction

from languages import queries
from languages.actions.applying import reapply_many
from languages.actions.working import stopping_faults
from languages.choices import Freshness, Kind, Origin, State, Verb
from languages.models import Segment, Unit, UnitChange
from languages.statements import count_anew, insert_many, rewrite
from languages.text import Fault, clean, retag

MANY = 500  # texts: from here on the server is to know before it is asked for them
Texts = Mapping[str, Mapping[str, str]]  # language -> path -> text or HTML


class SeedRefused(ValueError):
    """Raised when texts that come with the product do not fit their source; `faults` by path say what to mend."""

    def __init__(self, language: str, faults: dict[str, list[Fault]]):
        self.faults = faults
        told = "; ".join(f"{path}: {', '.join(f'{f.code} {f.what}' for f in found)}" for path, found in faults.items())
        super().__init__(f"Texts in {language} do not fit their source. {told}")


def seed_languages(
    thing: models.Model,
    texts: Texts,
    *,
    by: str,
    at: datetime,
    origin: str = Origin.MACHINE,
    apply: bool = True,
) -> int:
    """Save, approve and publish first texts by language and path; they await a native reader.

    What a person has already written is left alone. Rich text comes as HTML. Re-applies once, for all languages,
    unless the caller does that later (`apply=False`).
    """
    return seed_many([(thing, texts)], by=by, at=at, origin=origin, apply=apply)


@transaction.atomic
def seed_many(
    pairs: Sequence[tuple[models.Model, Texts]],
    *,
    by: str,
    at: datetime,
    origin: str = Origin.MACHINE,
    apply: bool = True,
) -> int:
    """Save, approve and publish first texts of several things at the cost of one; return how many were new."""
    segments = queries.segments_by_thing([thing for thing, _texts in pairs], retired=False)
    known = _known_units(segments)
    units, changed = [], []
    for thing, texts in pairs:
        seeded = _seeded(texts, segments[queries.key_of(thing)], known, by, at, origin)
        units += seeded
        if seeded:
            changed.append(thing)
    _store(units)
    insert_many(
        [
            UnitChange(unit=unit, at=at, by=by, verb=Verb.PUBLISHED, text=unit.live, source_version=unit.live_version)
            for unit in units
        ]
    )
    if len(units) >= MANY:
        count_anew(Segment, Unit)
    if changed and apply:
        reapply_many(changed, {unit.language for unit in units})
    return len(units)


def _known_units(segments: Mapping[queries.ThingKey, Mapping[str, Segment]]) -> dict[tuple[int, str], Unit]:
    pks = [segment.pk for of_thing in segments.values() for segment in of_thing.values()]
    found = Unit.objects.filter(segment__in=pks).order_by()
    return {(unit.segment_id, unit.language): unit for unit in found}


def _seeded(texts: Texts, segments: Mapping[str, Segment], known, by: str, at: datetime, origin: str) -> list[Unit]:
    """Return the units of one thing that are to be written."""
    units = []
    for language, of_language in texts.items():
        for path, text in _written(language, of_language, segments).items():
            unit = known.get((segments[path].pk, language))
            if _may_be_seeded(unit, text):
                units.append(_live_unit(unit, segments[path], language, text, by, at, origin))
    return units


def _written(language: str, texts: Mapping[str, str], segments: Mapping[str, Segment]) -> dict[str, str]:
    """Return the texts as units keep them, those that are not empty; refuse what does not fit its source."""
    if unknown := set(texts) - set(segments):
        raise SeedRefused(language, {path: [Fault("unknown_path")] for path in sorted(unknown)})
    written = {path: _as_target(segments[path], text) for path, text in texts.items() if text.strip()}
    _refuse_faults(language, segments, written)
    return written


def _as_target(segment: Segment, text: str) -> str:
    if segment.kind == Kind.RICH:
        return retag(text, segment.tags)
    return clean(text).strip()


def _refuse_faults(language: str, segments: Mapping[str, Segment], written: Mapping[str, str]) -> None:
    faults = {path: stopping_faults(segments[path], text) for path, text in written.items()}
    if found := {path: faulty for path, faulty in faults.items() if faulty}:
        raise SeedRefused(language, found)


def _may_be_seeded(unit: Unit | None, text: str) -> bool:
    """Tell whether a text that comes with the product may stand here: never over what a person wrote."""
    if unit is None:
        return True
    return unit.origin in {Origin.MACHINE, Origin.MEMORY} and unit.native_read_at is None and unit.live != text


def _live_unit(unit: Unit | None, segment: Segment, language: str, text: str, by: str, at: datetime, origin: str):
    """Return a unit whose draft and live text are both this text, for the source as it now stands."""
    unit = unit or Unit(segment=segment, language=language, content_type_id=segment.content_type_id,
                        object_id=segment.object_id, version=0)  # fmt: skip
    unit.state, unit.origin, unit.freshness = State.PUBLISHED, origin, Freshness.FRESH
    unit.draft = unit.live = text
    unit.draft_version = unit.live_version = segment.version
    unit.draft_tags = unit.live_tags = segment.tags
    unit.live_digest = segment.digest
    unit.written_by = unit.approved_by = unit.published_by = by
    unit.written_at = unit.approved_at = unit.published_at = at
    unit.version += 1
    return unit


def _store(units: list[Unit]) -> None:
    names = [field.name for field in Unit._meta.concrete_fields if not field.primary_key]
    fresh = [unit for unit in units if unit.pk is None]
    rewrite([unit for unit in units if unit.pk is not None], names)
    insert_many(fresh)
    of_segments = Unit.objects.filter(segment__in={unit.segment_id for unit in fresh}).order_by()
    keys = {(segment, language): pk for pk, segment, language in of_segments.values_list("pk", "segment", "language")}
    for unit in fresh:
        unit.pk = keys[unit.segment_id, unit.language]
