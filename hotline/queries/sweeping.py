"""What the sweep asks the provider for, whether it keeps up, and of which accounts nobody can ask."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet

from hotline import callstate
from hotline.models import Command, Leg, Message
from hotline.queries.marks import AHEAD, noted_at
from hotline.telephony.providers import is_simulated, webhook_secrets

AFTER = timedelta(minutes=10)  # what has not reported its end by then is asked for
ASKED_AGAIN = timedelta(minutes=4)  # less than the pause of the sweep: who was asked late in a turn is in the next one
LATE = timedelta(minutes=15)
# Marks: up to when an account's list was read whole, when all were read back for two days, when all were last asked for.
CALLS, MESSAGES, SOUNDS, WHOLE, LISTS = "calls", "messages", "sounds", "whole", "lists"
COMPARED = (CALLS, MESSAGES, SOUNDS)
TEXT_OPEN = ("accepted", "scheduled", "queued", "sending")


def open_legs(at: datetime, *, after: timedelta = AFTER) -> QuerySet[Leg]:
    """Return the telephones that a provider knows and whose end is not reported so long after they were made."""
    legs = Leg.objects.filter(call_sid__isnull=False, made_at__lt=at - after)
    return legs.exclude(status__in=sorted(callstate.CALL_FINAL))


def open_texts(at: datetime, *, after: timedelta = AFTER) -> QuerySet[Message]:
    """Return the texts that were handed over so long ago and are still on their way."""
    return Message.objects.filter(direction="out", state__in=TEXT_OPEN, sid__isnull=False, sent_at__lt=at - after)


def due(rows: QuerySet, at: datetime) -> QuerySet:
    """Return those that were not asked for lately, the one asked longest ago first; a time still to come is none."""
    long_ago = Q(asked_at=None) | Q(asked_at__lte=at - ASKED_AGAIN) | Q(asked_at__gt=at + AHEAD)
    return rows.filter(long_ago).order_by(F("asked_at").asc(nulls_first=True), "pk")


def in_turn(rows: QuerySet, at: datetime, *, most: int) -> list:
    """Return what is due, so many of each account, first those of the account that was asked longest ago."""
    asked = rows.order_by().values("account").annotate(last=Max("asked_at"))
    accounts = asked.order_by(F("last").asc(nulls_first=True), "account").values_list("account", flat=True)
    return [row for account in accounts for row in due(rows.filter(account=account), at)[:most]]


def listed_accounts() -> list[str]:
    """Return the accounts whose lists are compared with ours: of real networks only."""
    if settings.DEMO:
        return []
    return sorted(account for account in webhook_secrets().tokens if not is_simulated(account))


def late_rows(at: datetime) -> int:
    """Return how many telephones and texts should have been asked for and were not for a quarter of an hour."""
    waits = Q(asked_at=None) | Q(asked_at__lt=at - LATE)
    return sum(rows(at, after=AFTER + LATE).filter(waits).count() for rows in (open_legs, open_texts))


def late_lists(at: datetime) -> list[str]:
    """Return the accounts of which a list could not be read for a quarter of an hour, or never yet."""
    if noted_at(LISTS, at) is None:
        return []  # nobody asked yet: that the worker is silent is said elsewhere
    return [account for account in listed_accounts() if any(_is_late(kind, account, at) for kind in COMPARED)]


def _is_late(kind: str, account: str, at: datetime) -> bool:
    until = noted_at(kind, at, account=account)
    return until is None or at - until > LATE


def accounts_without_secret(at: datetime) -> list[str]:
    """Return the accounts of which something is still to be asked or ordered, and for which no secret is set."""
    now = timedelta(0)
    orders = Command.objects.filter(done_at=None, failed_at=None)
    rows = (open_legs(at, after=now), open_texts(at, after=now), orders)
    needed = {account for one in rows for account in one.order_by().values_list("account", flat=True).distinct()}
    ours = webhook_secrets().tokens
    return sorted(account for account in needed if account and account not in ours and not is_simulated(account))
