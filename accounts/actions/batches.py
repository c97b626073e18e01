"""The pace of the worker: a batch takes its time and no more, and what one row meets stops no other row."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

LONGEST = 20.0  # seconds; shorter than any claim, and what is left comes with the next turn
STOP = threading.Event()  # set when the worker is asked to end: what is under way is finished, nothing more is begun
AWAY = (OperationalError, InterfaceError)  # the database is away or locked: no other row can be read either
# Deadlock, serialization: PostgreSQL ended one of two transactions that stood in each other's way; the database is there.
OVERRUN = frozenset({"40P01", "40001"})
PAUSE = 0.2  # seconds before an act that another transaction ended is done once more
Row, Done = TypeVar("Row"), TypeVar("Done")
log = structlog.get_logger(__name__)


@dataclass
class Met:
    """What one piece of work met; `error` is None when it met nothing."""

    error: Exception | None = None


def is_overrun(error: BaseException) -> bool:
    """Tell whether a transaction ended only because another one stood in its way: done again, it goes through."""
    return getattr(error.__cause__, "sqlstate", None) in OVERRUN


def once_more(act: Callable[..., Done], *values, **named) -> Done:
    """Do an act that is one transaction; once more, in a new one, where another transaction ended it."""
    try:
        return act(*values, **named)
    except OperationalError as error:
        if not is_overrun(error):
            raise
        log.warning("done_once_more", exception=type(error.__cause__).__name__)
    time.sleep(PAUSE)  # whoever stood in the way goes first
    return act(*values, **named)


@contextmanager
def alone(
    trouble: str, *, known: tuple[type[Exception], ...] = (), through: tuple[type[Exception], ...] = (), **facts
) -> Iterator[Met]:
    """Do one piece of the worker's work so that whatever it meets is logged, and what comes after it is done.

    `known`: what is expected now and then is a warning without the places it passed. `through`: what is for the caller.
    A transaction that another one ended is no word of the database: that row comes again, the others go on.
    The only place of the worker that catches everything (docs/decisions/0007-one-row-stops-no-other.md).
    """
    met = Met()
    try:
        yield met
    except through as error:
        if not is_overrun(error):
            raise
        met.error = error
        log.warning(trouble, exception=type(error).__name__, **facts)
    except known as error:
        met.error = error
        log.warning(trouble, exception=type(error).__name__, **facts)
    except Exception as error:
        met.error = error
        log.exception(trouble, **facts)


def one_by_one(
    trouble: str, rows: Iterable[Row], act: Callable[[Row], object], *, known: tuple[type[Exception], ...] = ()
) -> int:
    """Act on each row, or key of one, in its own transaction; return how many acts did something.

    A row that fails is logged and stops no other; when the database is away the batch ends.
    """
    done = 0
    for row in rows:
        with alone(trouble, known=known, through=AWAY, subject=getattr(row, "pk", row)):
            done += bool(act(row))
    return done


def first_due(
    trouble: str, due: QuerySet, act: Callable[[Any], object], *, most: int, known: tuple[type[Exception], ...] = ()
) -> int:
    """Act on as many of the rows that are due as a batch takes, one by one; return how many acts did something.

    What is done is due no more. Rows that fail stay in front: they are passed by, so that however many always fail,
    those behind them have their turn.
    """
    begun, done, passed = time.monotonic(), 0, 0
    while done < most and time.monotonic() - begun < LONGEST and not STOP.is_set():
        rows = list(due[passed : passed + most])
        if not rows:
            break
        acted = one_by_one(trouble, rows, act, known=known)
        done, passed = done + acted, passed + len(rows) - acted
    return done


def paced(rows: Iterable[Row], at: datetime) -> Iterator[tuple[Row, datetime]]:
    """Yield each row with the instant of its turn, until the batch has taken its time or the worker is asked to end.

    A claim made at that instant lasts as long as it says, however slow the rows before it were.
    """
    begun = time.monotonic()
    for row in rows:
        spent = time.monotonic() - begun
        if spent > LONGEST or STOP.is_set():
            return
        yield row, at + timedelta(seconds=int(spent))
