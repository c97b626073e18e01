"""Counting what lines did: each day again in which a contact changed since the last count."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction

from hotline.actions.marks import note_done
from hotline.figures import counted
from hotline.models import Contact, DayFigures, Line
from hotline.queries.figures import facts_of
from hotline.queries.marks import noted_at

KIND = "figures"
MOST = 2000  # contacts whose days are counted in one turn
OVERLAP = dt.timedelta(minutes=1)  # what was being saved while the last count read


def count_figures(*, at: dt.datetime) -> int:
    """Count the days of the contacts that changed since the last count; return how many days, 0 when nothing is left.

    Each line has its own mark: where more changed than one turn takes, the next goes on from there.
    """
    return sum(_count_line(line, at) for line in Line.objects.select_related("country"))


def _count_line(line: Line, at: dt.datetime) -> int:
    account = f"line:{line.pk}"
    mark = noted_at(KIND, at, account=account)
    rows = Contact.objects.filter(line=line, country=line.country_id, changed_at__lte=at)
    rows = rows.filter(changed_at__gt=mark) if mark else rows
    changed = list(rows.order_by("changed_at").values_list("changed_at", "started_at")[:MOST])
    is_whole = len(changed) < MOST
    upto = at - OVERLAP if is_whole else changed[-1][0]
    if not is_whole:
        changed += rows.filter(changed_at=upto).values_list("changed_at", "started_at")
    zone = ZoneInfo(line.country.time_zone)
    days = {started.astimezone(zone).date() for _changed, started in changed}
    for day in sorted(days):
        count_day(line=line, day=day, at=at)
    note_done(KIND, at=upto, account=account)
    return 0 if is_whole else len(days)


@transaction.atomic
def count_day(*, line: Line, day: dt.date, at: dt.datetime) -> None:
    """Count one day of a line anew."""
    body = counted(facts_of(line, day))
    DayFigures.objects.update_or_create(line=line, day=day, defaults={"body": body, "counted_at": at})
