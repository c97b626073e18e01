"""How what a text costs grows with its length: told in CPU of this process, never in seconds that a test would wait for."""

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
