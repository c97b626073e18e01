"""What goes on when a line is switched off: its calls, its shifts."""

import datetime as dt

from hotline.models import Contact, Line, Shift


def calls_now(line: Line) -> int:
    """Return how many calls are on a line now."""
    return Contact.objects.filter(line=line, kind="call", ended_at=None).exclude(state__in=["stub", "ended"]).count()


def shifts_to_come(line: Line, at: dt.datetime) -> int:
    """Return how many shifts of a line run now or are to come."""
    return Shift.objects.filter(line=line, ends_at__gt=at).count()
