"""Events of many learners, noted by staff: stored and folded together, in as many statements as for one."""

from collections.abc import Iterable

from accounts.models import User
from languages import table
from training import progress
from training.actions.certifying import issue_at_once
from training.actions.events import Arrival, NotRecorded, Sending, event_of
from training.actions.folding import COLUMNS, join_facts
from training.choices import Reason
from training.models import Attempt, CourseVersion, Enrolment, Event, Progress
from training.queries import versions
from training.queries.folded import fact_of

UNREAD = tuple(
    f"learner__user__{field.attname}"
    for field in User._meta.concrete_fields
    if field.attname not in {"id", "language"}
)  # of a person an event bears her language


def locked_enrolments(keys: Iterable[int]) -> list[Enrolment]:
    """Lock enrolments, in the order in which all do, then read what stands: one that waited sees what the first wrote."""
    rows = Enrolment.objects.filter(pk__in=list(keys)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    found = list(rows.select_related("learner__user", "progress").defer(*UNREAD))
    editions = CourseVersion.objects.in_bulk({one.version_id for one in found})
    for one in found:
        one.version = editions[one.version_id]
    return found


def record_for_all(told: list[tuple[Enrolment, Arrival]], sending: Sending) -> int:
    """Store events of learners that are sound and fold them into their progress; return how many were new.

    Part of a larger act, which has judged the events and holds the enrolments. What stands already is left as it is; an
    id under which something else stands raises `NotRecorded`, and so does a language that the house does not know.
    """
    if any(arrival.language not in table.CODES for _one, arrival in told):
        raise NotRecorded(Reason.UNKNOWN_LANGUAGE)
    events = {arrival.id: event_of(arrival, one, one.version, one.learner, sending) for one, arrival in told}
    standing = set(Event.objects.filter(pk__in=events).values_list("pk", flat=True))
    fresh = [event for key, event in events.items() if key not in standing]
    Event.objects.bulk_create(fresh, ignore_conflicts=True)
    stored = set(Event.objects.filter(pk__in=events).values_list("pk", "sha256"))
    if stored != {(event.pk, event.sha256) for event in events.values()}:
        raise NotRecorded(Reason.ID_TAKEN)
    _fold(fresh)
    return len(fresh)


def _fold(events: list[Event]) -> None:
    """Join events onto the progress of their enrolments; a certificate is looked for only where something was completed."""
    papers = _papers(events)
    states = {one.pk: progress.read_state(one.progress.state) for one in {event.enrolment for event in events}}
    versions.values_of({key for state in states.values() for key in state["pinned"]})  # from here on in memory
    by_enrolment: dict[int, list[Event]] = {}
    for event in events:
        by_enrolment.setdefault(event.enrolment_id, []).append(event)
    rows, completed = [], []
    for key, hers in by_enrolment.items():
        enrolment = hers[0].enrolment
        before = enrolment.progress.completed_at
        row = join_facts(enrolment, [fact_of(event) for event in hers], papers.get(key, {}), states[key])
        rows.append(row)
        if row.completed_at != before:
            completed.append((enrolment, hers[0].received_at))
    Progress.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
    for enrolment, at in completed:
        issue_at_once(enrolment=enrolment, at=at)


def _papers(events: list[Event]) -> dict[int, dict[str, progress.Paper]]:
    """Return the papers of the tests of each enrolment, by their attempts."""
    found: dict[int, dict[str, progress.Paper]] = {}
    rows = Attempt.objects.filter(enrolment__in=[event.enrolment_id for event in events])
    for enrolment, key, paper in rows.values_list("enrolment", "public_id", "paper"):
        found.setdefault(enrolment, {})[str(key)] = progress.paper_of(str(key), paper)
    return found
