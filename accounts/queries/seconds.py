"""Reads of second persons' yes: what stands now, what is asked for."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import SecondYes, User

WAITS = timedelta(hours=1)  # that an asking stands


def with_second(act: str, things: Collection[UUID], at: datetime) -> set[UUID]:
    """Return which of these things have another person's yes now."""
    return set(SecondYes.objects.filter(act=act, thing__in=things, until__gt=at).values_list("thing", flat=True))


def asked_of(user: User, act: str, at: datetime) -> QuerySet[SecondYes]:
    """Return what others ask a second person to agree to and this person could."""
    rows = SecondYes.objects.filter(act=act, until=None, asked_at__gt=at - WAITS).exclude(by=user)
    return rows.select_related("by").order_by("asked_at")


def second_yes(act: str, thing: UUID, at: datetime) -> SecondYes | None:
    """Return the yes that stands now, else the asking that waits for one, or None."""
    rows = SecondYes.objects.filter(act=act, thing=thing).select_related("by", "other")
    standing = rows.filter(until__gt=at).order_by("-until").first()
    return standing or rows.filter(until=None, asked_at__gt=at - WAITS).first()
