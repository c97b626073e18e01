"""The way out of a room while the worker is silent: no document can lead out of a room, only an order to the provider.

A caller who waits is sent out of it, and a conversation that its operator ended is hung up.
Then the web process carries these orders out by itself: in one thread of its own, never in a request, and with the
claims of the worker, so that an order goes out once, whoever comes first.
"""

import logging
import threading

from django.db import DatabaseError, InterfaceError, connections, transaction
from django.utils import timezone

from hotline.actions.commands import claim_commands, run_command
from hotline.choices import CommandKind

log = logging.getLogger("hotline")
WAYS_OUT = frozenset({CommandKind.REDIRECT, CommandKind.HANG_UP, CommandKind.ROOM_END})
_busy = threading.Lock()


def lead_out() -> int:
    """Carry out the orders that send callers out of their rooms or end calls; return how many were done."""
    at = timezone.now()
    return sum(run_command(one, at=at) for one in claim_commands(at=at, kinds=WAYS_OUT))


def lead_out_soon() -> None:
    """Do so once this transaction is committed; one thread at a time."""
    transaction.on_commit(_start)


def _start() -> None:
    if _busy.acquire(blocking=False):
        threading.Thread(target=_run, name="standby", daemon=True).start()


def _run() -> None:
    try:
        while lead_out():
            pass
    except (DatabaseError, InterfaceError):  # the next waiting document begins anew
        log.warning("standby_waits_for_the_database")
    finally:
        connections.close_all()
        _busy.release()
