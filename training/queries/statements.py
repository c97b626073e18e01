"""Events as statements, streamed: a few queries for each thousand, whatever their number."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db.models import F, QuerySet

from training import grading, progress, xapi
from training.choices import Verb
from training.models import Attempt, CourseVersion, Event
from training.queries import versions
from training.queries.completion import countries_visible_to

AT_ONCE = 1000
Numbered = Callable[[uuid.UUID], uuid.UUID]
HEIR = "learner__merged_into__user__public_id"  # the account that took a code over


def events_between(since: dt.datetime | None, until: dt.datetime | None, *, user=None) -> QuerySet[Event]:
    """Return the events that arrived from an instant on and before another; of a person, those of her countries.

    The events of who learns or learned with a progress code are an administrator's alone.
    """
    events = Event.objects.order_by("received_at", "id")
    if since:
        events = events.filter(received_at__gte=since)
    if until:
        events = events.filter(received_at__lt=until)
    if user is not None and not user.has_role("administrator"):
        events = events.filter(learner__user__country__in=countries_visible_to(user))
    return events


def statement_lines(events: QuerySet[Event], *, base: str, numbered: Numbered, with_choices: bool) -> Iterator[str]:
    """Yield each statement of some events as a line of JSON.

    `numbered` gives the number under which somebody, a course of hers or a test stands there; `with_choices`: which of the
    offered answers she chose.
    """
    rows = events.select_related("learner", "enrolment").defer("sha256")
    rows = rows.annotate(course=F("enrolment__course__key"), account=F("learner__user__public_id"), heir=F(HEIR))
    known: dict[int, CourseVersion] = {}
    stream = rows.iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(stream, AT_ONCE)):
        for happened in _happened(chunk, known, numbered):
            for statement in xapi.statements_of(happened, base=base, with_choices=with_choices):
                yield json.dumps(statement, ensure_ascii=False, separators=(",", ":")) + "\n"


def _happened(chunk: list[Event], known: dict[int, CourseVersion], numbered: Numbered) -> Iterator[xapi.Happened]:
    missing = {event.course_version_id for event in chunk} - set(known)
    known |= CourseVersion.objects.in_bulk(missing)
    voiding = [progress.read(event.payload) for event in chunk if event.verb == Verb.VOIDED]
    results = _results(chunk)
    papers = _papers_of(uuid.UUID(key) for payload in voiding for key in payload.get("attempts", []))
    for event in chunk:
        yield _of(event, known[event.course_version_id], results.get(event.pk), papers, numbered)


def _papers_of(attempts: Iterable[uuid.UUID]) -> dict[str, uuid.UUID]:
    """Return the event by which each attempt was handed in."""
    keys = set(attempts)
    rows = Event.objects.filter(verb=Verb.SUBMITTED, attempt__in=keys).values_list("attempt", "id") if keys else []
    return {str(attempt): event for attempt, event in rows}


def _results(chunk: list[Event]) -> dict[uuid.UUID, xapi.Result]:
    """Return how a test stood right after each event by which it was handed in or an answer was marked anew.

    It is told by the events up to that one, so that a statement stays as it was sent, whatever follows.
    """
    marked = [event for event in chunk if event.verb in (Verb.SUBMITTED, Verb.REGRADED) and event.attempt]
    attempts = Attempt.objects.filter(public_id__in={event.attempt for event in marked}) if marked else ()
    bodies = {attempt.public_id: attempt.paper for attempt in attempts}
    anew = {event.attempt for event in marked if event.verb == Verb.REGRADED}
    ends = Event.objects.filter(attempt__in=anew, verb__in=(Verb.SUBMITTED, Verb.REGRADED)) if anew else ()
    known = {event.pk: event for event in (*marked, *ends)}
    by_attempt: dict[uuid.UUID, list[Event]] = {}
    for event in sorted(known.values(), key=lambda one: (one.verb != Verb.SUBMITTED, one.received_at, one.pk)):
        by_attempt.setdefault(event.attempt, []).append(event)
    return {
        pk: result
        for attempt, events in by_attempt.items()
        if attempt in bodies and events[0].verb == Verb.SUBMITTED
        for pk, result in _of_paper(progress.paper_of(str(attempt), bodies[attempt]), events)
    }


def _of_paper(paper: progress.Paper, events: list[Event]) -> Iterator[tuple[uuid.UUID, xapi.Result]]:
    """Yield the result of a paper after each of its events; marks rise and never fall, as the fold has them."""
    told = [progress.read(event.payload) for event in events]
    given = {answer["item"]: answer["response"] for answer in told[0]["answers"]}
    points = {item.id: grading.grade(item, given.get(item.id)).points for item in paper.items}
    for event, payload in zip(events, told, strict=True):
        if event.verb == Verb.REGRADED:
            points[payload["item"]] = max(points.get(payload["item"], 0), payload["points"])
        right = sum(1 for value in points.values() if value == grading.FULL)
        passed = None if paper.form == progress.PRE else grading.passes(points, paper.rule)
        yield event.pk, xapi.Result(right, len(paper.items), passed)


def _of(
    event: Event, version: CourseVersion, result: xapi.Result | None, papers: dict, numbered: Numbered
) -> xapi.Happened:
    payload = progress.read(event.payload)
    place = versions.value_of(version).activity(str(event.activity or ""))
    targets: tuple[uuid.UUID, ...] = ()
    if event.verb == Verb.VOIDED:
        handed_in = [papers[key] for key in payload.get("attempts", []) if key in papers]
        targets = tuple(dict.fromkeys([*handed_in, *map(uuid.UUID, payload.get("events", []))]))
    return xapi.Happened(
        id=event.id,
        learner=numbered(event.learner.public_id),
        enrolment=numbered(event.enrolment.public_id),
        course=event.course,
        version=version.public_id,
        edition=version.number,
        verb=event.verb,
        activity=str(event.activity or ""),
        place=place.kind if place else "lesson",
        language=event.language,
        at=min(event.occurred_at + dt.timedelta(milliseconds=event.clock_offset_ms), event.received_at),
        stored=event.received_at,
        source=event.source,
        by=_staff(event, numbered),
        payload=payload | ({"attempt": str(numbered(event.attempt))} if event.attempt else {}),
        items={item.id: item.kind for item in place.items} if place else {},
        targets=targets,
        result=result,
    )


def _staff(event: Event, numbered: Numbered) -> uuid.UUID | None:
    """Return the number of who of the staff did it for the learner; none where she did it, by whichever of her names."""
    try:
        by = uuid.UUID(event.by)
    except ValueError:
        return None
    return None if by in {event.account, event.heir, event.learner.public_id} else numbered(by)
