"""Letters of refreshers: one once a refresher has become due, one before her certificate lapses, to who still owes it.

Who owes one is asked of the spans that reports are read from. A letter names neither course nor subject.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, DateField, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import TruncDate

from accounts import actions as accounts
from accounts.models import Country
from training.actions.reminding import BATCH, heard_lately, hold, is_day, write_once
from training.choices import Step, Trained
from training.models import Reminder, TrainedSpan
from training.queries.trained import holding

SETTLED = dt.timedelta(hours=6)  # several edits of one afternoon are one letter
AHEAD = dt.timedelta(days=14)


def write_refresher_reminders(*, at: dt.datetime) -> int:
    """Write a batch of the letters of refreshers that are due and were not written; return how many.

    However many officials there are, finding whom to write to takes two queries.
    """
    countries = [one for one in Country.objects.filter(is_active=True).order_by("pk") if is_day(one, at)]
    if not countries:
        return 0
    due = _unwritten(countries, at).order_by("ends", "pk").values_list("pk", flat=True)
    return accounts.first_due("reminder_not_written", due, lambda key: _write(key, countries, at), most=BATCH)


def owing(at: dt.datetime) -> QuerySet[TrainedSpan]:
    """Return who owes a refresher at an instant and may be asked for it: with an account, in a course that is there.

    Whose standing is to be worked out anew waits for that: she may just have done it.
    """
    rows = holding(at).filter(state=Trained.REFRESHER_DUE, ends__isnull=False, enrolment__progress__spans_due=False)
    return rows.filter(user__is_active=True, course__live=True)


def _unwritten(countries: Iterable[Country], at: dt.datetime) -> QuerySet[TrainedSpan]:
    """Return who owes a refresher for some hours, has not had the letter of it that is due, and no other within a week."""
    rows = owing(at).filter(begins__lte=at - SETTLED, user__country__in=[one.pk for one in countries])
    last_weeks = When(ends__lte=at + AHEAD, then=Value(Step.LAPSING))
    rows = rows.annotate(step=Case(last_weeks, default=Value(Step.REFRESH)), due_on=_day_of_end(countries))
    told = {name: OuterRef(name) for name in ("enrolment", "step", "due_on")}
    lately = heard_lately(at).filter(enrolment__learner__user=OuterRef("user"))
    return rows.filter(~Exists(Reminder.objects.filter(**told)), ~Exists(lately))


def _day_of_end(countries: Iterable[Country]) -> Case:
    """Return on which day a span ends by the clock of its person's country."""
    ends = [(one.pk, TruncDate("ends", tzinfo=ZoneInfo(one.time_zone))) for one in countries]
    return Case(*(When(user__country=code, then=day) for code, day in ends), output_field=DateField())


@transaction.atomic
def _write(span: int, countries: Iterable[Country], at: dt.datetime) -> bool:
    """Write one letter; whom it goes to is held first and judged after that, so what another worker wrote is seen."""
    one = TrainedSpan.objects.filter(pk=span).select_related("user").first()
    if one is None:
        return False
    hold(one.user)
    row = _unwritten(countries, at).filter(pk=span).select_related("enrolment__learner__user__country").first()
    if row is None:
        return False
    return write_once(enrolment=row.enrolment, at=at, member=None, step=Step(row.step), due_on=row.due_on)
