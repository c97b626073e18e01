"""Each act of the desk: one action of languages and one line of the audit log, in one transaction."""

from datetime import datetime

from django.db import models, transaction

from accounts.actions import record
from languages import actions, queries
from languages.choices import State
from languages.models import Language, Segment, Unit


class EmptiesText(ValueError):
    """Raised when an empty text would take the place of one that stands; take it away with a reason instead."""


@transaction.atomic
def save(*, segment: Segment, language: str, text: str, version: int, by, at: datetime) -> Unit:
    """Keep a translation as draft; an empty one is refused where a text stands."""
    if (
        not text.strip()
        and Unit.objects.filter(segment=segment, language=language).exclude(draft="", live="").exists()
    ):
        raise EmptiesText
    unit = actions.save_target(
        segment=segment, language=language, text=text, version=version, by=str(by.public_id), at=at
    )
    record(by=by, verb="translation.saved", thing=unit, at=at, language=language, source_version=segment.version)
    return unit


@transaction.atomic
def save_and_submit(*, segment: Segment, language: str, text: str, version: int, by, at: datetime) -> Unit:
    """Keep a translation and send it to review."""
    unit = save(segment=segment, language=language, text=text, version=version, by=by, at=at)
    return submit(unit=unit, by=by, at=at) if unit.state == State.DRAFT else unit


@transaction.atomic
def submit(*, unit: Unit, by, at: datetime) -> Unit:
    """Send a draft to review."""
    actions.submit(unit=unit, by=str(by.public_id), at=at)
    record(by=by, verb="translation.submitted", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def approve(*, unit: Unit, by, at: datetime) -> Unit:
    """Approve a text in review."""
    actions.approve(unit=unit, by=str(by.public_id), at=at, country=by.country_id or "")
    record(by=by, verb="translation.approved", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def send_back(*, unit: Unit, reason: str, by, at: datetime) -> Unit:
    """Send a text in review back to its writer, with the reason."""
    actions.approve(unit=unit, by=str(by.public_id), at=at, returned=reason)
    record(by=by, verb="translation.returned", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def confirm(*, unit: Unit, by, at: datetime) -> Unit:
    """Say that a text is still right for the source as it now stands."""
    before = unit.version
    actions.confirm(unit=unit, by=str(by.public_id), at=at)
    if unit.version != before:
        record(by=by, verb="translation.confirmed", thing=unit, at=at, language=unit.language)
    return unit


@transaction.atomic
def read_as_native(*, units: list[Unit], by, at: datetime) -> int:
    """Note that a native reader has read texts; one line of the log for all of them."""
    count = actions.mark_native_read(units=units, by=str(by.public_id), at=at)
    if count:
        place = f"{units[0].content_type_id}:{units[0].object_id}"
        record(by=by, verb="translation.native_read", thing=place, at=at, language=units[0].language, count=count)
    return count


@transaction.atomic
def submit_all(*, thing: models.Model, language: str, by, at: datetime) -> int:
    """Send every draft of a thing in a language to review."""
    drafts = [unit for _segment, unit in queries.units_in(thing, language) if unit and unit.state == State.DRAFT]
    for unit in drafts:
        actions.submit(unit=unit, by=str(by.public_id), at=at)
    if drafts:
        record(by=by, verb="translation.submitted", thing=thing, at=at, language=language, count=len(drafts))
    return len(drafts)


@transaction.atomic
def publish(*, thing: models.Model, language: str, by, at: datetime) -> int:
    """Bring the approved texts of a thing in a language before readers."""
    count = actions.publish(thing, language, by=str(by.public_id), at=at)
    record(by=by, verb="translation.published", thing=thing, at=at, language=language, count=count)
    return count


@transaction.atomic
def withdraw(*, thing: models.Model, language: str, paths: list[str], reason: str, by, at: datetime) -> int:
    """Take texts of a thing in a language away from readers."""
    count = actions.withdraw(thing, language, paths=paths, reason=reason, by=str(by.public_id), at=at)
    if count:
        record(by=by, verb="translation.withdrawn", thing=thing, at=at, language=language, count=count)
    return count


@transaction.atomic
def import_lines(*, thing: models.Model, language: str, content: bytes, confirmed: str, by, at: datetime):
    """Keep the lines of a PO file that fit as drafts."""
    report = actions.import_lines(thing, language, content, confirmed=confirmed, by=str(by.public_id), at=at)
    record(by=by, verb="translation.imported", thing=thing, at=at, language=language, count=report.written)
    return report


@transaction.atomic
def switch_language(
    *, code: str, country: str, state: str, reason: str, needs_second_person: bool, by, at: datetime
) -> Language:
    """Set whether a language is offered, everywhere or in a country."""
    row = actions.switch_language(
        code=code, country=country, state=state, by=str(by.public_id), at=at, reason=reason,
        needs_second_person=needs_second_person,
    )  # fmt: skip
    record(by=by, verb="language.switched", thing=row, at=at, country=country, language=code, state=state)
    return row


def record_export(*, thing: models.Model, language: str, by, at: datetime) -> None:
    """Note that the texts of a thing left as a file."""
    record(by=by, verb="translation.exported", thing=thing, at=at, language=language)
