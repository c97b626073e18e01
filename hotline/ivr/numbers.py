"""Which number is named to who is in danger, or got nowhere, and the words around it."""

from collections.abc import Iterable
from typing import Protocol

from hotline.ivr.values import Call, Line, Say, say


class Named(Protocol):
    """A line, with the numbers that it names."""

    @property
    def other_number(self) -> str:
        """The number that is named where nobody answers, "" for none."""

    @property
    def police_number(self) -> str:
        """The number of the police, "" for none."""


def emergency(call: Call, line: Line) -> list[Say]:
    """Return what names that number to a caller in her language; nothing where the line has none."""
    return [say(prompt, call, line, number=number) for prompt, number in emergency_number(line)]


def emergency_number(line: Named) -> list[tuple[str, str]]:
    """Return the number that is named to who is in danger, with its prompt: that of the police, else the line's other.

    Empty for a line that has neither: there the danger key, which rings its duty phone, is all that it can say.
    """
    named = (("police_number", line.police_number), ("other_number", line.other_number))
    return [(prompt, number) for prompt, number in named if number][:1]


def danger_words(codes: Iterable[str], line: Named) -> list[Say]:
    """Return what is said to whoever told of danger, and the number for that: all of it in one language, then in the next."""
    number = [(prompt, (("number", value),)) for prompt, value in emergency_number(line)]
    return [Say(prompt, code, values) for code in codes for prompt, values in [("danger", ()), *number]]
