"""Counting ahead for the reports: who is how far and who is trained, by office; where people stop in a course."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum

from accounts.actions import alone, first_due
from accounts.choices import Role
from accounts.models import User
from languages import table
from training import progress
from training.choices import Form, Trained
from training.models import (
    Attempt,
    Counted,
    Course,
    LessonCount,
    OfficeCount,
    OfficePeople,
    Progress,
    TrainedSpan,
)
from training.queries.reading import CourseRow, courses
from training.queries.small_numbers import SMALLEST

READINESS = "readiness"
EVERY, LESSONS_EVERY = timedelta(hours=1), timedelta(days=1)
AHEAD = timedelta(days=90)
STILL = timedelta(days=30)  # who did nothing for so long has stopped
AT_ONCE = 2000
OF_PROGRESS = (
    "enrolment__course",
    "enrolment__learner__user__country",
    "enrolment__learner__user__office",
    "language",
)
OF_SPAN = ("course", "user__country", "user__office", "language")


def count_due_readiness(*, at: datetime) -> int:
    """Count who is trained where, once an hour; return whether it was counted."""
    if Counted.objects.filter(what=READINESS, at__gt=at - EVERY, at__lte=at).exists():
        return 0
    count_readiness(at=at)
    return 1


@transaction.atomic
def count_readiness(*, at: datetime) -> None:
    """Count the officials of each office, how far they are and who is trained, anew; a few grouped queries."""
    _note(READINESS, at)
    OfficeCount.objects.all().delete()
    OfficeCount.objects.bulk_create(_office_counts(at), batch_size=AT_ONCE)
    OfficePeople.objects.all().delete()
    OfficePeople.objects.bulk_create(_office_people(at), batch_size=AT_ONCE)


def _note(what: str, at: datetime) -> None:
    """Note the count, first of all: two counts at once wait for each other here."""
    Counted.objects.update_or_create(what=what, defaults={"at": at})


def _counted(path: str) -> Q:
    """Return who is counted: learners with a country and an account that works."""
    return Q(
        **{
            f"{path}is_active": True,
            f"{path}roles__contains": f",{Role.LEARNER},",
            f"{path}country__is_active": True,
        }
    )


def _begun():
    """Return the progress of who began a course; who was let into a group and has opened nothing has not."""
    return Progress.objects.filter(_counted("enrolment__learner__user__"), last_at__isnull=False).order_by()


def _spans():
    return TrainedSpan.objects.filter(_counted("user__")).order_by()


def _holding(at: datetime):
    return _spans().filter(Q(ends=None) | Q(ends__gt=at), begins__lte=at)


def _office_counts(at: datetime) -> Iterator[OfficeCount]:
    found: dict[tuple, dict] = defaultdict(dict)
    finished = Count("pk", filter=Q(completed_at__isnull=False))
    for *key, begun, ended in _begun().values_list(*OF_PROGRESS).annotate(begun=Count("pk"), ended=finished):
        found[tuple(key)] |= {"begun": begun, "finished": ended}
    of_state = {state: Count("pk", filter=Q(state=state)) for state in Trained.values}
    again = ~Q(state=Trained.CURRENT)
    minutes = {"least": Min("minutes", filter=again), "minutes": Sum("minutes", filter=again, default=0)}
    for row in _holding(at).values(*OF_SPAN).annotate(**of_state, **minutes):
        found[tuple(row.pop(name) for name in OF_SPAN)] |= row
    lapsing = _spans().filter(state=Trained.LAPSED, begins__gt=at, begins__lte=at + AHEAD)
    for *key, many in lapsing.values_list(*OF_SPAN).annotate(many=Count("pk")):
        found[tuple(key)] |= {"lapsing": many}
    for (course, country, office, language), numbers in found.items():
        yield OfficeCount(course_id=course, country_id=country, office_id=office, language=language, **numbers)


def _office_people(at: datetime) -> Iterator[OfficePeople]:
    people = User.objects.filter(_counted("")).order_by().values_list("country", "office").annotate(many=Count("pk"))
    place, whole = OF_PROGRESS[1:3], Count("enrolment__learner", distinct=True)
    begun = {tuple(key): many for *key, many in _begun().values_list(*place).annotate(many=whole)}
    finished = {
        tuple(key): many
        for *key, many in _begun().filter(completed_at__isnull=False).values_list(*place).annotate(many=whole)
    }
    trained = _holding(at).filter(state=Trained.CURRENT).values_list("user__country", "user__office")
    current = {tuple(key): many for *key, many in trained.annotate(many=Count("user", distinct=True))}
    for country, office, officials in people:
        numbers = {"begun": begun, "finished": finished, "current": current}
        told = {name: counts.get((country, office), 0) for name, counts in numbers.items()}
        yield OfficePeople(country_id=country, office_id=office, officials=officials, **told)


def count_due_lessons(*, at: datetime) -> int:
    """Count where people stop in one course that was not counted for a day; return how many courses were counted.

    A course that cannot be counted is logged, and the next one is counted.
    """
    fresh = set(Counted.objects.filter(at__gt=at - LESSONS_EVERY, at__lte=at).values_list("what", flat=True))
    live = models.QuerySet(Course).filter(live=True).order_by("pk").values_list("pk", flat=True)
    due = live.filter(pk__in=[key for key in live if what_of(key) not in fresh])
    return first_due("lessons_not_counted", due, lambda key: count_lessons(course=key, at=at), most=1)


def what_of(course: int) -> str:
    """Return under which name the count of a course's lessons is noted."""
    return f"lessons {course}"


