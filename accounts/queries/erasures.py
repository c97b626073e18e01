"""Reads of the erasure ledger."""

import uuid
from datetime import datetime

from accounts.models import ErasedOwner


def erasures() -> list[tuple[uuid.UUID, datetime]]:
    """Return whose keys were destroyed, and when, oldest first."""
    return list(ErasedOwner.objects.order_by("at", "id").values_list("owner", "at"))
