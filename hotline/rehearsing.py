"""What the callers of a rehearsal do, second by second: staff practise with them on the practice network. Pure.

Each caller begins some seconds after the one before and speaks one of the line's languages, in turn. Who answers is the
staff; so a caller does what callers do, waits, and hangs up by herself in the end.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST = 10  # callers at once
APART = 5.0  # seconds from one caller to the next
STAYS = 300.0  # seconds after which a caller hangs up by herself
CHOSEN = 20.0  # by then the greeting was heard in part, and a language chosen
ROUGH = {"twice": 15, "late": 25, "ahead": 20}  # of what the network reports of a call
KEY, DANGER, SILENT = "press {key}", "press {danger}", "press {silent}"
# Seconds after the call began, and what is done: {key} is that of the caller's language,
# {danger} and {silent} are the line's.
SCENARIOS: dict[str, tuple[tuple[float, str], ...]] = {
    "asks": ((CHOSEN, KEY), (STAYS, "hang up")),
    "danger": ((8, DANGER), (STAYS, "hang up")),
    "danger_cut": ((8, DANGER), (100, "cut")),
    "cannot_speak": (
        (8, SILENT), (20, KEY), (32, "press 1"), (44, "press 2"), (56, "press 1"), (68, "press 1"),
        (80, "press 1"), (92, "press 2"), (104, "press 2"), (STAYS, "hang up"),
    ),
    "gives_up": ((CHOSEN, KEY), (60, "hang up")),
    "says_nothing": ((CHOSEN, KEY), (150, "hang up")),
    "line_cut": ((CHOSEN, KEY), (120, "cut")),
    "message": ((CHOSEN, KEY), (40, "press *"), (50, "press 3"), (66, "speak"), (72, "press #"), (100, "hang up")),
    "call_back": (
        (CHOSEN, KEY), (40, "press *"), (50, "press 2"), (60, "press 2"), (70, "press 3"), (80, "press 2"),
        (90, "press 1"), (120, "hang up"),
    ),
}  # fmt: skip
NEEDS = {"cannot_speak": "silent_key", "message": "takes_messages", "call_back": "calls_back"}  # fields of the flow
ON_PAGE_TWO = 4.0  # seconds from the key of the second page of languages to the next one
MIXED = "mixed"  # each caller does one of them, drawn by the seed


@dataclass(frozen=True)
class Done:
    """One thing that a caller does: after how many seconds, which act, with which keys."""

    after: float
    act: str
    keys: str = ""


@dataclass(frozen=True)
class Caller:
    """One caller of a rehearsal: her number ("" is withheld), her language, what she does."""

    number: str
    language: str
    scenario: str
    acts: tuple[Done, ...]


class Flow(Protocol):
    """What the flow of a line decides, as its callers need it (hotline.ivr.plan)."""

    languages: Sequence[tuple[str, str]]
    danger_key: str
    silent_key: str
    takes_messages: bool
    calls_back: bool


def scenarios_of(plan: Flow) -> list[str]:
    """Return what callers of a line can do, by what its flow offers."""
    return [name for name in SCENARIOS if name not in NEEDS or getattr(plan, NEEDS[name])]


def callers_of(scenario: str, plan: Flow, many: int, seed: int) -> list[Caller]:
    """Return the callers of a rehearsal, who press the keys of the line's flow."""
    draw = random.Random(seed)  # noqa: S311 -- who calls to practise, no secret
    found, offered = [], sorted(scenarios_of(plan))
    for place in range(min(many, MOST)):
        key, language = plan.languages[place % len(plan.languages)]
        which = draw.choice(offered) if scenario == MIXED else scenario
        begins = place * APART + draw.uniform(0, APART / 2)
        keys = {"key": key, "danger": plan.danger_key, "silent": plan.silent_key}
        acts = [Done(begins, "dial")]
        for after, what in SCENARIOS[which]:
            acts += _done(begins + after, what.format(**keys))
        number = "" if place % 4 == 3 and which != "call_back" else f"+23177{draw.randrange(10**7):07}"
        found.append(Caller(number, language, which, tuple(acts)))
    return found


def _done(after: float, what: str) -> list[Done]:
    act, _space, keys = what.partition(" ")
    if act == "press":
        return [Done(after + place * ON_PAGE_TWO, act, key) for place, key in enumerate(keys)]
    return [Done(after, "hang_up" if act == "hang" else act)]
