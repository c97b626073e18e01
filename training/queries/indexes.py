"""What an older key of blind indexes is still needed for in this room: names on certificates, codes of progress."""

import datetime as dt

from django.db.models import Q, QuerySet

from training.models import NameIndex
from training.queries.holders import holders

TRIED_AGAIN = dt.timedelta(days=1)


def names_to_index(newest: str, at: dt.datetime) -> QuerySet[NameIndex]:
    """Return the names whose index another key than the newest made, but for those that could not be opened lately."""
    lately = Q(failed_at__gt=at - TRIED_AGAIN)
    return NameIndex.objects.exclude(key=newest).exclude(lately).order_by("pk")


def names_left(newest: str) -> tuple[int, int]:
    """Return how many names are still compared by another key's index than the newest, and how many of them do not open."""
    rows = NameIndex.objects.exclude(key=newest)
    return rows.count(), rows.filter(failed_at__isnull=False).count()


def codes_left(older: dict[str, str]) -> dict[str, int]:
    """Return how many codes of progress each older key, told by its mark, may still be needed for; none is left out.

    One whose key is not known counts for each: it is from before that was kept.
    """
    counts = {name: holders().filter(code_key__in=("", mark)).count() for name, mark in older.items()}
    return {name: count for name, count in counts.items() if count}


def codes_lost(known: list[str]) -> int:
    """Return how many codes of progress open nothing, since the key under which they are found is not here."""
    return holders().exclude(code_key__in=["", *known]).count()
