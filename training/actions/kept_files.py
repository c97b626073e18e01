"""Files that somebody took out of a phone without a network: the same facts by another road.

A learner's answers are sent for her by a trainer; a trainer hands in herself what she ticked.
"""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from training.actions.arriving import arrival_of, read_json, uuid_of
from training.actions.events import Arrival, Outcome
from training.actions.kept_marks import Answer, take_marks
from training.actions.mark_times import FARTHEST
from training.actions.places import learner_of, lock_enrolments
from training.actions.recording import record_events
from training.choices import Source
from training.models import Enrolment, Learner
from training.queries import learners_of_countries, members_visible_to
from training.queries.holders import hold_learners

ANSWERS, MARKS = "kept/1", "marks/1"
NAMES = {"schema", "who", "device", "offset_ms", "events"}
MOST, AT_ONCE = 2000, 50
_OTHERS = {
    ANSWERS: _("This is no file of answers. Choose the one that “Take them out as a file” wrote."),
    MARKS: _("This is no file of marks. Choose the one that “Take the marks out as a file” wrote."),
}
_UNREADABLE = _OTHERS | {
    ANSWERS: _("This file cannot be read. Choose the one that “Take them out as a file” wrote."),
}
_ELSEWHERE = {
    ANSWERS: _("This file holds answers of a learner. Send it from the page “Learners”."),
    MARKS: _("This file holds marks of attendance. Hand it in on the page of the group."),
}


class BadFile(ValueError):
    """Raised when a file is none that a phone of ours wrote; its words are for a person."""


class FileOfAnother(LookupError):
    """Raised when a file of marks is not of the person who hands it in: a mark says who ticked."""


class FileOfNobody(LookupError):
    """Raised when a file is of somebody whom the sender does not train."""


@dataclass(frozen=True)
class KeptFile:
    """What a phone wrote: whose it is, from which device, by how much its clock was off, the events."""

    who: uuid.UUID
    offset_ms: int
    arrivals: tuple[Arrival, ...]


def read_kept(body: bytes, schema: str = ANSWERS) -> KeptFile:
    """Read a file, or say what is wrong with it; an event that cannot be read is an arrival with its fault."""
    try:
        told = read_json(body)
    except ValueError as error:
        raise BadFile(_UNREADABLE[schema]) from error
    if isinstance(told, dict) and told.get("schema") in [one for one in _ELSEWHERE if one != schema]:
        raise BadFile(_ELSEWHERE[told["schema"]])
    if not isinstance(told, dict) or set(told) != NAMES or told["schema"] != schema:
        raise BadFile(_OTHERS[schema])
    who, device, offset, events = uuid_of(told["who"]), uuid_of(told["device"]), told["offset_ms"], told["events"]
    if who is None or device is None or type(offset) is not int or abs(offset) > FARTHEST:
        raise BadFile(_("This file was changed since the phone wrote it. Take them out as a file once more."))
    if not isinstance(events, list) or not 1 <= len(events) <= MOST:
        raise BadFile(_("A file holds 1 to 2,000 records. This one holds another number."))
    return KeptFile(who, offset, tuple(arrival_of(event, device) for event in events))


@transaction.atomic
def send_kept(*, file: KeptFile, by, at: datetime) -> tuple[Learner, list[Outcome]]:
    """Record the events of a file for the learner of the sender's country that it names; what is there already is a duplicate."""
    learner = Learner.objects.filter(public_id=file.who, user__in=learners_of_countries(by)).first()
    if learner is None:
        raise FileOfNobody("This file is of nobody in the sender's country.")
    hold_learners([learner])
    lock_enrolments(Enrolment.objects.filter(learner=learner, merged_into=None).values("pk"))
    outcomes: list[Outcome] = []
    for start in range(0, len(file.arrivals), AT_ONCE):
        some = list(file.arrivals[start : start + AT_ONCE])
        outcomes += record_events(
            learner=learner, arrivals=some, source=Source.KEPT, at=at, by=str(by.public_id), offset_ms=file.offset_ms
        )
    counts = {
        status: sum(1 for one in outcomes if one.status == status) for status in {one.status for one in outcomes}
    }
    thing = f"training.learner:{learner.public_id}"
    record(by=by, verb="training.kept_sent", thing=thing, at=at, country=learner.home or "", numbers=counts)
    return learner, outcomes


@transaction.atomic
def send_marks(*, file: KeptFile, by, at: datetime) -> list[Answer]:
    """Judge the marks of a file as those that her phone sends; who ticked hands them in, and what came before is a duplicate."""
    if file.who != learner_of(by).public_id:
        raise FileOfAnother("These marks were made by somebody else.")
    named = {uuid_of(arrival.payload.get("member")) for arrival in file.arrivals} - {None}
    lock_enrolments(members_visible_to(by).filter(public_id__in=named).values("enrolment"))
    answers: list[Answer] = []
    met: Counter = Counter()
    for start in range(0, len(file.arrivals), AT_ONCE):
        some = file.arrivals[start : start + AT_ONCE]
        answers += take_marks(arrivals=some, by=by, at=at, offset_ms=file.offset_ms, met=met)
    return answers
