"""When the worker's regular jobs were last done, and whether it is time again."""

from datetime import datetime, timedelta

from hotline.models import SweepMark

# Two machines' clocks differ by so much; a time further ahead was written by a clock that was wrong, and says nothing.
AHEAD = timedelta(seconds=5)


def is_ahead(noted: datetime, at: datetime) -> bool:
    """Tell whether a time that must have passed is still to come: a clock was wrong when it was noted."""
    return noted - at > AHEAD


def noted_at(kind: str, at: datetime, *, account: str = "") -> datetime | None:
    """Return when a job was last done; None where it never was, or a wrong clock noted it."""
    noted = SweepMark.objects.filter(account=account, kind=kind).values_list("mark_at", flat=True).first()
    return None if noted is None or is_ahead(noted, at) else noted


def is_time(kind: str, at: datetime, *, every: timedelta) -> bool:
    """Tell whether a job that is done again and again is to be done now."""
    noted = noted_at(kind, at)
    return noted is None or at - noted >= every


def marks_ahead(at: datetime) -> list[str]:
    """Return the kinds of marks that stand in the future; each is written anew when its job is next done."""
    ahead = SweepMark.objects.filter(mark_at__gt=at + AHEAD)
    return sorted(set(ahead.values_list("kind", flat=True)))
