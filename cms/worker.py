"""The worker: asks each room's jobs, again and again, what is due. Rows are the queue; this only executes.

Each part has threads of its own, so that a mail server or a provider that does not answer holds up nothing but its like.
"""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.utils import timezone

import accounts.tasks
import hotline.tasks
import languages.tasks
import referral.tasks
import training.tasks
from accounts.actions import STOP, alone
from cms import away, planned
from cms.models import Heartbeat
from hotline.actions.heartbeat import note_alive

PAUSE_SECONDS = 1.0
BEAT_SECONDS = 5.0
LINE = "line"
PLANNED = (planned.publish_planned, planned.take_off_planned)
GRACE_SECONDS = 15.0  # for what is under way when the worker is asked to end; then its claims run out by themselves
log = structlog.get_logger("fanal.worker")

Job = Callable[[datetime], int]


@dataclass(frozen=True)
class Part:
    """Jobs that are run one after the other, by one thread or by several that share what is due."""

    name: str
    jobs: tuple[Job, ...]
    threads: int = 1


def parts() -> list[Part]:
    """Return the parts of the worker, the line first; cms.health.SILENCE says how long each may be silent."""
    rooms = (hotline.tasks.HOUSE_JOBS, referral.tasks.JOBS, accounts.tasks.HOUSE_JOBS, training.tasks.HOUSE_JOBS)
    house = [*(job for room in rooms for job in room), *languages.tasks.JOBS, *PLANNED, away.keep_numbers]
    return [
        Part(LINE, tuple(hotline.tasks.LINE_JOBS), threads=2),
        Part("texts", (*hotline.tasks.TEXT_JOBS, *training.tasks.TEXT_JOBS)),
        Part("records", tuple(hotline.tasks.RECORD_JOBS)),
        Part("letters", tuple(accounts.tasks.LETTER_JOBS)),
        Part("house", tuple(house)),
    ]


def jobs() -> list[Job]:
    """Return the jobs of every part."""
    return [job for part in parts() for job in part.jobs]


def beat(name: str, at: datetime) -> None:
    """Note that a part of the worker is alive; the line's own sign stands where callers' steps read it."""
    if name == LINE:
        note_alive(at=at)
    else:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


class Runner:
    """One thread's turns of one part."""

    def __init__(self, part: Part):
        self.part, self.heard = part, float("-inf")

    def turn(self) -> int:
        """Run each job once; return how many things were done. While the database is away nothing is."""
        try:
            return sum(self._run(job) for job in self.part.jobs if not STOP.is_set())
        except (DatabaseError, InterfaceError) as error:
            log.warning("worker_waits", exception=type(error).__name__)
            close_old_connections()
            return 0

    def _run(self, job: Job) -> int:
        """Run one job; one that fails is logged and does not stop the others."""
        if time.monotonic() - self.heard > BEAT_SECONDS:
            beat(self.part.name, timezone.now())
            self.heard = time.monotonic()
        with alone("job_failed", job=job.__name__):
            return job(timezone.now())
        close_old_connections()
        return 0

    def go_on(self) -> None:
        """Take turns until the worker is asked to end."""
        try:
            while not STOP.is_set():
                if not self.turn():
                    STOP.wait(PAUSE_SECONDS)
        finally:
            connections.close_all()


class DatabaseIsEmpty(Exception):
    """Raised before the worker begins, where no table of Fanal stands: waiting would make none."""


def refuse_empty() -> None:
    """Raise DatabaseIsEmpty before the first migration; a database that is away may come back, and is waited for."""
    try:
        is_empty = Heartbeat._meta.db_table not in connection.introspection.table_names()
    except (DatabaseError, InterfaceError):
        close_old_connections()
        return
    if is_empty:
        raise DatabaseIsEmpty(
            "The database is empty, so the worker has nothing to do. Run ./fanal setup (or ./fanal demo), then start"
            " the worker again."
        )


def run(*, once: bool = False) -> None:
    """Run every part until a signal asks to stop; what is under way is finished. A second signal ends at once."""
    STOP.clear()
    if once:
        for part in parts():
            Runner(part).turn()
        return
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, _stop)
    _watch([_thread(part) for part in parts() for _copy in range(part.threads)])


def _stop(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_DFL)
    STOP.set()


def _thread(part: Part) -> threading.Thread:
    thread = threading.Thread(target=Runner(part).go_on, name=part.name, daemon=True)
    thread.start()
    return thread


def _watch(threads: list[threading.Thread]) -> None:
    """Wait for the end; a thread that ended by itself ends the worker, so that whatever started it starts it anew."""
    while not STOP.wait(PAUSE_SECONDS):
        if dead := [thread.name for thread in threads if not thread.is_alive()]:
            log.error("part_ended", part=dead)
            STOP.set()
            raise SystemExit(1)
    until = time.monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
