"""The parts of the simulated network: telephones, rooms, and what an observer is told."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from hotline.telephony.simulated.faults import Chance

Transport = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], str]]
PACE = 1 / 15
WRITTEN = "written"


class NetworkDown(Exception):
    """Raised by a transport that got no answer; the simulated provider then uses the fallback document."""


@dataclass(frozen=True)
class Heard:
    """One thing that happened on a telephone."""

    call_sid: str
    at: dt.datetime
    kind: str
    text: str = ""
    language: str = ""
    written: bool = False
    by_whatsapp: bool = False


@dataclass(frozen=True)
class Asked:
    """One request that the provider posted, and the status it got."""

    call_sid: str
    at: dt.datetime
    path: str
    fields: dict[str, str]
    status: int
    repeat: bool = False
    degraded: bool = False


@dataclass(frozen=True)
class Behaviour:
    """How a called telephone behaves: rings so long, then answers (and talks so long), or not."""

    answers: bool = True
    after: float = 1.0
    talks: float | None = None
    presses: str = ""


def rung_by_worker(to: str) -> Behaviour:
    """Return how a telephone behaves that the worker rings: it answers, and an ordinary one presses 1.

    A number that ends in 9 does not answer, one that ends in 8 is answered and no key is pressed, as by a voicemail.
    """
    if to.startswith("client:"):
        return Behaviour()
    if to.endswith("8"):
        return Behaviour(after=3.0)
    return Behaviour(answers=not to.endswith("9"), after=3.0, presses="1")


@dataclass(eq=False)
class SimCall:
    """One leg."""

    sid: str
    from_: str
    to: str
    direction: str
    status: str = "ringing"
    status_url: str = ""
    parent: "SimCall | None" = None
    peer: "SimCall | None" = None
    program: list[Element] = field(default_factory=list)
    verb: Element | None = None
    due: dt.datetime | None = None
    then: Callable[[], None] | None = None
    keys: str = ""
    will_press: str = ""
    spoken: str = ""
    spoken_at: dt.datetime | None = None
    record_until: dt.datetime | None = None
    room: "SimRoom | None" = None
    side: list[Element] = field(default_factory=list)
    side_url: str = ""
    side_due: dt.datetime | None = None
    held: bool = False
    ends_room: bool = False
    coaches: str = ""
    muted: bool = False
    is_screened: bool = False
    picked_up_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    pick_up: Callable[[], None] | None = None
    chance: Chance | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)
    sequence: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def is_live(self) -> bool:
        """Tell whether the telephone is ringing or talking."""
        return self.status in {"queued", "initiated", "ringing", "in-progress"}

    @property
    def seconds(self) -> int:
        """Return how long the call was up, in whole seconds: none where nobody picked up."""
        if self.picked_up_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.picked_up_at).total_seconds())


@dataclass(eq=False)
class SimRoom:
    """One conference."""

    sid: str
    name: str
    url: str = ""
    started: bool = False
    members: dict[str, SimCall] = field(default_factory=dict)
    sequence: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
