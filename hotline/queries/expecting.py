"""How long callers of the last hour waited: what a waiting caller may expect, as it was measured."""

import datetime as dt
from statistics import median

from hotline.models import Contact
from hotline.queries.lines import LineFacts

MEASURED_OVER = dt.timedelta(hours=1)
LEAST_CALLS = 3  # of fewer calls nothing can be said
LIMITS = ((2, "expect_soon"), (7, "expect_5"), (11, "expect_10"))


def expectation(contact: Contact, line: LineFacts, at: dt.datetime) -> str:
    """Return the prompt that says how long it takes: what was measured, else plain words; "" where the line says none."""
    if line.plan.expectation != "measured":
        return "expect_plain" if line.plan.expectation else ""
    waits = _waits(contact, line, at)
    if len(waits) < LEAST_CALLS:
        return "expect_plain"
    minutes = median(waits) / 60
    return next((prompt for limit, prompt in LIMITS if minutes < limit), "expect_long")


def _waits(contact: Contact, line: LineFacts, at: dt.datetime) -> list[float]:
    """Return how many seconds each other caller of the last hour waited, also who gave up or waits still."""
    since = at - MEASURED_OVER
    rows = Contact.objects.filter(country_id=line.country, started_at__gte=since - MEASURED_OVER, line_id=line.id)
    rows = (
        rows.filter(queued_at__gte=since).exclude(pk=contact.pk).values_list("queued_at", "connected_at", "ended_at")
    )
    return [((connected or ended or at) - queued).total_seconds() for queued, connected, ended in rows]
