"""What a trainer ticked on her phone without a network: each mark judged by what it knew, written as the page writes it."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from accounts.chain import actor_id
from training import progress
from training.actions.arriving import uuid_of
from training.actions.attending import is_ahead
from training.actions.events import Arrival, is_house_made
from training.actions.mark_times import CLOCK, has_sound_clock, moment_of
from training.actions.marking import TakenBack, note_present, note_taken_back, tick
from training.actions.payloads import MOST_MINUTES
from training.actions.recording_many import locked_enrolments
from training.choices import How, Reason, Verb, VoidReason
from training.models import Enrolment, Event, Member, Session
from training.queries import (
    Said,
    Standing,
    cohorts_visible_to,
    last_said,
    members_visible_to,
    sessions_visible_to,
    standing_at,
)

FIELDS = {"cohort", "session", "member", "minutes", "reason", "told"}
TAKEN = frozenset({"accepted", "duplicate"})
MOST_OF_ONE = 4  # a phone keeps one of a person and a session; each one more is judged, and locked for, by itself


@dataclass(frozen=True)
class Mark:
    """One mark of a phone: that a member of a group was at a session for so many minutes (None: all of it; 0: she was not).

    `told` is what the phone knew had been said of her there (`queries.Standing.told`), `at` when it was made, by our clock;
    `latest` is when it was at the latest, where the phone's clocks leave that open (`mark_times.Moment`).
    """

    id: uuid.UUID
    cohort: uuid.UUID
    session: uuid.UUID
    member: uuid.UUID
    minutes: int | None
    reason: str
    told: int
    at: datetime
    latest: datetime

    @property
    def pair(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Return of whom it speaks and of which session: two marks of one pair are judged one after the other."""
        return self.member, self.session


@dataclass(frozen=True)
class Answer:
    """What became of one mark: how she stands now, and where somebody else noted something meanwhile, what and who."""

    id: str
    status: str
    reason: str = ""
    standing: Standing | None = None
    said: Said | None = None


@dataclass(frozen=True)
class _Place:
    """A mark beside the rows of which it speaks, read once they are locked."""

    mark: Mark
    session: Session
    enrolment: Enrolment

    @cached_property
    def standing(self) -> Standing:
        return standing_at(progress.read_state(self.enrolment.progress.state), self.session)

    @property
    def minutes(self) -> int:
        """Return for how many minutes she was there: the length of the session as it is now, at most."""
        told = self.mark.minutes
        return self.session.minutes if told is None else min(told, self.session.minutes)


@transaction.atomic
def take_marks(
    *, arrivals: Sequence[Arrival], by, at: datetime, offset_ms: int = 0, met: Counter | None = None
) -> list[Answer]:
    """Write the marks of a trainer's phone that are sound and overtake nobody; tell what became of each, in their order.

    A mark is written once: sent again it is a duplicate. Where something was said of her since the phone knew how she
    stood, nothing is written, and the answer shows it; the same twice is no conflict. `met` counts the marks of one
    person and session through a sending that comes in parts.
    """
    met = Counter() if met is None else met
    marks: dict[int, Mark] = {}
    answers: dict[int, Answer] = {}
    pairs: dict[uuid.UUID, tuple] = {}
    for place, arrival in enumerate(arrivals):
        fault = arrival.fault or _fault_of(arrival)
        mark = None if fault else _mark(arrival, at, offset_ms)
        # So the rounds below speak of the same people, whose enrolments the first one locks, before the audit log.
        if mark and pairs.setdefault(mark.id, mark.pair) != mark.pair:
            fault = Reason.ID_TAKEN
        elif mark:
            met[mark.pair] += 1
            fault = Reason.TOO_MANY_MARKS if met[mark.pair] > MOST_OF_ONE else ""
        if fault:
            status = "conflict" if fault == Reason.ID_TAKEN else "rejected"
            answers[place] = Answer(arrival.name or str(arrival.id or ""), status, fault)
        else:
            marks[place] = mark
    for some in _rounds(marks):
        answers |= _Round(some, by, at).answers
    return [answers[place] for place in range(len(arrivals))]


