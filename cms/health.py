"""Whether the product can do its work: what /readyz and `./fanal doctor` ask. What is only late: cms.chores."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts import triggers
from accounts.actions import key_ring
from accounts.models import AuditEntry
from accounts.queries.rotation import scopes_that_do_not_open
from accounts.sealing import NoSealKey, SealError
from cms.models import Heartbeat
from hotline.models import Line, WebhookEvent
from hotline.queries.heartbeat import SILENT_AFTER, heard_at, is_no_sign
from hotline.queries.leases import count_wrong_leases
from hotline.queries.marks import marks_ahead

# The threads of the worker (cms.worker) and how long each may be silent: one letter may take a slow mail server long.
SILENCE = {"line": SILENT_AFTER.total_seconds(), "texts": 60, "records": 180, "letters": 180, "house": 180}
# Only below both: a tenth of a large disk is much room, and two gigabytes of a small one are enough.
FREE_SHARE, FREE_BYTES = 0.1, 2 * 10**9
# Further apart, this machine would take calls and orders that another one holds: leases last half a minute and more.
CLOCKS_APART = timedelta(seconds=20)


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it must be: a code, and a sentence that says what to do."""

    code: str
    words: str


def _triggers() -> list[Fault]:
    missing = triggers.missing()
    return (
        [Fault("triggers", f"Append-only triggers are missing ({', '.join(missing)}); run manage.py migrate.")]
        if missing
        else []
    )


def _worker() -> list[Fault]:
    now, heard = timezone.now(), {beat.name: beat.at for beat in Heartbeat.objects.all()}
    if line := heard_at():
        heard["line"] = line
    silent = [
        name for name, seconds in SILENCE.items() if is_no_sign(heard.get(name), now, after=timedelta(seconds=seconds))
    ]
    if not silent:
        return []
    if "line" in silent:
        return [
            Fault(
                "worker",
                "The worker has not been heard for half a minute: telephones are rung without it. Start ./fanal worker.",
            )
        ]
    return [Fault("worker", f"A part of the worker is silent ({', '.join(silent)}); start ./fanal worker anew.")]


def _disk() -> list[Fault]:
    usage = shutil.disk_usage(settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR)
    if usage.free / usage.total >= FREE_SHARE or usage.free >= FREE_BYTES:
        return []
    return [Fault("disk", "Less than a tenth of the disk and less than 2 GB are free; make room.")]


def _clock() -> list[Fault]:
    """Compare this machine's clock with the database server's; SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = timezone.now() - theirs
    if abs(apart) <= CLOCKS_APART:
        return []
    ahead = "ahead of" if apart > timedelta(0) else "behind"
    return [
        Fault(
            "clock",
            f"This machine's clock is {abs(apart).total_seconds():.0f} seconds {ahead} the database server's;"
            " set both by a time server (NTP).",
        )
    ]


def _lines() -> list[Fault]:
    """Read a line as every call does, in a transaction as its steps are written: a lock that holds calls up shows here.

    On SQLite the transaction takes the one lock of all writers. A web process waits three seconds for it, as a caller's
    step does before the way out is answered.
    """
    with transaction.atomic():
        Line.objects.only("pk").first()
    return []


def _keys() -> list[Fault]:
    """Try the seal keys as a call does, and on what was sealed last: without them each new call is only passed on."""
    try:
        ring = key_ring()
        ring.try_out()
    except (NoSealKey, SealError) as error:
        return [Fault("keys", f"Nothing can be sealed, and calls go to the duty phone: {error}")]
    if closed := scopes_that_do_not_open(ring):
        return [
            Fault(
                "keys",
                f"What was sealed last does not open with the keys that are here ({', '.join(closed)}): put the right ones"
                " back into FANAL_SEAL_KEYS.",
            )
        ]
    return []


CHECKS: tuple[Callable[[], list[Fault]], ...] = (_lines, _keys, _triggers, _worker, _disk, _clock)


def wrong_times() -> list[str]:
    """Return, in sentences, what a clock that was wrong left behind, or shows that it is wrong now."""
    now, found = timezone.now(), []
    received = WebhookEvent.objects.order_by("-id").values_list("received_at", flat=True).first()
    written = AuditEntry.objects.order_by("-seq").values_list("at", flat=True).first()
    for what, at in (
        ("request of the provider", received),
        ("audit entry", written and datetime.fromisoformat(written)),
    ):
        if at and at - now > CLOCKS_APART:
            found.append(
                f"The newest {what} is of {at:%Y-%m-%d %H:%M} UTC, which is still to come: this clock is behind, or was"
                " ahead. Look at the machine's time."
            )
    if kinds := marks_ahead(now):
        found.append(f"Marks of the worker stand in the future ({', '.join(kinds)}): its next turn writes them anew.")
    if count := count_wrong_leases(now):
        found.append(f"{count} rows wait for a time no right clock wrote: the worker frees them within a minute.")
    return found


def faults() -> list[Fault]:
    """Return everything that is wrong now; when the database is down or locked, only that."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return [Fault("database", "The database does not answer; start it or mend DATABASE_URL.")]
    try:
        return [fault for check in CHECKS for fault in check()]
    except Error:
        return [Fault("locked", "The database answers, but cannot be read or written; see what holds it.")]
