"""Whether orders of calls are carried out: the part of the worker that does it says every few seconds that it lives."""

from datetime import datetime, timedelta

from django.db.models import Q

from hotline.models import SweepMark
from hotline.queries.circuit import KIND as CIRCUIT
from hotline.queries.marks import AHEAD
from hotline.telephony.circuit import OPEN_AFTER, PAUSES, asked_again_at

KIND = "orders"
# After this the line counts on no order any more (hotline.md 3.5); cms.health asks the same.
SILENT_AFTER = timedelta(seconds=30)
LONGEST_CUT = timedelta(seconds=PAUSES[-1])
_last: dict[str, datetime] = {}
_cut: dict[str, datetime] = {}
_here: dict[str, datetime] = {}


def heard_at() -> datetime | None:
    """Return when the part that carries out orders of calls was last heard, as it is written now; None: never."""
    return SweepMark.objects.filter(account="", kind=KIND).values_list("mark_at", flat=True).first()


def is_silent(at: datetime) -> bool:
    """Tell whether no order of a call will be carried out now.

    A fresh sign is read with the lines, into memory; only when that one is old is the row asked once more.
    """
    if not is_no_sign(_here.get(KIND), at, ahead=None) or not is_no_sign(_last.get(KIND), at):
        return False
    listen()
    return is_no_sign(_last.get(KIND), at)


def listen() -> None:
    """Read the last sign of life into memory, also where it is an older one: a corrected clock goes back.

    With it come the accounts that do not answer.
    """
    rows = SweepMark.objects.filter(Q(account="", kind=KIND) | Q(kind=CIRCUIT, failures__gte=OPEN_AFTER))
    _cut.clear()
    for account, kind, mark, failures in rows.values_list("account", "kind", "mark_at", "failures"):
        if kind == KIND:
            _last[KIND] = mark
        else:
            _cut[account] = asked_again_at(failures, mark)


def is_cut(account: str, at: datetime) -> bool:
    """Tell whether orders for an account are held back because it does not answer, as memory has it; asks nothing."""
    until = _cut.get(account)
    return until is not None and at < until <= at + LONGEST_CUT


def heard_here(at: datetime) -> None:
    """Remember a sign of life, in this process only: a played script carries out its orders by itself.

    Its clock is the script's own, so this sign may stand ahead of the time that is asked for.
    """
    _here[KIND] = max(at, _here.get(KIND, at))


def is_no_sign(
    heard: datetime | None, at: datetime, *, after: timedelta = SILENT_AFTER, ahead: timedelta | None = AHEAD
) -> bool:
    """Tell whether a sign of life says nothing now: there is none, it is too old, or it is from the future."""
    return heard is None or at - heard > after or (ahead is not None and heard - at > ahead)


def forget_heartbeat() -> None:
    """Read anew when it is asked next."""
    _last.clear()
    _cut.clear()
    _here.clear()