@transaction.atomic
def count_lessons(*, course: int, at: datetime) -> bool:
    """Count, by country, who opened and ended each lesson of a course, and where those stopped who went no further.

    People of small offices, and of none, are left out, as in the table of completion. Somebody whose progress cannot be
    read is logged and left out. Return that it was done.
    """
    _note(what_of(course), at)
    LessonCount.objects.filter(course=course).delete()
    row = next(iter(courses(table.SOURCE, page=course)), None)
    if row is None:
        return True
    counts: dict[tuple, LessonCount] = {}
    for enrolment, country, *facts in _learned(course).iterator(AT_ONCE):
        way: list[tuple] = []
        with alone("progress_not_counted", subject=enrolment):
            way.extend(list(_way(row, *facts, at=at)))
        for activity, opened, ended, stopped in way:
            place = (country, activity)
            one = counts.setdefault(
                place, LessonCount(course_id=course, country_id=country, activity=activity or None)
            )
            one.opened, one.ended, one.stopped = one.opened + opened, one.ended + ended, one.stopped + stopped
    LessonCount.objects.bulk_create(counts.values(), batch_size=AT_ONCE)
    return True


def _learned(course: int):
    """Return, of each official in a course: enrolment, country, state, track, when completed and passed, when last here, tested."""
    large = OfficePeople.objects.filter(office__isnull=False, officials__gte=SMALLEST).values("office")
    rows = _begun().filter(enrolment__course=course, enrolment__learner__user__office__in=large)
    tested = Exists(Attempt.objects.filter(enrolment=OuterRef("enrolment"), form=Form.POST))
    return rows.annotate(tested=tested, began=F("enrolment__started_at")).values_list(
        "enrolment",
        "enrolment__learner__user__country",
        "state",
        "track",
        "completed_at",
        "passed_at",
        "last_at",
        "began",
        "tested",
    )


def _way(
    row: CourseRow, text: str, track: str, completed_at, passed_at, last_at, began, tested: bool, *, at: datetime
):
    """Yield of each part of a course whether somebody opened it, ended it, and stopped before its end; "": of all."""
    state = progress.read_state(text)
    done = state["ended"].keys() | state["waived"].keys()
    read = [one for one in row.lessons if one.is_for(track)] + list(row.stories)
    parts = [(one.id, one.id in state["opened"], one.id in done, one.required) for one in read]
    if row.post:
        parts.append((row.post.id, tested, passed_at is not None, True))
    has_stopped = completed_at is None and (last_at or began) <= at - STILL
    left = [key for key, _opened, ended, required in parts if required and not ended] if has_stopped else []
    for key, opened, ended, _required in parts:
        yield key, opened or ended, ended, key in left[:1]
    yield "", True, completed_at is not None, bool(left)
