"""One event on its way in: what came, what became of it, and the row that is made of it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from training import progress
from training.choices import PHONES, Flag, Reason, Source, Verb
from training.models import CourseVersion, Enrolment, Event, Learner

AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=400)
UNBELIEVED = timedelta(days=3650)
EARLY = timedelta(days=1)
MOVED = timedelta(minutes=10)


@dataclass(frozen=True)
class Arrival:
    """One event as it came in; `fault` is set when it could not be read."""

    id: uuid.UUID | None
    verb: str = ""
    activity: str = ""
    version: str = ""
    language: str = ""
    occurred_at: datetime | None = None
    payload: dict = field(default_factory=dict)
    device: uuid.UUID | None = None
    seq: int | None = None
    fault: str = ""
    raw: str = ""
    name: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one event."""

    id: str
    status: str
    reason: str = ""


class NotRecorded(Exception):
    """Raised when an event that staff or the system write is not taken; the whole act is taken back with it."""

    def __init__(self, reason: str):
        told = {"reason": Reason(reason).label}
        super().__init__(_("Nothing was changed: %(reason)s Tell an administrator, who finds out why.") % told)


@dataclass(frozen=True)
class Sending:
    """How events came in: by which road, when, who sent them when not the learner, how far her clock was off.

    `moved` are the devices whose clock was set anew since they sent before.
    """

    source: str
    at: datetime
    by: str = ""
    offset_ms: int = 0
    moved: frozenset[uuid.UUID] = frozenset()

    @property
    def offset(self) -> timedelta:
        """Return what is added to the time that her phone tells."""
        return timedelta(milliseconds=self.offset_ms)


def digest_of(arrival: Arrival, learner: Learner, source: str) -> str:
    """Return the hash that tells a repeat from another event; what differs at each sending is left out."""
    occurred = arrival.occurred_at.astimezone(UTC).isoformat() if source in {Source.WEB, Source.KEPT} else ""
    parts = [
        str(arrival.id),
        str(learner.public_id),
        str(arrival.device or ""),
        arrival.seq,
        arrival.verb,
        arrival.activity,
    ]
    return progress.digest(progress.canonical([*parts, arrival.version, arrival.language, occurred, arrival.payload]))


def is_house_made(key: uuid.UUID | None) -> bool:
    """Tell whether an id is of the kind that only the house makes: worked out from what an event says (version 5).

    Phones draw theirs by lot. So nobody takes an id beforehand that an event of staff or of the system is going to have.
    """
    return key is not None and key.version == 5


def event_of(
    arrival: Arrival, enrolment: Enrolment, version: CourseVersion, learner: Learner, sending: Sending
) -> Event:
    """Return the row of an event that is sound, not stored yet."""
    return Event(
        id=arrival.id,
        learner=learner,
        enrolment=enrolment,
        course_version=version,
        device=arrival.device,
        device_seq=arrival.seq,
        verb=arrival.verb,
        activity=arrival.activity or None,
        attempt=uuid.UUID(arrival.payload["attempt"]) if arrival.payload.get("attempt") else None,
        language=arrival.language,
        occurred_at=arrival.occurred_at,
        clock_offset_ms=_offset_of(arrival, sending.offset_ms, sending.at),
        received_at=sending.at,
        payload=progress.canonical(arrival.payload),
        sha256=digest_of(arrival, learner, sending.source),
        source=sending.source,
        by=sending.by,
        flags=" ".join(_flags_of(arrival, enrolment, sending)),
    )


def move_of(before: CourseVersion, after: CourseVersion, language: str, at: datetime) -> Arrival:
    """Return the event by which somebody follows another edition from an instant on."""
    moved = {"from": str(before.public_id), "to": str(after.public_id)}
    return Arrival(
        id=uuid.uuid4(), verb=Verb.MOVED, version=moved["to"], language=language, occurred_at=at, payload=moved
    )


def happened_at(arrival: Arrival, *, offset_ms: int, at: datetime) -> datetime:
    """Return when an event happened by the corrected clock, as it is judged and stored: never after it arrived at `at`."""
    return min(arrival.occurred_at + timedelta(milliseconds=_offset_of(arrival, offset_ms, at)), at)


def _offset_of(arrival: Arrival, offset_ms: int, at: datetime) -> int:
    """Return by how much the time of an event is corrected; one that would lie ten years back happened on its arrival.

    So does a mark of attendance of which no clock knows when it was made (`mark_times.moment_of`).
    """
    if arrival.occurred_at + timedelta(milliseconds=offset_ms) >= at - UNBELIEVED:
        return offset_ms
    return (at - arrival.occurred_at) // timedelta(milliseconds=1)


def is_moved(before_ms: int, now_ms: int) -> bool:
    """Tell whether a clock was set anew between two sendings: by more than ten minutes."""
    return abs(timedelta(milliseconds=now_ms - before_ms)) > MOVED


def _flags_of(arrival: Arrival, enrolment: Enrolment, sending: Sending) -> Iterator[Flag]:
    """Yield why the time of an event is in doubt, by the corrected clock; only where a learner's phone told it.

    What staff or the system note, as a list on paper of the week before somebody began, no clock of hers can have told.
    """
    if sending.source not in PHONES:
        return
    corrected = arrival.occurred_at + sending.offset
    if corrected > sending.at + AHEAD:
        yield Flag.CLOCK_AHEAD
    if corrected < enrolment.started_at - EARLY:
        yield Flag.CLOCK_EARLY
    if corrected < sending.at - OLDEST:
        yield Flag.CLOCK_OLD
    if arrival.device in sending.moved:
        yield Flag.CLOCK_MOVED
