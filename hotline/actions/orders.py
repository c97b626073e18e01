"""Leaving an order for the worker; hotline.actions.commands carries orders out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hotline.models import Command, Leg


def order(kind: str, *, leg: Leg | None = None, key: str, at: datetime, delay: float = 0, **arguments) -> None:
    """Leave an order for the worker; the same key is ordered once."""
    leave([new_order(kind, leg=leg, key=key, at=at, delay=delay, **arguments)])


def new_order(kind: str, *, leg: Leg | None = None, key: str, at: datetime, delay: float = 0, **arguments) -> Command:
    """Return an order that is still to be left for the worker; `delay` in seconds."""
    return Command(
        key=key, kind=kind, account=leg.account if leg else arguments.pop("account"), leg=leg,
        contact_id=leg.contact_id if leg else arguments.pop("contact", None), arguments=arguments, made_at=at,
        due_at=at + timedelta(seconds=delay),
    )  # fmt: skip


def leave(orders: Iterable[Command]) -> None:
    """Leave several orders by one statement, none where there are none; the same key is ordered once."""
    Command.objects.bulk_create(orders, ignore_conflicts=True)
