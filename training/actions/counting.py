"""Counting ahead for the reports, hour by hour: who is how far and who is trained, by office; when people finished."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import models, transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Func, IntegerField, Max, Min, Q, Sum
from django.db.models.functions import TruncMonth

from accounts.choices import Role
from accounts.models import User
from training.choices import Trained
from training.models import (
    Counted,
    DaysCount,
    HolderCount,
    MonthCount,
    OfficeCount,
    OfficePeople,
    Progress,
    TrainedSpan,
)
from training.models.readiness import PERIODS, READINESS
from training.queries.holders import holders
from training.queries.small_numbers import SMALLEST
from training.queries.trained import holding

EVERY = timedelta(hours=1)
AHEAD = timedelta(days=90)
MONTH = timedelta(days=30)  # of a period that is counted back from now
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
    note_count(READINESS, at)
    _replace(OfficeCount, _office_counts(at))
    _replace(OfficePeople, _office_people(at))
    months, days = _finished(at)
    _replace(MonthCount, months)
    _replace(DaysCount, days)
    _replace(HolderCount, _holder_counts(at))


def note_count(what: str, at: datetime) -> None:
    """Note the count, first of all: two counts at once wait for each other here."""
    Counted.objects.update_or_create(what=what, defaults={"at": at})


def _replace(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    model.objects.all().delete()
    model.objects.bulk_create(rows, batch_size=AT_ONCE)


def _counted(path: str) -> Q:
    """Return who is counted: learners with a country and an account that works."""
    return Q(
        **{
            f"{path}is_active": True,
            f"{path}roles__contains": f",{Role.LEARNER},",
            f"{path}country__is_active": True,
        }
    )


def begun():
    """Return the progress of who began a course; who was let into a group and has opened nothing has not."""
    return Progress.objects.filter(_counted("enrolment__learner__user__"), last_at__isnull=False).order_by()


def large_offices():
    """Return the offices whose people are in the numbers, as they were counted last; a small one's are in none."""
    return OfficePeople.objects.filter(office__isnull=False, officials__gte=SMALLEST).values("office")


def _periods(at: datetime) -> dict[str, datetime | None]:
    """Return by column since when who finished counts in it; None is from the beginning."""
    return {column: at - MONTH * int(months) if months else None for months, column in PERIODS.items()}


def _in_periods(at: datetime) -> dict[str, Count]:
    """Return by column how many rows of progress were finished in its period."""
    ended = Q(completed_at__lte=at)
    return {
        column: Count("pk", filter=ended & Q(completed_at__gte=since) if since else ended)
        for column, since in _periods(at).items()
    }


def _holding(at: datetime):
    return holding(at).filter(_counted("user__")).order_by()


def _holder_counts(at: datetime) -> Iterator[HolderCount]:
    """Count who learns without an account: in no office, and no official of any country."""
    rows = Progress.objects.filter(enrolment__learner__in=holders(), last_at__isnull=False).order_by()
    ended = Count("pk", filter=Q(completed_at__lte=at))
    places = rows.values_list("enrolment__course", "enrolment__learner__country")
    for course, country, begun_by, finished in places.annotate(begun=Count("pk"), finished=ended):
        yield HolderCount(course_id=course, country_id=country, begun=begun_by, finished=finished)


def _office_counts(at: datetime) -> Iterator[OfficeCount]:
    found: dict[tuple, dict] = defaultdict(dict)
    for row in begun().values(*OF_PROGRESS).annotate(begun=Count("pk"), **_in_periods(at)):
        found[tuple(row.pop(name) for name in OF_PROGRESS)] |= row
    of_state = {state: Count("pk", filter=Q(state=state)) for state in Trained.values}
    again = ~Q(state=Trained.CURRENT)
    minutes = {"least": Min("minutes", filter=again), "minutes": Sum("minutes", filter=again, default=0)}
    for row in _holding(at).values(*OF_SPAN).annotate(**of_state, **minutes):
        found[tuple(row.pop(name) for name in OF_SPAN)] |= row
    lapsing = TrainedSpan.objects.filter(_counted("user__"), state=Trained.LAPSED).order_by()
    lapsing = lapsing.filter(begins__gt=at, begins__lte=at + AHEAD)
    for *key, many in lapsing.values_list(*OF_SPAN).annotate(many=Count("pk")):
        found[tuple(key)] |= {"lapsing": many}
    for (course, country, office, language), numbers in found.items():
        yield OfficeCount(course_id=course, country_id=country, office_id=office, language=language, **numbers)


def _office_people(at: datetime) -> Iterator[OfficePeople]:
    """Yield each office with its officials: one statement reads who began and when she last finished, so both fit."""
    counts: dict[tuple, Counter] = defaultdict(Counter)
    done = "learner__enrolments__progress__"
    opened = Q(**{f"{done}last_at__isnull": False})
    people = User.objects.filter(_counted("")).order_by().values_list("country", "office", "pk")
    latest = Max(f"{done}completed_at", filter=opened & Q(**{f"{done}completed_at__lte": at}))
    courses = Count(f"{done}pk", filter=opened)
    for country, office, _pk, many, ended in people.annotate(courses=courses, latest=latest).iterator(AT_ONCE):
        numbers = counts[country, office]
        numbers["officials"] += 1
        numbers["begun"] += many > 0
        for column, since in _periods(at).items():
            numbers[column] += ended is not None and (since is None or ended >= since)
    trained = _holding(at).filter(state=Trained.CURRENT).values_list("user__country", "user__office")
    current = {tuple(key): many for *key, many in trained.annotate(many=Count("user", distinct=True))}
    for (country, office), numbers in counts.items():
        told = {**numbers, "current": current.get((country, office), 0)}
        yield OfficePeople(country_id=country, office_id=office, **told)


class _WholeDays(Func):
    """The whole days of a span, for both databases: an interval on one, microseconds on the other."""

    output_field = IntegerField()
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 86400) AS integer)"

    def as_sqlite(self, compiler, connection, **context):
        """Return it for SQLite, where a division of whole numbers is one."""
        return self.as_sql(compiler, connection, template="(%(expressions)s) / 86400000000", **context)


def _finished(at: datetime) -> tuple[list[MonthCount], list[DaysCount]]:
    """Return when those of large offices finished and how many days they took; one statement, so that both have as many."""
    took = ExpressionWrapper(F("completed_at") - F("enrolment__started_at"), output_field=DurationField())
    rows = begun().filter(completed_at__lte=at, enrolment__learner__user__office__in=large_offices())
    rows = rows.annotate(month=TruncMonth("completed_at", tzinfo=UTC), days=_WholeDays(took))
    months, days = Counter(), defaultdict(Counter)
    for row in rows.values(*OF_PROGRESS[:2], "month", "days").annotate(**_in_periods(at)).iterator(AT_ONCE):
        place = tuple(row.pop(name) for name in OF_PROGRESS[:2])
        month, took_days = row.pop("month").date(), max(0, row.pop("days"))
        months[*place, month] += row["finished"]
        days[*place, took_days].update(row)
    return (
        [
            MonthCount(course_id=course, country_id=country, month=month, finished=many)
            for (course, country, month), many in months.items()
        ],
        [
            DaysCount(course_id=course, country_id=country, days=many_days, **numbers)
            for (course, country, many_days), numbers in days.items()
        ],
    )
