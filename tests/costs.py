"""How what an act costs grows with what it is given: in CPU of this process or in lines, never in seconds that a test would wait for."""

import sys
import time

LINEAR = 8  # four times the text may cost so much more at most; who reads it over and over costs sixteen times as much
UNSEEN = 0.005  # less than the clock and the collector leave to be told


def growth(act, text, times):
    """Return how much more an act costs where a text of so many repeats, `text(times)`, is four times as long."""
    return cost(act, text(4 * times)) / max(cost(act, text(times)), UNSEEN)


def cost(act, given):
    """Return the CPU that an act takes with what it is given, the better of two runs."""
    runs = []
    for _run in range(2):
        began = time.process_time()
        act(given)
        runs.append(time.process_time() - began)
    return min(runs)


def lines(act, given):
    """Return how many lines of Python an act runs with what it is given: the same on every machine, busy or not."""
    count, before = 0, sys.gettrace()

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        act(given)
    finally:
        sys.settrace(before)
    return count
