"""Counting of attempts in the database, where every process sees every count (trust.md §9)."""

from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.utils.crypto import salted_hmac

from accounts.models import RateCount

COUNTED = 'SELECT COALESCE(SUM("count"), 0) FROM accounts_ratecount WHERE "key" IN (%s, %s) AND "window" > %s'
UPSERT = f"""
INSERT INTO accounts_ratecount ("key", "window", "count") SELECT %s, %s, 1 WHERE ({COUNTED}) < %s
ON CONFLICT ("key", "window") DO UPDATE SET "count" = accounts_ratecount."count" + 1
WHERE accounts_ratecount."count" + ({COUNTED} AND "window" < %s) < %s
RETURNING "count"
"""
LONGEST_WINDOW = timedelta(days=1)
PARTS = 600  # how finely a span is counted: ten minutes to the second, a day to two and a half minutes


def count_attempt(*, key: str, limit: int, seconds: int, at: datetime) -> bool:
    """Count one use of a key and tell whether it is within the limit of the seconds before it; a refused one counts not.

    The span moves with the clock, so no edge lets twice the limit through. One statement, so parallel attempts are never
    lost. `key` says what and whose, as "password:account:<address>"; only its HMAC is stored, another one in each span
    of the clock. A caller that rolls its transaction back takes the count back too.
    """
    now, width = int(at.timestamp()), max(1, seconds // PARTS)
    part, span = now // width * width, now // seconds * seconds
    own, before = _digest(key, seconds, span), _digest(key, seconds, span - seconds)
    counted = (own, before, part - seconds)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [own, part, *counted, limit, *counted, part, limit])
        return cursor.fetchone() is not None


def uncount_attempt(*, key: str, seconds: int, at: datetime) -> None:
    """Take back one use that was counted at the same instant, where only failures are to be limited."""
    now, width = int(at.timestamp()), max(1, seconds // PARTS)
    own = _digest(key, seconds, now // seconds * seconds)
    RateCount.objects.filter(key=own, window=now // width * width, count__gt=0).update(count=F("count") - 1)


def opens_again(*, key: str, seconds: int, at: datetime) -> datetime:
    """Return when a key over its limit is let through once more, on the full minute: as its oldest use is forgotten."""
    now, width = int(at.timestamp()), max(1, seconds // PARTS)
    part, span = now // width * width, now // seconds * seconds
    keys = [_digest(key, seconds, span), _digest(key, seconds, span - seconds)]
    uses = RateCount.objects.filter(key__in=keys, window__gt=part - seconds).order_by("window")
    oldest = uses.values_list("window", flat=True).first()
    opens = now if oldest is None else oldest + seconds
    return datetime.fromtimestamp(-(-opens // 60) * 60, tz=UTC)


def _digest(key: str, seconds: int, span: int) -> str:
    """Return what is stored of a key in one span of the clock."""
    return salted_hmac("accounts.ratecount", f"{key}|{seconds}|{span}", algorithm="sha256").hexdigest()


def drop_old_counts(*, at: datetime) -> int:
    """Delete the counts that no limit asks for any more; return how many went."""
    gone, _ = RateCount.objects.filter(window__lt=int((at - LONGEST_WINDOW).timestamp())).delete()
    return gone


def drop_sessions(*, at: datetime) -> int:
    """Delete sessions that are over, with whatever they held, also the address and browser kept of them; return how many went."""
    gone, _ = Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.filter(~Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
    return gone


def forget_session(*, key: str) -> None:
    """Delete the address and the browser that are kept of a session which ends now."""
    UserSession.objects.filter(session_key=key).delete()


def follow_session(*, key: str, onward: str) -> None:
    """Keep address and browser of a session under its new key."""
    UserSession.objects.filter(session_key=key).update(session_key=onward)
