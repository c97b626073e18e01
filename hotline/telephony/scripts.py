"""Scripted calls as text: who calls, presses, waits, speaks, hangs up, and what must be heard in which language.

    call 2883 from +231770001111        call 2883 withheld
    expect heard "For English" in en    expect not heard "closed"
    press 1                             wait 20
    say "I need help"                   hang up            cut
    text "STOP" to 2883                 expect state waiting
    operator takes                      operator holds     operator takes back
    operator ends                       operator drops     operator wraps up
    operator asks an interpreter
    faults twice 30 late 20 seed 7      faults none        sweep

Several callers: a line that begins with a name and a colon ("Ada: press 1") is that caller's, or about that caller's call;
time passes for all. Faults are of a hundred reports (twice, late, lost), requests (stalled) or documents (hung_up), and
`ahead` the seconds by which the network's clock is. A line that starts with # is a comment. An unknown word stops with its
line number and a hint.
"""

import difflib
import re
from dataclasses import dataclass

PATTERNS: dict[str, re.Pattern[str]] = {
    "call": re.compile(r"^call (?P<to>\S+) (?:from (?P<number>\S+)|(?P<withheld>withheld))$"),
    "press": re.compile(r"^press (?P<keys>[0-9*#]+)$"),
    "wait": re.compile(r"^wait (?P<seconds>\d+)$"),
    "say": re.compile(r'^say "(?P<words>[^"]+)"$'),
    "hang": re.compile(r"^hang up$"),
    "cut": re.compile(r"^cut$"),
    "text": re.compile(r'^text "(?P<words>[^"]*)" to (?P<to>\S+)(?: from (?P<number>\S+))?$'),
    "twice": re.compile(r"^twice$"),
    "expect": re.compile(
        r'^expect (?:(?P<not>not )?heard "(?P<words>[^"]+)"(?: in (?P<language>[a-z-]{2,5}))?|state (?P<state>[a-z_]+)'
        r"|outcome (?P<outcome>[a-z_]+)|flag (?P<flag>[a-z_]+))$"
    ),
    "faults": re.compile(r"^faults(?: none|(?P<faults>(?: (?:twice|late|lost|stalled|hung_up|ahead|seed) -?\d+)+))$"),
    "sweep": re.compile(r"^sweep$"),
    "operator": re.compile(r"^operator (?P<act>takes back|takes|holds|ends|drops|wraps up|asks an interpreter)$"),
}
WHO = re.compile(r"^(?P<who>[^\W\d_][\w-]*):\s+(?P<rest>.+)$")


class ScriptFault(Exception):
    """Raised when a line of a script is not understood; `number` is the line, `hint` what may have been meant."""

    def __init__(self, number: int, line: str, hint: str):
        super().__init__(f"Line {number}: “{line}” is not understood. {hint}")
        self.number, self.line, self.hint = number, line, hint


@dataclass(frozen=True)
class Step:
    """One line of a script: its number, its word, its values, and whose it is: "" where there is one caller."""

    number: int
    word: str
    values: dict[str, str]
    line: str
    who: str = ""


def parse(text: str) -> list[Step]:
    """Return the steps of a script."""
    steps = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().replace("“", '"').replace("”", '"')
        if not line or line.startswith("#"):
            continue
        named = WHO.match(line)
        who, line = (named["who"], named["rest"]) if named else ("", line)
        word = line.split()[0]
        if word not in PATTERNS:
            near = difflib.get_close_matches(word, PATTERNS, n=1)
            raise ScriptFault(
                number, line, f"Did you mean “{near[0]}”?" if near else f"Known words: {', '.join(PATTERNS)}."
            )
        match = PATTERNS[word].match(line)
        if match is None:
            raise ScriptFault(number, line, f"Write it as: {_EXAMPLES[word]}")
        values = {name: value for name, value in match.groupdict().items() if value is not None}
        steps.append(Step(number, word, values, line, who))
    return steps


_EXAMPLES = {
    "call": "call 2883 from +231770001111, or call 2883 withheld",
    "press": "press 1",
    "wait": "wait 20",
    "say": 'say "I need help"',
    "hang": "hang up",
    "cut": "cut",
    "text": 'text "STOP" to 2883 from +231770001111',
    "twice": "twice (the next key is sent twice)",
    "expect": 'expect heard "For English" in en, expect state waiting, expect outcome voicemail',
    "faults": "faults twice 30 late 20 lost 5 seed 7, or faults none",
    "sweep": "sweep (the worker asks for the telephones of whose end nobody told)",
    "operator": "operator takes, holds, takes back, asks an interpreter, ends, drops, wraps up",
}
