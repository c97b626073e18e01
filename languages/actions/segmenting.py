"""Follow a source: new strings, changed ones, ones that went; and what that does to translations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from languages import queries
from languages.choices import Freshness, Origin, State, Verb
from languages.models import Segment, SourceText, Unit, UnitChange
from languages.revisions import Change
from languages.segments import Line, with_block_ids
from languages.statements import rewrite


def refresh_segments(
    thing: models.Model, *, change: str = "", by: str, at: datetime, remember: bool = True
) -> models.Model:
    """Bring the segments of a thing in line with its source as stored, and age what is translated.

    Returns the row as read under the lock. Without a change class an edit counts as minor. With `remember`, new
    strings get drafts from equal ones elsewhere.
    """
    return refresh_many([thing], change=change, by=by, at=at, remember=remember)[0]


@transaction.atomic
def refresh_many(
    things: Sequence[models.Model], *, change: str = "", by: str, at: datetime, remember: bool = True
) -> list[models.Model]:
    """Bring the segments of several things in line at the cost of one: a whole pathway, all prompts of a line."""
    rows = [_with_ids(row) for row in locked_rows(things)]
    known = queries.segments_by_thing(rows)
    born, kept, gone = [], [], []
    for row in rows:
        found = queries.followed(row, known[queries.key_of(row)])
        born += [_new_segment(row, position, line, at) for position, line in found.born]
        kept, gone = kept + found.kept, gone + found.gone
    Segment.objects.bulk_create(born)
    if remember:
        _suggest_from_memory(born, by, at)
    _retire(gone, at)
    _follow(kept, Change(change or Change.MINOR), by, at)
    return rows


@transaction.atomic
def retire_segments(thing: models.Model, *, at: datetime) -> None:
    """Retire every string of a thing that is being deleted; its texts stay as memory."""
    _retire(list(queries.segments_of(thing)), at)


def locked_rows(things: Sequence[models.Model]) -> list[models.Model]:
    """Return the rows of some things as stored, locked, in the order given; one query a model."""
    wanted: dict[type[models.Model], list] = {}
    for thing in things:
        wanted.setdefault(type(thing), []).append(thing.pk)
    found = {}
    for model, pks in wanted.items():
        rows = models.QuerySet(model).select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
        found |= {(model, row.pk): row for row in rows}
    return [_found(found, thing) for thing in things]


def _found(rows: dict, thing: models.Model) -> models.Model:
    if (type(thing), thing.pk) not in rows:
        raise type(thing).DoesNotExist(f"{thing._meta.label} {thing.pk} is not stored.")
    return rows[type(thing), thing.pk]


def _with_ids(row: models.Model) -> models.Model:
    """Return a row whose blocks and list items have ids; those that had none get them, stored."""
    mended = with_block_ids(row)
    if not mended:
        return row
    models.QuerySet(type(row)).filter(pk=row.pk).update(**mended)
    return models.QuerySet(type(row)).get(pk=row.pk)


def _new_segment(thing, position: int, line: Line, at: datetime) -> Segment:
    return Segment(
        content_type=ContentType.objects.get_for_model(thing),
        object_id=thing.pk,
        path=line.path,
        position=position,
        kind=line.kind,
        text=line.text,
        digest=line.digest,
        tags=line.tags,
        max_length=line.max_length,
        note=line.note[:300],
        changed_at=at,
    )


def _retire(segments: list[Segment], at: datetime) -> None:
    if segments:
        ids = [segment.pk for segment in segments]
        Segment.objects.filter(pk__in=ids).update(retired_at=at)
        Unit.objects.filter(segment__in=ids).update(is_retired=True)


def _follow(kept: Iterable[tuple[Segment, int, Line]], change: Change, by: str, at: datetime) -> None:
    """Write what changed in segments that are still there, and age their units in one statement."""
    touched, aged, revived, earlier = [], [], [], []
    for segment, position, line in kept:
        if segment.retired_at is not None:
            revived.append(segment.pk)
        if segment.digest != line.digest:
            earlier.append(_earlier_text(segment, change, by, at))
            _raise_versions(segment, change)
            segment.changed_at = at
            aged.append(segment.pk)
        if _differs(segment, position, line):
            segment.path, segment.position, segment.kind = line.path, position, line.kind
            segment.text, segment.digest = line.text, line.digest
            segment.tags, segment.max_length, segment.note = line.tags, line.max_length, line.note[:300]
            segment.retired_at = None
            touched.append(segment)
    SourceText.objects.bulk_create(earlier)
    rewrite(
        touched,
        ["path", "position", "kind", "text", "digest", "tags", "version", "minor_version", "material_version", "max_length",
         "note", "changed_at", "retired_at"],
    )  # fmt: skip
    if revived:
        Unit.objects.filter(segment__in=revived).update(is_retired=False)
    if aged:
        age_units(aged)


def _differs(segment: Segment, position: int, line: Line) -> bool:
    now = (segment.path, segment.position, segment.kind, segment.text, segment.tags, segment.max_length, segment.note)
    return segment.retired_at is not None or now != (
        line.path, position, line.kind, line.text, line.tags, line.max_length, line.note[:300],
    )  # fmt: skip


def _earlier_text(segment: Segment, change: Change, by: str, at: datetime) -> SourceText:
    return SourceText(segment=segment, version=segment.version, text=segment.text, digest=segment.digest, until=at,
                      change=change, by=by)  # fmt: skip


def _raise_versions(segment: Segment, change: Change) -> None:
    segment.version += 1
    if change in {Change.MINOR, Change.MATERIAL}:
        segment.minor_version = segment.version
    if change == Change.MATERIAL:
        segment.material_version = segment.version


def age_units(segment_ids: list[int]) -> None:
    """Set the freshness of the live units of some segments from the versions of their source.

    One that was made from the very words that stand again is of their version: what changed between counts no more.
    """

    def of_segment(column: str) -> Subquery:
        return Subquery(Segment.objects.filter(pk=OuterRef("segment_id")).values(column)[:1])

    is_same = Q(live_digest=of_segment("digest"))
    Unit.objects.filter(segment__in=segment_ids, live_version__gte=1).update(
        live_version=Case(When(is_same, then=of_segment("version")), default=F("live_version")),
        freshness=Case(
            When(is_same, then=Value(Freshness.FRESH)),
            When(Q(live_version__lt=of_segment("material_version")), then=Value(Freshness.MATERIAL)),
            When(Q(live_version__lt=of_segment("minor_version")), then=Value(Freshness.MINOR)),
            When(Q(live_version__lt=of_segment("version")), then=Value(Freshness.WORDING)),
            default=Value(Freshness.FRESH),
        ),
    )


def _suggest_from_memory(born: list[Segment], by: str, at: datetime) -> None:
    """Offer, as drafts, texts that are live for an equal source elsewhere."""
    if not born:
        return
    by_digest: dict[str, list[Segment]] = {}
    for segment in born:
        by_digest.setdefault(segment.digest, []).append(segment)
    remembered = Unit.objects.filter(live_digest__in=by_digest, segment__digest=F("live_digest")).order_by(
        "-published_at"
    )
    seen, units = set(), []
    for unit in remembered:
        for segment in by_digest[unit.live_digest]:
            if (segment.pk, unit.language) not in seen:
                seen.add((segment.pk, unit.language))
                units.append(_draft_like(unit, segment, by, at))
    Unit.objects.bulk_create(units)
    UnitChange.objects.bulk_create(
        UnitChange(unit=unit, at=at, by=by, verb=Verb.SUGGESTED, text=unit.draft, source_version=1) for unit in units
    )


def _draft_like(unit: Unit, segment: Segment, by: str, at: datetime) -> Unit:
    return Unit(
        segment=segment,
        language=unit.language,
        content_type=segment.content_type,
        object_id=segment.object_id,
        state=State.DRAFT,
        draft=unit.live,
        draft_version=segment.version,
        draft_tags=segment.tags,
        origin=Origin.MEMORY,
        written_at=at,
        written_by=by,
    )
