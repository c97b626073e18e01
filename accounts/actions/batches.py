"""The pace of the worker: a batch of things that ask somebody outside takes its time and no more."""

import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

LONGEST = 20.0  # seconds; shorter than any claim, and what is left comes with the next turn
STOP = threading.Event()  # set when the worker is asked to end: what is under way is finished, nothing more is begun
Row = TypeVar("Row")


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
