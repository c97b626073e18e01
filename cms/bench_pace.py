"""How fast the machine is at this moment, so that a figure is the product's and not its neighbours'.

A rented core may be half as fast for some seconds, because what else runs beside it shares the caches and the pipeline
of the same processor; `time.process_time` counts that as if the program had worked more. So a small fixed work is done
right before each turn, and the turn is told as many times that work; the work itself at the fastest that this machine
did it since the process began gives the milliseconds. Where the machine never is at full speed, nothing is made better.
"""

import hashlib
import json
import re
import statistics
import time

CALIBRATION = 1000  # works before the first figure, a second or less
TENTH = 10
ROWS = [{"id": number, "name": f"row {number}", "words": ["a" * (number % 7), None, True]} for number in range(200)]
ROW = re.compile(r"row \d+")

_seen: list[float] = []


class Milliseconds(float):
    """A median at full speed; `raw` is the median as the clock of the process had it."""

    raw: float


def reference() -> float:
    """Do the fixed work (JSON out and in, hashes, a pattern) and return the CPU it took, in seconds, its data at hand."""
    _work()  # what ran before has the caches of the processor
    begun = time.process_time()
    _work()
    spent = time.process_time() - begun
    _seen.append(spent)
    return spent


def _work() -> None:
    text = json.dumps(ROWS)
    for one in json.loads(text):
        hashlib.sha256(one["name"].encode()).hexdigest()
    ROW.findall(text)


def full_speed() -> float:
    """Return what the fixed work takes at the full speed of this machine, in seconds: the fastest tenth of all so far."""
    if len(_seen) < CALIBRATION:
        for _ in range(CALIBRATION):
            reference()
    return statistics.quantiles(_seen, n=TENTH)[0]


def typical() -> float:
    """Return what the fixed work took at its median so far, in seconds."""
    return statistics.median(_seen)


def milliseconds(spent: list[float], references: list[float]) -> Milliseconds:
    """Return the median turn at full speed, in milliseconds, of turns and of the fixed work done right before each (seconds)."""
    turns = [turn / beside for turn, beside in zip(spent, references, strict=True)]
    found = Milliseconds(round(statistics.median(turns) * full_speed() * 1000, 2))
    found.raw = round(statistics.median(spent) * 1000, 2)
    return found
