"""What goes wrong on the simulated network, drawn by a seed: the same seed, the same run."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Faults:
    """How many of a hundred reports come twice, late or never, of requests time out, and after how many the caller hangs up.

    A late report is overtaken by others. `ahead`: seconds by which the network's clock is.
    """

    seed: object = 0
    twice: int = 0
    late: int = 0
    lost: int = 0
    stalled: int = 0
    hung_up: int = 0
    ahead: int = 0


class Chance:
    """Draws what happens, one after the other."""

    def __init__(self, faults: Faults):
        self.faults = faults
        self._draw = random.Random(f"{faults.seed}")  # noqa: S311 -- what happens on a stage, no secret

    def of(self, kind: str) -> bool:
        """Tell whether this kind of fault happens now."""
        share = getattr(self.faults, kind)
        return bool(share) and self._draw.randrange(100) < share

    def seconds(self, most: float) -> float:
        """Return after how many seconds it happens."""
        return self._draw.uniform(0.2, most)
