"""The values of the call flow: what is heard, the line that was called, where a call stands, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hotline.ivr.plan import Plan

DIAL_SECONDS = 25
PHONE_SECONDS = 20
MESSAGE_SECONDS = 120
STAY_SECONDS = 60  # between two words to somebody who cannot speak and presses nothing
TRIES = 3
YES_NO = {"1": "no", "2": "yes"}  # in every question of the line: a key pressed by habit agrees to nothing
HEARD_SECONDS = 2  # a recording of this length can be heard; a shorter one is silence

# What fills a place in a prompt: words, a number that is read digit by digit, or the keys of prompts as pieces.
Value = str | tuple[str, ...]
Row = TypeVar("Row")


def changed(value: Row, **changes: object) -> Row:
    """Return a value of the flow with other fields, as `replace` does, which builds each field anew.

    The walk of a plan asks for it some 500,000 times. A name that is no field raises TypeError, as there.
    """
    if not changes.keys() <= vars(value).keys():
        raise TypeError(sorted(changes.keys() - vars(value).keys()))
    other = object.__new__(type(value))
    vars(other).update(vars(value), **changes)
    return other


@dataclass(frozen=True)
class Say:
    """Speak a prompt in a language; values fill its places."""

    prompt: str
    language: str = ""
    values: tuple[tuple[str, Value], ...] = ()


CLOSED = Say("message_mode")
USUAL = Plan()


@dataclass(frozen=True)
class Gather:
    """Read keys while and after speaking; the answer goes to `to`, and so does silence.

    With `goes_on` silence goes nowhere: what follows in the turn is heard then.
    """

    to: str
    says: tuple[Say, ...]
    digits: int = 1
    seconds: int = 6
    finish: str = ""
    goes_on: bool = False


@dataclass(frozen=True)
class Queue:
    """Wait in the contact's own room until an operator starts it."""

    to: str = "left"


@dataclass(frozen=True)
class Dial:
    """Ring a number; or, whoever answers pressing 1, the duty phone or the n-th telephone of those on shift."""

    to: str = "left"
    seconds: int = DIAL_SECONDS
    nth: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Record:
    """Record a message of the caller, until she presses # or the key of danger, which counts here too."""

    danger_key: str
    to: str = "voicemail-done"
    seconds: int = MESSAGE_SECONDS


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Heard = Say | Gather | Queue | Dial | Record | HangUp


@dataclass(frozen=True)
class Line:
    """What the flow needs to know of the called line now.

    `target` judges the roster for a language; `closed` is how the next opening is said in a language. `can_ring` tells
    whether orders of calls are carried out: without them nobody can be brought into a room. `phones` counts, for a
    language, the telephones of those on shift that a document can ring by itself. `is_off`: the line is switched off for
    this call. `plan` holds what the manager decided; `forward_number` is where mode `forward` leads, "" the duty phone.
    """

    languages: tuple[tuple[str, str], ...]
    is_open: bool
    target: Callable[[str], str]
    mode: str = "normal"
    is_off: bool = False
    other_number: str = ""
    police_number: str = ""
    greeting: str = "greeting"
    closed: Callable[[str], Say] = lambda _language: CLOSED
    can_ring: Callable[[], bool] = lambda: True
    phones: Callable[[str], int] = lambda _language: 0
    plan: Plan = USUAL
    forward_number: str = ""

    @property
    def first(self) -> str:
        """Return the language of the line that is said first."""
        return self.languages[0][1]

    @property
    def has_more(self) -> bool:
        """Tell whether the menu has a second page of languages, behind key 0."""
        return any(len(key) > 1 for key, _code in self.languages)

    @property
    def codes(self) -> list[str]:
        """Return the languages of the line in their order."""
        return [code for _key, code in self.languages]


@dataclass(frozen=True)
class Call:
    """Where one call stands, and what came in with this request."""

    step: str
    language: str = ""
    tries: int = 0
    question: str = ""
    is_danger: bool = False
    cannot_speak: bool = False
    has_need: bool = False  # of now, told by key in this call, whatever was said of danger
    answered: frozenset[str] = frozenset()  # the questions that she answered by key before: none is asked twice
    is_withheld: bool = False
    is_blocked: bool = False
    was_answered: bool = False
    operator_left: bool = False
    is_handed: bool = False  # to somebody who is in the room: the operator left, or leaves, the caller with them
    end_asked: bool = False
    waited_too_long: bool = False  # or is in danger, and nobody is there any more
    is_offered: bool = False  # to an operator on her way, since the order that leads out of the room
    stayed_too_long: bool = False  # who cannot speak and presses nothing is not cut off before thirty minutes
    digits: str = ""
    dial_status: str = ""
    nobody_took: bool = False  # who picked up pressed no key 1, or the call was over within seconds: a mailbox, say
    recorded: bool = False
    seconds: int = 0
    number_is_valid: bool = False
    number_is_kept: bool = False
    is_agreed: bool = False  # that we may call back

    @property
    def is_urgent(self) -> bool:
        """Tell whether she comes before all others and is asked nothing once people are there."""
        return self.is_danger or self.has_need

    @property
    def has_operator(self) -> bool:
        """Tell whether an operator is in the room, as far as is known."""
        return self.was_answered and not self.operator_left


@dataclass(frozen=True)
class Turn:
    """The answer: the next step, what is heard, columns to change, lines for the timeline, flags to add."""

    step: str
    heard: tuple[Heard, ...]
    changes: dict[str, object] = field(default_factory=dict)
    events: tuple[tuple[str, dict], ...] = ()
    flags: tuple[str, ...] = ()

    def after(self, *events: tuple[str, dict], flags: tuple[str, ...] = (), **changes) -> "Turn":
        """Return the same turn with what led to it put before: events, flags and columns."""
        return changed(self, changes=changes | self.changes, events=events + self.events, flags=flags + self.flags)


def chosen_of(call: Call, line: Line) -> str:
    """Return the language that is written down: what the caller chose, or the only one of the line; else none."""
    return call.language or (line.first if len(line.languages) == 1 else "")


def language_of(call: Call, line: Line) -> str:
    """Return the language that the caller chose, else the line's first."""
    return call.language or line.first


def say(prompt: str, call: Call, line: Line, **values: Value) -> Say:
    """Return a prompt in the caller's language."""
    return Say(prompt, language_of(call, line), tuple(values.items()))
