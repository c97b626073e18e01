"""Records that were not counted: kept for a while so that their sender can see why."""

from datetime import datetime

from training.choices import REFUSED_KEPT
from training.models import RefusedEvent


def drop_refused(*, at: datetime) -> int:
    """Delete the refused records that were kept long enough; return how many."""
    return RefusedEvent.objects.filter(received_at__lt=at - REFUSED_KEPT).delete()[0]
