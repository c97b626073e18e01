"""What it costs to draw a pathway that is as large as one may be; it hangs on no row."""

import itertools

from cms.bench import Figure, cpu
from referral import pathways
from referral.pathways import Pathway

BUDGET = 200  # ms
BRANCHES, LONGEST = 8, 37  # with start, end, split and join three hundred steps, the most that are taken


def branches(length: int) -> Pathway:
    """Return a pathway of eight branches at once, each of so many steps."""
    chains = [[f"task{branch}-{number}" for number in range(length)] for branch in range(BRANCHES)]
    ways = [("start", "split"), ("join", "end")]
    for chain in chains:
        ways += [("split", chain[0]), *itertools.pairwise(chain), (chain[-1], "join")]
    kinds = {"start": "start", "end": "end", "split": "fork_all", "join": "join"}
    kinds |= dict.fromkeys(itertools.chain(*chains), "task")
    return Pathway(
        {
            "key": "largest",
            "steps": [
                {"key": key, "kind": kind, "title": {"en": key}} | ({"join": "join"} if key == "split" else {})
                for key, kind in kinds.items()
            ],
            "transitions": [{"from": source, "to": target} for source, target in ways],
            "facts": [],
            "roles": [],
        }
    )


def figures(turns: int) -> list[Figure]:
    """Measure the drawing of the largest pathway."""
    largest = branches(LONGEST)
    drawing = cpu(lambda: pathways.drawn(largest, ["en"]), max(turns // 8, 1))
    return [Figure("drawing of 300 steps: CPU", drawing, "ms", BUDGET)]
