"""The worker: asks each room's jobs, again and again, what is due. Rows are the queue; this only executes."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

import accounts.tasks
import hotline.tasks
import languages.tasks
import referral.tasks
import training.tasks
from cms import away
from cms.models import Heartbeat

PAUSE_SECONDS = 1.0
log = logging.getLogger("fanal.worker")

Job = Callable[[datetime], int]


def jobs() -> list[Job]:
    """Return the jobs of every room, the line first, then those of the roof."""
    rooms = (hotline, referral, accounts, training, languages)
    return [*(job for room in rooms for job in room.tasks.JOBS), away.keep_numbers]


def beat(at: datetime) -> None:
    """Note that the worker is alive."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": at})


def turn() -> int:
    """Run each job once; return how many things were done. A job that fails is logged and does not stop the others."""
    done = 0
    for job in jobs():
        try:
            done += job(timezone.now())
        except Exception:
            log.exception("job_failed job=%s", job.__name__)
            close_old_connections()
    return done


def run(*, once: bool = False) -> None:
    """Run turns until a signal asks to stop; a turn that is under way is finished."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        done = _turn_and_beat()
        if once:
            return
        if not done:
            stop.wait(PAUSE_SECONDS)


def _turn_and_beat() -> int:
    try:
        beat(timezone.now())
        return turn()
    except (DatabaseError, InterfaceError) as error:
        log.warning("worker_waits error=%s", type(error).__name__)
        close_old_connections()
        return 0
