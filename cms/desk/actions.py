"""Each act of the desk: one action of languages and one line of the audit log, in one transaction."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.actions import record
from cms.desk import marks
from languages import actions
from languages.choices import State
from languages.models import Language, Segment, Unit


class EmptiesText(ValueError):
    """Raised when an empty text would take the place of one that stands; take it away with a reason instead."""


class ChangedSinceSeen(RuntimeError):
    """Raised when a text, or its source, is no longer what the page showed; show it as it is, and ask again."""


class NothingLeft(RuntimeError):
    """Raised when no text of a thing is left for an act; nothing was done."""


def _as_seen(unit: Unit, seen: str) -> Unit:
    """Lock a text and return it; refuse when it, or its source, is no longer what the page showed."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    Segment.objects.select_for_update(no_key=True).get(pk=unit.segment_id)
    now = Unit.objects.select_related("segment", "content_type").get(pk=unit.pk)
    if marks.of_unit(now) != seen:
        raise ChangedSinceSeen
    return now


def _all_as_seen(thing: models.Model, language: str, verb: str, seen: str) -> list[Unit]:
    """Lock the texts of a thing in a language and return those an act is about; refuse when they are no longer those shown."""
    kind = ContentType.objects.get_for_model(thing)
    found = Unit.objects.filter(content_type=kind, object_id=thing.pk, language=language, is_retired=False)
    list(found.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    units = marks.about(verb, found.select_related("segment"))
    if not units:
        raise NothingLeft
    if marks.of_whole(verb, units) != seen:
        raise ChangedSinceSeen
    return units


@transaction.atomic
def save(
    *, segment: Segment, language: str, text: str, version: int, source: int | None = None, by, at: datetime
) -> Unit:
    """Keep a translation of the source as its writer saw it as draft; an empty one is refused where a text stands."""
    if (
        not text.strip()
        and Unit.objects.filter(segment=segment, language=language).exclude(draft="", live="").exists()
    ):
        raise EmptiesText
    source = min(source or segment.version, segment.version)
    unit = actions.save_target(
        segment=segment,
        language=language,
        text=text,
        version=version,
        source_version=source,
        by=str(by.public_id),
        at=at,
    )
    record(by=by, verb="translation.saved", thing=unit, at=at, language=language, source_version=source)
    return unit


@transaction.atomic
def save_and_submit(*, by, at: datetime, **written) -> Unit:
    """Keep a translation and send it to review."""
    unit = save(**written, by=by, at=at)
    return _submit(unit, by, at) if unit.state == State.DRAFT else unit


@transaction.atomic
def submit(*, unit: Unit, seen: str, by, at: datetime) -> Unit:
    """Send a draft to review."""
    return _submit(_as_seen(unit, seen), by, at)


def _submit(unit: Unit, by, at: datetime) -> Unit:
    actions.submit(unit=unit, by=str(by.public_id), at=at)
    record(by=by, verb="translation.submitted", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def approve(*, unit: Unit, seen: str, by, at: datetime) -> Unit:
    """Approve a text in review."""
    unit = _as_seen(unit, seen)
    actions.approve(unit=unit, by=str(by.public_id), at=at, country=by.country_id or "")
    record(by=by, verb="translation.approved", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def send_back(*, unit: Unit, seen: str, reason: str, by, at: datetime) -> Unit:
    """Send a text in review back to its writer, with the reason."""
    unit = _as_seen(unit, seen)
    actions.approve(unit=unit, by=str(by.public_id), at=at, returned=reason)
    record(by=by, verb="translation.returned", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def confirm(*, unit: Unit, seen: str, by, at: datetime) -> Unit:
    """Say that a text is still right for the source as it was shown."""
    unit = _as_seen(unit, seen)
    before = unit.version
    actions.confirm(unit=unit, by=str(by.public_id), at=at)
    if unit.version != before:
        record(by=by, verb="translation.confirmed", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def read_as_native(*, unit: Unit, seen: str, by, at: datetime) -> int:
    """Note that a native reader has read a text."""
    return _read([_as_seen(unit, seen)], by, at)


@transaction.atomic
def read_all(*, thing: models.Model, language: str, seen: str, by, at: datetime) -> int:
    """Note that a native reader has read all texts of a thing; refuse when she had noted it already."""
    count = _read(_all_as_seen(thing, language, "read", seen), by, at)
    if not count:
        raise NothingLeft
    return count


def _read(units: list[Unit], by, at: datetime) -> int:
    """Note it; one line of the log for all of them."""
    count = actions.mark_native_read(units=units, by=str(by.public_id), at=at)
    if count:
        place = f"{units[0].content_type_id}:{units[0].object_id}"
        record(by=by, verb="translation.native_read", thing=place, at=at, language=units[0].language, count=count)
    return count


@transaction.atomic
def submit_all(*, thing: models.Model, language: str, seen: str, by, at: datetime) -> int:
    """Send every draft of a thing in a language to review."""
    drafts = _all_as_seen(thing, language, "submit", seen)
    for unit in drafts:
        actions.submit(unit=unit, by=str(by.public_id), at=at)
    record(by=by, verb="translation.submitted", thing=thing, at=at, language=language, count=len(drafts))
    return len(drafts)


@transaction.atomic
def publish(*, thing: models.Model, language: str, seen: str, by, at: datetime) -> int:
    """Bring the approved texts of a thing in a language before readers."""
    _all_as_seen(thing, language, "publish", seen)
    count = actions.publish(thing, language, by=str(by.public_id), at=at)
    record(by=by, verb="translation.published", thing=thing, at=at, language=language, count=count)
    return count


@transaction.atomic
def withdraw(*, thing: models.Model, unit: Unit, seen: str, reason: str, by, at: datetime) -> int:
    """Take a text of a thing away from readers."""
    unit = _as_seen(unit, seen)
    paths, who = [unit.segment.path], str(by.public_id)
    count = actions.withdraw(thing, unit.language, paths=paths, reason=reason, by=who, at=at)
    if count:
        record(by=by, verb="translation.withdrawn", thing=thing, at=at, language=unit.language, count=count)
    return count


@transaction.atomic
def import_lines(*, thing: models.Model, language: str, content: bytes, confirmed: str, by, at: datetime):
    """Keep the lines of a PO file that fit as drafts."""
    report = actions.import_lines(thing, language, content, confirmed=confirmed, by=str(by.public_id), at=at)
    record(by=by, verb="translation.imported", thing=thing, at=at, language=language, count=report.written)
    return report


@transaction.atomic
def switch_language(
    *, code: str, country: str, state: str, reason: str, needs_second_person: bool, seen: str, by, at: datetime
) -> Language:
    """Set whether a language is offered, everywhere or in a country, and whether a second person approves its texts."""
    row = actions.switch_language(
        code=code, country=country, state=state, by=str(by.public_id), at=at, reason=reason,
        needs_second_person=needs_second_person, seen=seen,
    )  # fmt: skip
    record(by=by, verb="language.switched", thing=row, at=at, country=country, language=code, state=state)
    return row


def record_export(*, thing: models.Model, language: str, by, at: datetime) -> None:
    """Note that the texts of a thing left as a file."""
    record(by=by, verb="translation.exported", thing=thing, at=at, language=language)
