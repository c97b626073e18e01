"""Counting of attempts in the database, where every process sees every count (trust.md §9)."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import RateCount

UPSERT = """
INSERT INTO accounts_ratecount ("key", "window", "count") VALUES (%s, %s, 1)
ON CONFLICT ("key", "window") DO UPDATE SET "count" = accounts_ratecount."count" + 1
RETURNING "count"
"""
LONGEST_WINDOW = timedelta(days=1)


def count_attempt(*, key: str, limit: int, seconds: int, at: datetime) -> bool:
    """Count one use of a key in the running window and tell whether it is still within the limit.

    One upsert, so parallel attempts are never lost. `key` says what and whose, as "password:account:<address>"; only
    its HMAC is stored, another one in each window. A caller that rolls its transaction back takes the count back too.
    """
    window = int(at.timestamp()) // seconds * seconds
    digest = salted_hmac("accounts.ratecount", f"{key}|{seconds}|{window}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [digest, window])
        (count,) = cursor.fetchone()
    return count <= limit


def drop_old_counts(*, at: datetime) -> int:
    """Delete the counts of windows that are over; return how many went."""
    gone, _ = RateCount.objects.filter(window__lt=int((at - LONGEST_WINDOW).timestamp())).delete()
    return gone


def drop_sessions(*, at: datetime) -> int:
    """Delete sessions that are over, with whatever they held; return how many went."""
    gone, _ = Session.objects.filter(expire_date__lt=at).delete()
    return gone
