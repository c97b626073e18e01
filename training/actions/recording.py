"""Events in: validated one by one, stored at most once, folded into progress, all in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from django.db import transaction

from languages import table
from training import progress
from training.actions.attending import Sent, fault_of_attendance
from training.actions.certifying import issue_at_once
from training.actions.events import (
    AHEAD,
    Arrival,
    NotRecorded,
    Outcome,
    Sending,
    event_of,
    happened_at,
    is_house_made,
    is_moved,
    move_of,
)
from training.actions.figures import mark_figures
from training.actions.folding import fill_result, save_progress
from training.actions.holding import Held
from training.actions.payloads import LIMIT, WITHOUT_ACTIVITY, fault_of, fault_of_whole
from training.actions.places import NotOffered, begin, demand_standing, place_in
from training.actions.refusals import keep_refused
from training.choices import LEARNER_VERBS, PHONES, Flag, Reason, Source, Verb
from training.models import Attempt, Course, CourseVersion, Enrolment, Event, Learner, RefusedEvent
from training.queries import versions
from training.queries.folded import fact_of
from training.queries.gone import edition_without
from training.queries.holders import hold_learners
from training.queries.moments import moment
from training.queries.standing import papers_of

OWN = frozenset({Source.WEB, Source.FORM, Source.KEPT})  # the roads by which a learner tells of herself


class EventVanished(RuntimeError):
    """Raised when a stored event is absent afterwards and no rival holds its place: the batch is rolled back."""


@transaction.atomic
def record_events(
    *, learner: Learner, arrivals: list[Arrival], source: str, at: datetime, by: str = "", offset_ms: int = 0
) -> list[Outcome]:
    """Store what is new and sound, tell what became of each event, and fold the new ones into progress.

    Raises CodeGone where the learner's code was taken over or erased, also while this waited: nothing is judged then.
    """
    batch = _Batch(learner, arrivals, source, at, by, offset_ms)
    events = batch.sift()
    batch.begin(events)
    stored = batch.store(events)
    batch.fold(stored)
    batch.keep_refused()
    batch.certify(stored)
    return [
        Outcome(arrival.name or str(arrival.id or ""), *batch.outcomes[place])
        for place, arrival in enumerate(arrivals)
    ]


@transaction.atomic
def record_or_raise(*, learner: Learner, arrivals: list[Arrival], at: datetime, by: str = "") -> None:
    """Store events that staff or the system write, all of them, or raise `NotRecorded` and store none.

    A repeat of itself is taken as stored.
    """
    outcomes = record_events(learner=learner, arrivals=arrivals, source=Source.SYSTEM, at=at, by=by)
    for outcome in outcomes:
        if outcome.status not in {"accepted", "duplicate"}:
            raise NotRecorded(outcome.reason)


def let_go(*, enrolment: Enrolment, at: datetime) -> bool:
    """Move somebody to whom only what was taken off is left to the edition without it, as an event; tell whether she was.

    Whoever asks holds the enrolment. With the move comes what she has earned by it.
    """
    newest = edition_without(enrolment)
    if newest is None:
        return False
    language = enrolment.progress.language or table.SOURCE
    move = move_of(enrolment.version, newest, language, at)
    record_or_raise(learner=enrolment.learner, arrivals=[move], at=at)
    return True


def _as_sent(arrival: Arrival) -> str:
    """Return an event that came by a form in the shape in which a page would have sent it."""
    told = {"verb": arrival.verb, "activity": arrival.activity, "version": arrival.version, "payload": arrival.payload}
    return progress.canonical(told)


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


class _Batch:
    """One sending: what it touches, read once, and what became of each of its events."""

    def __init__(self, learner, arrivals, source, at, by, offset_ms):
        self.learner, self.arrivals, self.source, self.at = learner, arrivals, source, at
        self.sending = Sending(source, at, by, offset_ms)
        self.outcomes: dict[int, tuple[str, str]] = {}
        self.not_offered: set[int] = set()
        self.versions = self._versions()
        self.enrolments = self._enrolments()
        self.attempts: dict[int | None, dict[str, Attempt]] = {None: {}}  # under None: of a course not begun
        self.papers: dict[int | None, dict[str, progress.Paper]] = {None: {}}
        self._read_tests(self.enrolments.values())

    def _versions(self) -> dict[str, CourseVersion]:
        keys = {arrival.version for arrival in self.arrivals if not arrival.fault and _is_uuid(arrival.version)}
        columns = ("public_id", "body", "country", "course__key", "course__is_open")
        rows = CourseVersion.objects.select_related("course").only(*columns)
        found = rows.filter(public_id__in=keys) if keys else []
        return {str(version.public_id): version for version in found}

    def _enrolments(self) -> dict[int, Enrolment]:
        """Return her enrolments in the courses of this sending, held; so is she where one of them may begin here."""
        courses = {version.course_id for version in self.versions.values()}
        if len(courses) > 1:
            hold_learners([self.learner])  # before her enrolments, as at a claim
        held = self._held(courses)
        if held:  # still hers: whoever takes a code over or erases it locks all that it has begun
            return held
        demand_standing(self.learner)
        return self._held(courses)  # what another act has begun while this waited

    def _held(self, courses: Iterable[int]) -> dict[int, Enrolment]:
        """Lock her enrolments in some courses, then read what stands: one that waited sees what the first wrote."""
        mine = Enrolment.objects.filter(learner=self.learner, course__in=courses, merged_into=None).order_by("pk")
        if not list(mine.select_for_update(no_key=True).values_list("pk")):
            return {}
        return {enrolment.course_id: enrolment for enrolment in mine.select_related("version", "progress")}

    def _read_tests(self, enrolments: Iterable[Enrolment]) -> None:
        """Read her tests by enrolment: the paper of one course is none in another."""
        found: dict[int, dict[str, Attempt]] = {row.pk: {} for row in enrolments}
        for attempt in papers_of(found):
            found[attempt.enrolment_id][str(attempt.public_id)] = attempt
        self.attempts |= found
        for key, attempts in found.items():
            self.papers[key] = {one: progress.paper_of(one, attempt.paper) for one, attempt in attempts.items()}

    def begin(self, events: list[tuple[int, Event]]) -> None:
        """Enrol her in the courses that sound events begin; what was refused, or is not hers to send, begins none."""
        sound = {event.course_version.course_id for _place, event in events}
        places = [place for course, place in sorted(self.enrolments.items()) if place.pk is None]
        new = [begin(place) for place in places if place.course_id in sound]
        self.enrolments = {course: one for course, one in self.enrolments.items() if one.pk is not None}
        if not new:
            return
        held = self._held([enrolment.course_id for enrolment in new])
        self._read_tests(held.values())
        self.enrolments |= held
        for _place, event in events:
            event.enrolment = self.enrolments[event.course_version.course_id]

    def sift(self) -> list[tuple[int, Event]]:
        """Return the sound events that are not stored yet, with their place in the batch; note the rest."""
        sound = []
        for place, arrival in enumerate(self.arrivals):
            reason = arrival.fault or self._fault(arrival)
            if reason:
                self.outcomes[place] = ("rejected", reason)
            elif self.source in PHONES and is_house_made(arrival.id):  # behind a form the house makes it
                self.outcomes[place] = ("conflict", Reason.ID_TAKEN)  # upon which a phone draws another one
            else:
                sound.append((place, self._event(arrival)))
        held = Held(self.learner, [event for _place, event in sound])
        fresh = []
        for place, event in sound:
            status, reason = held.outcome(event)
            self.outcomes[place] = (status, reason)
            if status == "accepted":
                held.hold(event)
                fresh.append((place, event))
        return fresh

    def _fault(self, arrival: Arrival) -> str:
        """Return why an event is not taken, or nothing."""
        if arrival.verb not in Verb.values:
            return Reason.UNKNOWN_VERB
        if self.source in OWN and arrival.verb not in LEARNER_VERBS:
            return Reason.STAFF_ONLY
        version = self.versions.get(arrival.version)
        if version is None:
            return Reason.UNKNOWN_VERSION
        if fault := self._fault_of_place(version.course):
            return fault
        if arrival.language not in table.CODES:
            return Reason.UNKNOWN_LANGUAGE
        return self._fault_of_payload(arrival, versions.value_of(version))

    def _fault_of_place(self, course: Course) -> str:
        """Return why she has no place in a course and may not begin it; one that she may begin is stored later."""
        if course.pk in self.enrolments:
            return ""
        if not course.is_open:
            return Reason.NOT_ENROLLED
        if course.pk not in self.not_offered:
            try:
                self.enrolments[course.pk] = place_in(
                    learner=self.learner, course=course, country=self.learner.home, at=self.at
                )
            except NotOffered:
                self.not_offered.add(course.pk)
        return Reason.NOT_OFFERED if course.pk in self.not_offered else ""

    def _fault_of_payload(self, arrival: Arrival, version: progress.Version) -> str:
        if arrival.verb in WITHOUT_ACTIVITY:
            fault = fault_of_whole(arrival.verb, arrival.payload, version)
            return fault or (self._fault_of_attendance(arrival) if arrival.verb == Verb.ATTENDED else "")
        activity = version.activity(arrival.activity)
        if activity is None:
            return Reason.UNKNOWN_ACTIVITY
        fault = fault_of(arrival.verb, arrival.payload, activity, self.papers[self._enrolment(arrival).pk])
        return fault or (self._fault_of_time(arrival) if arrival.verb == Verb.SUBMITTED else "")

    def _fault_of_time(self, arrival: Arrival) -> str:
        """Refuse a paper that a phone took along and that was answered before the hours between two tries were over."""
        attempt = self.attempts[self._enrolment(arrival).pk][arrival.payload["attempt"]]
        if attempt.opens_at is None or attempt.submitted_at is not None:
            return ""
        is_early = self._moment(arrival) < attempt.opens_at - AHEAD
        return Reason.TEST_AHEAD if is_early else ""

    def _fault_of_attendance(self, arrival: Arrival) -> str:
        there, moment_there = self._enrolment(arrival), self._moment(arrival)
        sent = Sent(arrival.id, there, arrival.payload, moment_there, self.source in OWN)
        return fault_of_attendance(sent, at=self.at)

    def _moment(self, arrival: Arrival) -> datetime:
        return happened_at(arrival, offset_ms=self.sending.offset_ms, at=self.at)

    def _enrolment(self, arrival: Arrival) -> Enrolment:
        """Return the enrolment that an event is of: hers in the course of its edition."""
        return self.enrolments[self.versions[arrival.version].course_id]

    def _event(self, arrival: Arrival) -> Event:
        version, sending = self.versions[arrival.version], replace(self.sending, moved=self._moved)
        return event_of(arrival, self._enrolment(arrival), version, self.learner, sending)

    @cached_property
    def _moved(self) -> frozenset[uuid.UUID]:
        """The devices whose clock was set anew since they last sent; what no clock can be right about tells nothing of it."""
        named = {arrival.device for arrival in self.arrivals if not arrival.fault and arrival.device is not None}
        return frozenset(one for one in named if self.source in PHONES and self._is_moved(one))

    def _is_moved(self, device: uuid.UUID) -> bool:
        rows = Event.objects.filter(learner=self.learner, device=device).exclude(flags__contains=Flag.CLOCK_OLD)
        before = rows.order_by("-device_seq").values_list("clock_offset_ms", flat=True).first()
        return before is not None and is_moved(before, self.sending.offset_ms)

    def store(self, events: list[tuple[int, Event]]) -> list[Event]:
        """Insert, read back what really stands there, and give rivals their outcome."""
        if not events:
            return []
        Event.objects.bulk_create([event for _place, event in events], ignore_conflicts=True)
        standing = Held(self.learner, [event for _place, event in events])
        kept = []
        for place, event in events:
            status, reason = standing.outcome(event)
            if status == "duplicate":
                kept.append(event)
            elif status == "conflict":
                self.outcomes[place] = (status, reason)
            else:
                raise EventVanished(f"Event {event.id} was not stored and nothing stands in its place.")
        return kept

    def fold(self, events: list[Event]) -> None:
        """Join the new events onto the progress of their enrolments."""
        by_enrolment: dict[int, list[Event]] = {}
        for event in events:
            by_enrolment.setdefault(event.enrolment_id, []).append(event)
        for enrolment in self.enrolments.values():
            if new := by_enrolment.get(enrolment.pk):
                self._close_attempts(enrolment, new)
                self._move(enrolment, new)
                row = save_progress(enrolment, [fact_of(event) for event in new], self.papers[enrolment.pk])
                self._mark_anew(enrolment, new, progress.read_state(row.state))
        mark_figures(events)

    def _close_attempts(self, enrolment: Enrolment, events: list[Event]) -> None:
        papers = self.papers[enrolment.pk]
        for event in events:
            if event.verb != Verb.SUBMITTED:
                continue
            key = str(event.attempt)
            attempt = self.attempts[enrolment.pk][key]
            points = progress.of_event(fact_of(event), papers)["points"][key]
            fill_result(attempt, points, papers[key])
            attempt.submitted_at = moment(event)
            attempt.save(update_fields=["right", "passed", "submitted_at"])

    def _mark_anew(self, enrolment: Enrolment, events: list[Event], state: progress.State) -> None:
        """Write what corrected keys make of a test; a pass stays one, since points join by the greatest."""
        for key in sorted({str(event.attempt) for event in events if event.verb == Verb.REGRADED}):
            attempt, points = self.attempts[enrolment.pk][key], state["points"][key]
            fill_result(attempt, points, self.papers[enrolment.pk][key])
            attempt.save(update_fields=["right", "passed"])

    def _move(self, enrolment: Enrolment, events: list[Event]) -> None:
        for event in events:
            if event.verb == Verb.MOVED:
                enrolment.version = event.course_version
                enrolment.save(update_fields=["version"])

    def certify(self, events: list[Event]) -> None:
        """Issue the certificates that these events have earned, in the same transaction."""
        touched = {event.enrolment_id for event in events}
        for enrolment in self.enrolments.values():
            if enrolment.pk in touched:
                enrolment.learner = self.learner
                if not let_go(enrolment=enrolment, at=self.at):
                    issue_at_once(enrolment=enrolment, at=self.at)

    def keep_refused(self) -> None:
        """Keep what was not taken, for a person to look at."""
        refused = [
            RefusedEvent(
                learner=self.learner, event=str(arrival.id or "")[:40], reason=self.outcomes[place][1],
                body=(arrival.raw or _as_sent(arrival))[:LIMIT], received_at=self.at,
            )
            for place, arrival in enumerate(self.arrivals)
            if self.outcomes[place][0] == "rejected"
        ]  # fmt: skip
        keep_refused(self.learner, refused, at=self.at)
