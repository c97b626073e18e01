"""Leaving an order for the worker; hotline.actions.commands carries orders out."""

from datetime import datetime, timedelta

from hotline.models import Command, Leg


def order(kind: str, *, leg: Leg | None = None, key: str, at: datetime, delay: float = 0, **arguments) -> None:
    """Leave an order for the worker; the same key is ordered once."""
    row = Command(
        key=key, kind=kind, account=leg.account if leg else arguments.pop("account"), leg=leg,
        contact_id=leg.contact_id if leg else arguments.pop("contact", None), arguments=arguments, made_at=at,
        due_at=at + timedelta(seconds=delay),
    )  # fmt: skip
    Command.objects.bulk_create([row], ignore_conflicts=True)
