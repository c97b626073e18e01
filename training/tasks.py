"""What the worker does for this room: drop the refused records that were kept long enough."""

from datetime import datetime

from training import actions


def drop_refused(at: datetime) -> int:
    """Delete records that were not counted, ninety days after they came."""
    return actions.drop_refused(at=at)


JOBS = [drop_refused]
