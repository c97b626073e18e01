"""Work on one translated string: write, confirm, send to review, approve or send back, read as a native reader."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from languages import queries
from languages.choices import Kind, Origin, State, Verb
from languages.models import Segment, Unit, UnitChange
from languages.text import Fault, clean, faults_of


class TargetRefused(ValueError):
    """Raised when a translation breaks its source's placeholders, tags or limits; `faults` say what to mend."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("Mend first: " + ", ".join(f"{fault.code} {fault.what}".strip() for fault in faults))


class TargetChangedMeanwhile(RuntimeError):
    """Raised when somebody saved the same string in between; `unit` is theirs, `text` is yours. Choose one."""

    def __init__(self, unit: Unit, text: str):
        self.unit, self.text = unit, text
        super().__init__("Somebody saved this text meanwhile. Compare both and save the one that holds.")


class SourceChangedSinceDraft(RuntimeError):
    """Raised when the source moved on after the translation was written; confirm it as still right, or write anew."""

    def __init__(self, unit: Unit):
        self.unit = unit
        super().__init__("The source changed after this was written. Say that it is still right, or write it anew.")


class MachineDraftUnread(RuntimeError):
    """Raised when a draft that no person has saved or confirmed is approved; confirm it or write it anew."""

    def __init__(self, unit: Unit):
        self.unit = unit
        super().__init__("No person has read this draft. Say that it is right, or write it anew.")


class SecondPersonNeeded(PermissionError):
    """Raised when a writer approves her own text in a language that needs a second person."""

    def __init__(self):
        super().__init__("A second person approves texts in this language. Ask a colleague.")


class NothingToSend(RuntimeError):
    """Raised when a step does not fit the state of the text; reload the page."""

    def __init__(self, unit: Unit):
        super().__init__(f"This step does not fit a text that is {unit.state}. Reload the page.")


def stopping_faults(segment: Segment, text: str) -> list[Fault]:
    """Return the faults for which a translation of a segment is not accepted."""
    found = faults_of(segment.text, text, kind=segment.kind, max_length=segment.max_length, tags=segment.tags)
    return [fault for fault in found if fault.stops] if text else []


@transaction.atomic
def save_target(
    *,
    segment: Segment,
    language: str,
    text: str,
    version: int,
    by: str,
    at: datetime,
    origin: str = Origin.PERSON,
    source_version: int | None = None,
) -> Unit:
    """Keep a translation as draft; what is live stays. `version` is the unit's version as seen, 0 for none.

    `source_version` says for which older source the text was written, when that is not the one that stands now.
    """
    text = _as_written(segment, text)
    if faults := stopping_faults(segment, text):
        raise TargetRefused(faults)
    unit = Unit.objects.filter(segment=segment, language=language).first()
    values = _draft_values(segment, text, by, at, origin)
    values["draft_version"] = segment.version if source_version is None else source_version
    if unit is not None and _says_the_same(unit, values):
        return unit
    if unit is None:
        unit = _born(segment, language, text, version, values)
    elif not Unit.objects.filter(pk=unit.pk, version=version).update(**values, version=version + 1):
        raise TargetChangedMeanwhile(unit, text)
    verb = Verb.IMPORTED if origin == Origin.IMPORT else Verb.WRITTEN
    _note(unit, verb, by, at, text=text, source_version=values["draft_version"])
    unit.refresh_from_db()
    return unit


@transaction.atomic
def confirm(*, unit: Unit, by: str, at: datetime) -> Unit:
    """Say that a text is still right for the source as it now stands; a published one goes to review again."""
    if unit.state == State.MISSING:
        raise NothingToSend(unit)
    if faults := stopping_faults(unit.segment, unit.draft):
        raise TargetRefused(faults)
    if _is_confirmed(unit, by):
        return unit
    state = State.IN_REVIEW if unit.state in {State.APPROVED, State.PUBLISHED} else unit.state
    values = {
        "draft_version": unit.segment.version,
        "draft_tags": unit.segment.tags,
        "state": state,
        "origin": Origin.PERSON,
        "written_by": by,
        "written_at": at,
    }
    _move(unit, values)
    _note(unit, Verb.CONFIRMED, by, at, text=unit.draft, source_version=unit.segment.version)
    return unit


@transaction.atomic
def submit(*, unit: Unit, by: str, at: datetime) -> Unit:
    """Send a draft to review."""
    if unit.state != State.DRAFT:
        raise NothingToSend(unit)
    if faults := stopping_faults(unit.segment, unit.draft):
        raise TargetRefused(faults)
    _move(unit, {"state": State.IN_REVIEW, "submitted_by": by, "submitted_at": at})
    _note(unit, Verb.SUBMITTED, by, at, source_version=unit.draft_version)
    return unit


