"""Which contacts may stand in a file in the words of HTCDS: those of a country and period whose person said yes to it."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.models import Country
from hotline import htcds
from hotline.models import Contact, Sheet, Shield
from hotline.queries.contacts import counted_in
from hotline.queries.sheets import newest_sheets


@dataclass(frozen=True)
class Records:
    """The records that may leave, and whether nobody is behind them."""

    rows: list[htcds.Record]
    is_practice: bool = False


def records_between(country: Country, first: dt.date, last: dt.date) -> Records:
    """Return the contacts of a period that count as records, small numbers withheld; none that is erased, or hidden from anybody."""
    zone = ZoneInfo(country.time_zone)
    since = dt.datetime.combine(first, dt.time(), zone)
    until = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    contacts = Contact.objects.filter(
        counted_in(country.pk), started_at__gte=since, started_at__lt=until, erased_at=None,
        pk__in=Sheet.objects.order_by().values("contact_id"),
    ).exclude(pk__in=Shield.objects.filter(lifted_at=None).order_by().values("contact_id"))  # fmt: skip
    rows, answers = list(contacts.order_by("pk")), newest_sheets(contacts)
    told = [
        htcds.record_of(htcds.Told(row.started_at.astimezone(zone).date(), country.pk, row.language, answers[row.pk]))
        for row in rows
        if htcds.may_leave(answers.get(row.pk, {}))
    ]
    return Records(htcds.guarded(told), any(row.is_practice for row in rows))