def _fault_of(arrival: Arrival) -> str:
    """Return why a mark cannot be judged at all, or nothing."""
    told = arrival.payload
    if arrival.verb != Verb.ATTENDED:
        return Reason.UNKNOWN_VERB
    if is_house_made(arrival.id):
        return Reason.ID_TAKEN
    if set(told) - CLOCK != FIELDS or any(uuid_of(told[name]) is None for name in ("cohort", "session", "member")):
        return Reason.MALFORMED  # it is no answer to a question
    minutes = told["minutes"]
    reasons = VoidReason.values if minutes == 0 else [""]
    is_sound = is_stay(minutes) and told["reason"] in reasons and type(told["told"]) is int and told["told"] >= 0
    return "" if is_sound and has_sound_clock(told) else Reason.MALFORMED


def is_stay(minutes) -> bool:
    """Tell whether a mark can say this of how long somebody was there: all of it, so many minutes, or not at all."""
    return minutes is None or (type(minutes) is int and 0 <= minutes <= MOST_MINUTES)


def _mark(arrival: Arrival, at: datetime, offset_ms: int) -> Mark:
    told = arrival.payload
    cohort, session, member = (uuid_of(told[name]) for name in ("cohort", "session", "member"))
    made = moment_of(arrival, offset_ms=offset_ms, at=at)
    return Mark(
        arrival.id, cohort, session, member, told["minutes"], told["reason"], told["told"], made.at, made.latest
    )


def _rounds(marks: dict[int, Mark]) -> Iterator[dict[int, Mark]]:
    """Yield marks in which no pair stands twice: the second is judged from what the first one left."""
    while marks:
        some: dict[int, Mark] = {}
        met: set[tuple] = set()
        for place, mark in marks.items():
            if mark.pair not in met:
                some[place] = mark
            met.add(mark.pair)
        marks = {place: mark for place, mark in marks.items() if place not in some}
        yield some


def _is_same(mark: Mark, event: Event) -> bool:
    """Tell whether an event is what a mark of its id said."""
    payload = progress.read(event.payload)
    if event.verb == Verb.VOIDED:
        return mark.minutes == 0 and payload["reason"] == mark.reason
    # As it was typed, where the session was shorter than that: its length may have changed since.
    typed = payload.get("typed", payload.get("minutes"))
    return payload.get("session") == str(mark.session) and mark.minutes in {None, typed}