@transaction.atomic
def approve(*, unit: Unit, by: str, at: datetime, returned: str = "", country: str = "") -> Unit:
    """Approve a text in review, or send it back with a reason."""
    if unit.state != State.IN_REVIEW:
        raise NothingToSend(unit)
    if returned:
        _move(unit, {"state": State.DRAFT})
        _note(unit, Verb.RETURNED, by, at, source_version=unit.draft_version, reason=returned[:500])
        return unit
    if unit.written_by == by and queries.needs_second_person(unit.language, country):
        raise SecondPersonNeeded
    if unit.origin == Origin.MACHINE:
        raise MachineDraftUnread(unit)
    if is_overtaken(unit):
        raise SourceChangedSinceDraft(unit)
    _move(unit, {"state": State.APPROVED, "approved_by": by, "approved_at": at})
    _note(unit, Verb.APPROVED, by, at, source_version=unit.draft_version)
    return unit


def is_overtaken(unit: Unit) -> bool:
    """Tell whether the source changed by more than wording after the draft was written."""
    return unit.draft_version < unit.segment.minor_version


@transaction.atomic
def mark_native_read(*, units: Iterable[Unit], by: str, at: datetime) -> int:
    """Note that a native reader has read these texts, as they now stand; return how many this reader had not read yet."""
    rows = Unit.objects.select_for_update(no_key=True).filter(pk__in=[unit.pk for unit in units]).order_by("pk")
    read = [unit for unit in rows if (unit.state != State.MISSING or unit.live) and not _has_read(unit, by)]
    Unit.objects.filter(pk__in=[unit.pk for unit in read]).update(native_read_at=at, native_read_by=by)
    UnitChange.objects.bulk_create(
        UnitChange(unit=unit, at=at, by=by, verb=Verb.NATIVE_READ, source_version=unit.draft_version) for unit in read
    )
    return len(read)


def _is_confirmed(unit: Unit, by: str) -> bool:
    """Tell whether the same person confirmed or wrote a draft for the source as it now stands."""
    now = (unit.segment.version, unit.segment.tags, Origin.PERSON, by)
    is_same = (unit.draft_version, unit.draft_tags, unit.origin, unit.written_by) == now
    return is_same and unit.state in {State.DRAFT, State.IN_REVIEW}


def _has_read(unit: Unit, by: str) -> bool:
    """Tell whether this reader is the last who read a text, and nobody has written it since."""
    read_at, written_at = unit.native_read_at, unit.written_at
    return unit.native_read_by == by and read_at is not None and (written_at is None or written_at <= read_at)


def _says_the_same(unit: Unit, values: dict) -> bool:
    """Tell whether a save would change nothing but send an approved or published text back to the start."""
    is_done = unit.state in {State.APPROVED, State.PUBLISHED}
    return is_done and (unit.draft, unit.draft_version) == (values["draft"], values["draft_version"])


def _as_written(segment: Segment, text: str) -> str:
    text = clean(text)
    if segment.kind in {Kind.LINE, Kind.ALT}:
        return text.strip()
    return text.strip("\n")


def _draft_values(segment: Segment, text: str, by: str, at: datetime, origin: str) -> dict:
    return {
        "state": State.DRAFT if text else State.MISSING,
        "draft": text,
        "draft_tags": segment.tags,
        "origin": origin,
        "written_by": by,
        "written_at": at,
    }


def _born(segment: Segment, language: str, text: str, version: int, values: dict) -> Unit:
    """Make the unit of a first text; when somebody was faster the unique constraint says so."""
    try:
        with transaction.atomic():
            return Unit.objects.create(
                segment=segment,
                language=language,
                content_type_id=segment.content_type_id,
                object_id=segment.object_id,
                **values,
            )
    except IntegrityError as error:
        faster = Unit.objects.filter(segment=segment, language=language).first()
        if faster is None:
            raise
        raise TargetChangedMeanwhile(faster, text) from error


def _move(unit: Unit, values: dict) -> None:
    """Write a step under the optimistic lock and keep the instance in hand true."""
    if not Unit.objects.filter(pk=unit.pk, version=unit.version).update(**values, version=unit.version + 1):
        raise TargetChangedMeanwhile(Unit.objects.get(pk=unit.pk), unit.draft)
    for name, value in (values | {"version": unit.version + 1}).items():
        setattr(unit, name, value)


def _note(unit: Unit, verb: str, by: str, at: datetime, **facts) -> None:
    UnitChange.objects.create(unit=unit, at=at, by=by, verb=verb, **facts)
