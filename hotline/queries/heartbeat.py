"""Whether orders of calls are carried out: the part of the worker that does it says every few seconds that it lives."""

from datetime import datetime, timedelta

from hotline.models import SweepMark

KIND = "orders"
# After this the line counts on no order any more (hotline.md 3.5); cms.health asks the same.
SILENT_AFTER = timedelta(seconds=30)
_last: dict[str, datetime] = {}


def heard_at() -> datetime | None:
    """Return when the part that carries out orders of calls was last heard, as it is written now; None: never."""
    return SweepMark.objects.filter(account="", kind=KIND).values_list("mark_at", flat=True).first()


def is_silent(at: datetime) -> bool:
    """Tell whether no order of a call will be carried out now.

    A fresh sign is read with the lines, into memory; only when that one is old is the row asked once more.
    """
    if _is_old(_last.get(KIND), at):
        listen()
    return _is_old(_last.get(KIND), at)


def listen() -> None:
    """Read the last sign of life into memory."""
    if (found := heard_at()) is not None:
        heard_here(found)


def heard_here(at: datetime) -> None:
    """Remember a sign of life, in this process only: a played script carries out its orders by itself."""
    _last[KIND] = max(at, _last.get(KIND, at))


def _is_old(heard: datetime | None, at: datetime) -> bool:
    return heard is None or at - heard > SILENT_AFTER


def forget_heartbeat() -> None:
    """Read anew when it is asked next."""
    _last.clear()
