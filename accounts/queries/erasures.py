"""Reads of the erasure ledger."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from accounts.models import ErasedOwner


def erasures() -> list[tuple[uuid.UUID, datetime]]:
    """Return whose keys were destroyed, and when, oldest first."""
    return list(ErasedOwner.objects.order_by("at", "id").values_list("owner", "at"))


def erased_among(owners: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of some ids stand in the ledger."""
    return set(ErasedOwner.objects.filter(owner__in=list(owners)).values_list("owner", flat=True))
