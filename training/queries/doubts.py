"""What phones sent that was refused, or that counts with a time in doubt, for who looks after the learners."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from training.choices import REFUSED_KEPT, Deadline, Flag, Verb
from training.models import Event, Learner, Look, Member, RefusedEvent
from training.queries.cohorts import cohorts_visible_to
from training.queries.course_rows import Words
from training.queries.deadlines import deadlines_in_doubt, in_doubt, rests_on
from training.queries.learners import learners_visible_to
from training.queries.moments import moment
from training.queries.off import courses_told
from training.queries.refusals import Refusal, refusal_of


@dataclass(frozen=True)
class InDoubt:
    """What of one sending counts with a time in doubt: how many of each kind, of which courses, why it is doubted.

    `told` is what the clock of the phone said, at first and at last, `counted` at what time it counts.
    """

    many: tuple[tuple[int, str], ...]
    courses: tuple[Words, ...]
    told: tuple[dt.datetime, dt.datetime]
    counted: tuple[dt.datetime, dt.datetime]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Doubtful:
    """One sending of a learner: what was refused of it, what is in doubt, which deadlines rest on it, who has looked at it.

    `learner` is who has the account; `sender` under whom it came, who is another one where a code was taken into it.
    `is_left`: a deadline of a group that the reader does not run can rest on it, so that its word is somebody else's.
    """

    learner: Learner
    sender: Learner
    received_at: dt.datetime
    refused: tuple[tuple[int, Refusal], ...]
    in_doubt: InDoubt | None
    deadlines: tuple[str, ...]
    is_left: bool
    look: Look | None

    @property
    def came(self) -> str:
        """Return when it came, exactly, as a form sends it back."""
        return self.received_at.isoformat()


def senders_visible_to(user) -> QuerySet[Learner]:
    """Return the learners whose sendings a person looks after: those whose names she may read, never herself."""
    people = learners_visible_to(user).exclude(pk=user.pk).values("pk")
    return Learner.objects.filter(Q(user__in=people) | Q(merged_into__user__in=people))


def sendings_visible_to(user, *, at: dt.datetime, looked: bool = False) -> QuerySet:
    """Return the sendings that wait for somebody to look, or those of late that were looked at: learner and when it came.

    The newest come first. What was refused is told as long as it is kept; what is in doubt waits until somebody looks.
    """
    since, senders = at - REFUSED_KEPT, senders_visible_to(user).values("pk")
    events = in_doubt(Event.objects.all())
    events = events.filter(received_at__gte=since) if looked else events
    refused = RefusedEvent.objects.filter(received_at__gte=since)
    looks = Look.objects.filter(learner=OuterRef("learner"), received_at=OuterRef("received_at"))
    told = Exists(looks) if looked else ~Exists(looks)
    doubted, refused = (
        rows.filter(told, learner__in=senders).order_by().values_list("learner_id", "received_at")
        for rows in (events, refused)
    )
    return doubted.union(refused).order_by("-received_at", "learner_id")


def doubtful(user, sendings: Iterable[tuple[int, dt.datetime]], language: str) -> list[Doubtful]:
    """Return some sendings as a page tells them, never what was answered; twelve queries at most, however many."""
    sendings = list(sendings)
    if not sendings:
        return []
    keys, times = {key for key, _at in sendings}, {at for _key, at in sendings}
    senders = Learner.objects.select_related("user__office", "merged_into__user__office").in_bulk(keys)
    events = _by_sending(_events_of(keys, times))
    refused = _by_sending(RefusedEvent.objects.filter(learner__in=keys, received_at__in=times))
    looks = _by_sending(Look.objects.filter(learner__in=keys, received_at__in=times).select_related("by"))
    courses = {row.page: row for row in courses_told(language)}
    lessons = {lesson.id: lesson.heading for row in courses.values() for lesson in row.lessons}
    members = _members_due(user, {one.home for some in events.values() for one in some})
    waiting = _deadlines_waiting(one for one in members if one.is_hers)
    return [
        Doubtful(
            learner=senders[key].merged_into or senders[key],
            sender=senders[key],
            received_at=at,
            refused=_told_once(refusal_of(row, lessons) for row in refused.get((key, at), ())),
            in_doubt=_in_doubt(events[key, at], courses) if (key, at) in events else None,
            deadlines=tuple(
                dict.fromkeys(name for one in events.get((key, at), ()) for name in waiting.get(one.home, ()))
            ),
            is_left=_is_left(members, events.get((key, at), ()), at),
            look=next(iter(looks.get((key, at), ())), None),
        )
        for key, at in sendings
    ]


def waiting_for(user, *, at: dt.datetime) -> int:
    """Return how many sendings wait for this person, or another who looks after the learner, to look; one query."""
    return sendings_visible_to(user, at=at).count()


def is_doubtful(sender: Learner, received_at: dt.datetime) -> tuple[bool, bool]:
    """Tell whether of a sending something was refused, and whether something of it is in doubt."""
    which = {"learner": sender, "received_at": received_at}
    return RefusedEvent.objects.filter(**which).exists(), in_doubt(Event.objects.filter(**which)).exists()


def is_left_to_others(user, sender: Learner, received_at: dt.datetime) -> bool:
    """Tell whether a deadline of a group that a person does not run can rest on what is in doubt of a sending."""
    events = _events_of({sender.pk}, {received_at})
    return _is_left(_members_due(user, {one.home for one in events}), events, received_at)


def holder_of(sender: Learner) -> User | None:
    """Return whose account a sending counts in."""
    return (sender.merged_into or sender).user


def _events_of(keys: set[int], times: set[dt.datetime]) -> list[Event]:
    rows = in_doubt(Event.objects.filter(learner__in=keys, received_at__in=times))
    rows = rows.select_related("course_version", "enrolment").only(
        "learner_id", "verb", "flags", "occurred_at", "clock_offset_ms", "received_at",
        "course_version__course_id", "enrolment__merged_into_id",
    )  # fmt: skip
    found = list(rows)
    for event in found:
        event.home = event.enrolment.merged_into_id or event.enrolment_id
    return found


def _by_sending(rows: Iterable) -> dict[tuple[int, dt.datetime], list]:
    found: dict[tuple[int, dt.datetime], list] = {}
    for row in rows:
        found.setdefault((row.learner_id, row.received_at), []).append(row)
    return found


def _told_once(refusals: Iterable[Refusal]) -> tuple[tuple[int, Refusal], ...]:
    return tuple((many, one) for one, many in Counter(refusals).most_common())


def _in_doubt(events: list[Event], courses: dict) -> InDoubt:
    flags = {flag for event in events for flag in event.flags.split()}
    pages = dict.fromkeys(event.course_version.course_id for event in events)
    told, counted = [event.occurred_at for event in events], [moment(event) for event in events]
    return InDoubt(
        many=tuple(
            (many, str(Verb(verb).label)) for verb, many in Counter(event.verb for event in events).most_common()
        ),
        courses=tuple(courses[page].named for page in pages if page in courses),
        told=(min(told), max(told)),
        counted=(min(counted), max(counted)),
        reasons=tuple(str(flag.label) for flag in Flag if flag in flags),
    )


def _members_due(user, enrolments: set[int]) -> list[Member]:
    """Return the places of these in groups that have a deadline, each with whether the person runs the group (`is_hers`)."""
    if not enrolments:
        return []
    rows = Member.objects.inside().filter(enrolment__in=enrolments, cohort__due_on__isnull=False)
    rows = rows.annotate(is_hers=Exists(cohorts_visible_to(user).filter(pk=OuterRef("cohort"))))
    return list(rows.select_related("cohort__country", "enrolment__progress").order_by("cohort__name", "pk"))


def _is_left(members: Iterable[Member], events: Iterable[Event], received_at: dt.datetime) -> bool:
    homes = {one.home for one in events}
    return any(one.enrolment_id in homes and not one.is_hers and rests_on(one, received_at) for one in members)


def _deadlines_waiting(members: Iterable[Member]) -> dict[int, list[str]]:
    """Return the names of the groups whose deadline waits for a person's word, by enrolment."""
    members = list(members)
    doubts = deadlines_in_doubt(members)
    found: dict[int, list[str]] = {}
    for one in members:
        if doubts.get(one.pk) == Deadline.WAITS:
            found.setdefault(one.enrolment_id, []).append(one.cohort.name)
    return found
