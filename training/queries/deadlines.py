"""Deadlines of groups: when one is over, and whether it was met only by records whose time is in doubt."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from training import progress
from training.choices import PHONES, Deadline, Verdict
from training.models import Attempt, Cohort, Enrolment, Event, Look, Member
from training.queries import versions
from training.queries.folded import fact_of
from training.queries.moments import milliseconds
from training.queries.standing import papers_of


def due_at(cohort: Cohort) -> dt.datetime | None:
    """Return the instant at which a cohort's deadline is over: the end of its day by the country's clock."""
    if cohort.due_on is None:
        return None
    day = cohort.due_on + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), ZoneInfo(cohort.country.time_zone))


def deadlines_in_doubt(members: Iterable[Member]) -> dict[int, Deadline]:
    """Return the deadlines that were met only by records of a time in doubt, by member; they wait for a person's word.

    What came before a deadline was over was made before it, whatever its clock told. No query where nobody finished in
    time, one where nothing that came later is in doubt, three more where something is, whosever it is.
    """
    ends = {one.pk: due_at(one.cohort) for one in members}
    finished = [one for one in members if ends[one.pk] and _finished_before(one, ends[one.pk])]
    if not finished:
        return {}
    verdicts = _late_and_in_doubt({one.enrolment_id for one in finished}, min(ends[one.pk] for one in finished))
    weighed = _weighed(set(verdicts)) if verdicts else {}
    found = {}
    for one in finished:
        if one.enrolment_id in weighed:
            found[one.pk] = weighed[one.enrolment_id].stands(ends[one.pk], verdicts[one.enrolment_id])
    return {key: deadline for key, deadline in found.items() if deadline}


def rests_on(member: Member, received_at: dt.datetime) -> bool:
    """Tell whether the deadline of a member can rest on what came at an instant: it was over, and she had finished before."""
    end = due_at(member.cohort)
    return end is not None and received_at >= end and _finished_before(member, end)


def _finished_before(member: Member, end: dt.datetime) -> bool:
    completed_at = member.enrolment.progress.completed_at
    return completed_at is not None and completed_at < end


def _hers(keys: Iterable[int]):
    """Return the events of enrolments and of those merged into them, each with the enrolment that stands as `home`."""
    rows = Event.objects.filter(Q(enrolment__in=keys) | Q(enrolment__merged_into__in=keys)).order_by()
    return rows.annotate(home=Coalesce(F("enrolment__merged_into_id"), F("enrolment_id")))


def in_doubt(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Return the events among some whose time a learner's phone told and that is in doubt.

    What bears a flag and came by another road was flagged before only phones were: no clock of hers told it.
    """
    return rows.exclude(flags="").filter(source__in=PHONES)


def _late_and_in_doubt(keys: Iterable[int], since: dt.datetime) -> dict[int, dict[str, str]]:
    """Return what came after an instant and is in doubt, by enrolment and event, with the word of who looked at it."""
    looks = Look.objects.filter(learner=OuterRef("learner"), received_at=OuterRef("received_at"))
    rows = in_doubt(_hers(keys)).filter(received_at__gte=since)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for home, key, verdict in rows.values_list("home", "pk", Subquery(looks.values("verdict"))):
        found[home][str(key)] = verdict or ""
    return found


@dataclass
class _Work:
    """What somebody did in a course, with when it came, so that it can be counted by either time."""

    enrolment: Enrolment
    attempts: list[Attempt]
    events: list[Event]

    def stands(self, end: dt.datetime, verdicts: Mapping[str, str]) -> Deadline | None:
        """Return how a deadline stands that is met where each record is believed; None: it is met all the same."""
        wrong = {key for key, verdict in verdicts.items() if verdict == Verdict.WRONG}
        if not self._is_met(end, wrong):
            return Deadline.MISSED
        open_ones = {key for key, verdict in verdicts.items() if verdict != Verdict.RIGHT}
        return None if self._is_met(end, open_ones) else Deadline.WAITS

    def _is_met(self, end: dt.datetime, doubted: set[str]) -> bool:
        """Tell whether the course was complete in time, where what is doubted happened when it came."""
        papers = {str(one.public_id): progress.paper_of(str(one.public_id), one.paper) for one in self.attempts}
        facts = [
            replace(fact, at=milliseconds(event.received_at)) if fact.id in doubted else fact
            for event in self.events
            for fact in [fact_of(event)]
        ]
        state = progress.fold(facts, papers)
        at, _track = progress.completion(state, versions.pinned(self.enrolment, state), papers)
        return at is not None and at < milliseconds(end)


def _weighed(keys: set[int]) -> dict[int, _Work]:
    rows = Enrolment.objects.filter(pk__in=keys).select_related("version")
    found = {row.pk: _Work(row, [], []) for row in rows}
    for attempt in papers_of(keys):
        found[attempt.enrolment_id].attempts.append(attempt)
    for event in _hers(keys).select_related("course_version").defer("course_version__body"):
        found[event.home].events.append(event)
    return found
