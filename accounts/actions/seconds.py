"""A second person's yes: asked for by one, given by another, for a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import SecondYes, User
from accounts.queries.seconds import WAITS


class NotAsked(LookupError):
    """Raised when nobody asks for this yes any more; ask anew."""


class SamePerson(ValueError):
    """Raised when somebody would agree to what she asked for herself; another person does."""


@transaction.atomic
def ask_second(*, act: str, thing: UUID, reason: str, by: User, at: datetime) -> SecondYes:
    """Ask for another person's yes; asked again, the newer asking counts."""
    asked = {"reason": reason, "by": by, "asked_at": at}
    return SecondYes.objects.update_or_create(act=act, thing=thing, until=None, defaults=asked)[0]


def forget_seconds(things: Iterable[UUID]) -> None:
    """Forget who agreed to what about things that were erased; the audit log keeps that they did."""
    SecondYes.objects.filter(thing__in=things).delete()


@transaction.atomic
def give_second(
    *, act: str, thing: UUID, by: User, at: datetime, lasts: timedelta, asked_at: datetime | None = None
) -> SecondYes:
    """Agree to what another person asked for; it holds so long. `asked_at` is the asking that was seen, where one was."""
    rows = SecondYes.objects.select_for_update(no_key=True).filter(act=act, thing=thing, until=None)
    row = rows.filter(asked_at__gt=at - WAITS).first()
    if row is None or asked_at not in (None, row.asked_at):
        raise NotAsked(act)
    if row.by_id == by.pk:
        raise SamePerson(act)
    row.other, row.until = by, at + lasts
    row.save(update_fields=["other", "until"])
    return row
