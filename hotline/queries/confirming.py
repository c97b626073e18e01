"""How long the network may take to confirm what was asked of it."""

from datetime import datetime, timedelta

UNCONFIRMED = timedelta(seconds=3)


def is_unconfirmed(asked: datetime, at: datetime) -> bool:
    """Tell whether the network should have confirmed by now what was asked of it."""
    return at - asked > UNCONFIRMED