class _Round:
    """Marks of different people or sessions: what they speak of is locked and read once, then written in few statements."""

    def __init__(self, marks: dict[int, Mark], by, at: datetime):
        self.by, self.at = by, at
        self.answers: dict[int, Answer] = {}
        self._read(marks)
        places = {place: self._place(place, mark) for place, mark in marks.items()}
        judged = {place: found for place, found in places.items() if found and self._is_to_be_written(place, found)}
        self._write(list(judged.values()))
        self._tell({place: found for place, found in places.items() if found})

    def _read(self, marks: dict[int, Mark]) -> None:
        told = list(marks.values())
        groups, people = [mark.cohort for mark in told], [mark.member for mark in told]
        rows = members_visible_to(self.by).filter(cohort__public_id__in=groups, public_id__in=people)
        self.enrolments = {one.pk: one for one in locked_enrolments(rows.values_list("enrolment", flat=True))}
        # After the wait: a group, a session or a member may have been taken away a moment ago.
        mine = cohorts_visible_to(self.by).filter(public_id__in=groups)
        self.cohorts = set(mine.values_list("public_id", flat=True))
        sessions = sessions_visible_to(self.by).filter(public_id__in=[mark.session for mark in told])
        sessions = sessions.select_related(None).select_related("cohort")  # of a course and a country nothing is said
        self.sessions = {(one.cohort.public_id, one.public_id): one for one in sessions}
        named = rows.values_list("cohort__public_id", "public_id", "enrolment", "left_at", named=True)
        self.members = {(one.cohort__public_id, one.public_id): one for one in named}
        self.events = Event.objects.in_bulk([mark.id for mark in told])
        lost = [mark for mark in told if self._is_lost(mark) and mark.id in self.events]
        theirs = Member.objects.filter(enrolment__in=[self.events[mark.id].enrolment_id for mark in lost])
        self.once_hers = set(theirs.values_list("cohort__public_id", "public_id", "enrolment"))

    def _place(self, place: int, mark: Mark) -> _Place | None:
        """Return the rows of a mark; where one is missing, answer why."""
        session, member = self.sessions.get((mark.cohort, mark.session)), self.members.get((mark.cohort, mark.member))
        enrolment = self.enrolments.get(member.enrolment) if member else None
        if session and enrolment and mark.id in self.events:
            return _Place(mark, session, enrolment)  # what stands already was judged when it first came
        if self._stands_since(mark):
            self._answer(place, mark, "duplicate")
            return None
        fault = self._fault(mark, session, member if enrolment else None)
        if fault:
            self._answer(place, mark, "rejected", fault)
            return None
        return _Place(mark, session, enrolment)

    def _is_lost(self, mark: Mark) -> bool:
        """Tell whether the group of a mark, or who is told of there, is not hers to see."""
        return mark.cohort not in self.cohorts or (mark.cohort, mark.member) not in self.members

    def _stands_since(self, mark: Mark) -> bool:
        """Tell whether she wrote a mark herself before its group was taken from her, or its member moved away.

        No more than that is hers to know.
        """
        event = self.events.get(mark.id)
        is_hers = event is not None and event.by == actor_id(self.by)
        return is_hers and (mark.cohort, mark.member, event.enrolment_id) in self.once_hers and _is_same(mark, event)

    def _fault(self, mark: Mark, session: Session | None, member) -> str:
        """Return why a mark is not taken. Of two times that can be, the one for her counts: it had begun, she had not left."""
        if mark.cohort not in self.cohorts:
            return Reason.NOT_YOUR_GROUP
        if session is None:
            return Reason.SESSION_GONE
        if member is None or (member.left_at is not None and member.left_at <= mark.at):
            return Reason.MEMBER_LEFT
        return Reason.SESSION_AHEAD if is_ahead(session, mark.latest) else ""

    def _is_to_be_written(self, place: int, found: _Place) -> bool:
        """Tell whether a mark is new and overtakes nobody; answer what it is else."""
        mark, stands = found.mark, found.standing
        if mark.id in self.events:
            self._answer(place, mark, *self._as_before(found, self.events[mark.id]))
        elif found.minutes == stands.minutes:
            self._answer(place, mark, "duplicate")
        elif mark.told != stands.told:
            self._answer(place, mark, "conflict", Reason.CHANGED_MEANWHILE)
        else:
            self._answer(place, mark, "accepted")
            return True
        return False

    def _as_before(self, found: _Place, event: Event) -> tuple[str, str]:
        """Return what a mark is whose id is taken: itself once more, or another under the same id."""
        if event.enrolment_id != found.enrolment.pk or event.by != actor_id(self.by):
            return "conflict", Reason.ID_TAKEN
        return ("duplicate", "") if _is_same(found.mark, event) else ("conflict", Reason.DIFFERENT_CONTENT)

    def _write(self, places: list[_Place]) -> None:
        """Take back and tick all at once; the enrolments of the places have their new state in memory afterwards."""
        shorter = [found for found in places if found.minutes < found.standing.minutes]
        if shorter:
            note_taken_back(taken=[self._taken_back(found) for found in shorter], by=self.by, at=self.at)
        sessions = {found.session.pk: found.session for found in places if found.minutes}
        for key in sorted(sessions):
            self._note(sessions[key], [found for found in places if found.minutes and found.session.pk == key])

    def _taken_back(self, found: _Place) -> TakenBack:
        mark = found.mark
        key, reason = (uuid.uuid4(), VoidReason.WRONG_MINUTES) if found.minutes else (mark.id, mark.reason)
        return TakenBack(found.session, found.enrolment, key, reason)

    def _note(self, session: Session, places: list[_Place]) -> None:
        ticks = [
            tick(
                found.enrolment, session, found.mark.id, minutes=found.minutes, how=How.TRAINER, at=found.mark.at,
                typed=found.mark.minutes,
            )
            for found in places
        ]  # fmt: skip
        note_present(session=session, ticks=ticks, how=How.TRAINER, by=self.by, at=self.at)

    def _answer(self, place: int, mark: Mark, status: str, reason: str = "") -> None:
        self.answers[place] = Answer(str(mark.id), status, reason)

    def _tell(self, places: dict[int, _Place]) -> None:
        """Add to each answer how she stands now, and to a conflict what was said meanwhile."""
        clashes = [(one.enrolment.pk, one.session.key) for place, one in places.items() if self._is_clash(place)]
        said = last_said(clashes) if clashes else {}
        for place, found in places.items():
            answer = self.answers[place]
            if answer.status not in TAKEN and not self._is_clash(place):
                continue
            now = _Place(found.mark, found.session, found.enrolment).standing
            words = said.get((found.enrolment.pk, found.session.key)) if self._is_clash(place) else None
            self.answers[place] = Answer(answer.id, answer.status, answer.reason, now, words)

    def _is_clash(self, place: int) -> bool:
        return self.answers[place].reason == Reason.CHANGED_MEANWHILE
