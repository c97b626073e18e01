"""Bring approved texts before readers, or take them away."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from languages.actions.applying import reapply
from languages.actions.segmenting import age_units
from languages.choices import Freshness, State, Verb
from languages.models import Segment, SourceText, Unit, UnitChange
from languages.statements import rewrite


class NothingApproved(RuntimeError):
    """Raised when a language of a thing has no approved text; approve one first."""

    def __init__(self):
        super().__init__("Nothing is approved in this language. Approve a text first.")


@transaction.atomic
def publish(thing: models.Model, language: str, *, by: str, at: datetime) -> int:
    """Make every approved text of a thing in a language live; return how many."""
    units = list(_units(thing, language).filter(state=State.APPROVED, is_retired=False).select_related("segment"))
    if not units:
        raise NothingApproved
    put_live(units, by, at)
    UnitChange.objects.bulk_create(
        UnitChange(unit=unit, at=at, by=by, verb=Verb.PUBLISHED, text=unit.live, source_version=unit.live_version)
        for unit in units
    )
    age_units([unit.segment_id for unit in units])
    reapply(thing, [language])
    return len(units)


@transaction.atomic
def withdraw(thing: models.Model, language: str, *, paths: Iterable[str], reason: str, by: str, at: datetime) -> int:
    """Take live texts of a language away; the drafts stay. Readers see the next language of the chain."""
    if not reason.strip():
        raise ValueError("Say why the text is taken away.")
    units = list(_units(thing, language).filter(segment__path__in=list(paths), live_version__gte=1))
    for unit in units:
        unit.live, unit.live_version, unit.live_digest, unit.live_tags = "", 0, "", {}
        unit.freshness, unit.version = Freshness.NOT_LIVE, unit.version + 1
        unit.state = State.DRAFT if unit.state == State.PUBLISHED else unit.state
    rewrite(units, ["live", "live_version", "live_digest", "live_tags", "freshness", "version", "state"])
    UnitChange.objects.bulk_create(
        UnitChange(unit=unit, at=at, by=by, verb=Verb.WITHDRAWN, reason=reason[:500]) for unit in units
    )
    reapply(thing, [language])
    return len(units)


def put_live(units: list[Unit], by: str, at: datetime) -> None:
    """Copy drafts to what is live; a reading by a native reader holds only for the text that was read."""
    digests = _digests(units)
    for unit in units:
        unit.live, unit.live_version, unit.live_tags = unit.draft, unit.draft_version, unit.draft_tags
        unit.live_digest = digests.get((unit.segment_id, unit.draft_version), "")
        unit.freshness, unit.state, unit.version = Freshness.FRESH, State.PUBLISHED, unit.version + 1
        unit.published_at, unit.published_by = at, by
        if unit.native_read_at and unit.written_at and unit.native_read_at < unit.written_at:
            unit.native_read_at, unit.native_read_by = None, ""
    rewrite(
        units,
        ["live", "live_version", "live_tags", "live_digest", "freshness", "state", "version", "published_at",
         "published_by", "native_read_at", "native_read_by"],
    )  # fmt: skip


def _digests(units: list[Unit]) -> dict[tuple[int, int], str]:
    """Return the source digest at each version a draft was written for."""
    ids = {unit.segment_id for unit in units}
    found = {(row.segment_id, row.version): row.digest for row in SourceText.objects.filter(segment__in=ids)}
    return found | {(row.pk, row.version): row.digest for row in Segment.objects.filter(pk__in=ids)}


def _units(thing: models.Model, language: str):
    return Unit.objects.filter(
        content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk, language=language
    )
