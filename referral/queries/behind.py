"""What the worker is behind with: counts of rows that were due at an instant and that nobody acted on."""

import datetime as dt

from referral.models import Escalation
from referral.queries.referrals import expired_offers
from referral.queries.runs import waits_over


def count_behind(at: dt.datetime) -> dict[str, int]:
    """Return how many escalations, ended offers and waiting times were due at an instant and stand as they were."""
    escalations = Escalation.objects.filter(fired_at=None, at__lte=at)
    rows = {"escalations": escalations, "offers": expired_offers(at), "waiting times": waits_over(at)}
    return {name: found.count() for name, found in rows.items()}
