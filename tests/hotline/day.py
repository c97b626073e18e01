"""A day of two hundred calls in eight languages: who calls when, what each does, and how it is to end. Pure.

Drawn by a seed: the same day each time. An operator's acts stand in the script as they do in `hotline.telephony.scripts`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

KEYS = {"en": "1", "fr": "2", "ar": "3", "sw": "4", "pt": "6", "es": "7", "ht": "8", "id": "1"}
CALLS = 200
OPENS, CLOSES = 8, 20
NOBODY = (12.0, 13.0)  # from when until when nobody is on shift
DUTY = 12.6  # from when on the duty phone is picked up
TALK = "operator takes@40 operator ends@{talk} operator wraps up@{wrapped}"


@dataclass(frozen=True)
class Kind:
    """One way through the line: what is done after how many seconds, how it ends, how many of the day's calls it is."""

    name: str
    count: int
    acts: str
    outcome: str
    when: tuple[float, float] = (OPENS, CLOSES - 1)
    chooses: bool = True
    is_danger: bool = False
    duty: bool = False  # the duty phone is picked up


KINDS = (
    Kind("with an interpreter", 5, "operator takes@40 operator asks an interpreter@60 operator ends@{talk}"
         " operator wraps up@{wrapped}", "answered"),
    Kind("answered", 65, TALK, "answered"),
    Kind("answered after hold", 12, "operator takes@40 operator holds@90 operator takes back@120 operator ends@{talk}"
         " operator wraps up@{wrapped}", "answered"),
    Kind("lost and taken again", 8, "operator takes@40 operator drops@80 operator takes@120 operator ends@{talk}"
         " operator wraps up@{wrapped}", "answered"),
    Kind("in danger", 10, "press 9@4 " + TALK, "answered", chooses=False, is_danger=True),
    Kind("in danger, gone", 3, "press 9@4 hang up@50", "abandoned", chooses=False, is_danger=True),
    Kind("cannot speak", 6, "press 5@4 press 1@12 press 1@22 press 2@32 press 1@42 press 1@52 press 1@62 press 2@72"
         " press 2@82 operator takes@120 operator ends@{talk} operator wraps up@{wrapped}", "answered", chooses=False),
    Kind("cannot speak, gone", 4, "press 5@4 press 1@12 press 1@22 hang up@26", "silent", chooses=False),
    Kind("abandoned", 20, "hang up@{gone}", "abandoned"),
    Kind("left the greeting", 10, "hang up@5", "left_greeting", chooses=False),
    Kind("message instead", 8, "press *@40 press 3@46 say Please call me@62 press #@67 hang up@90", "voicemail"),
    Kind("silent message", 3, "press *@40 press 3@46 hang up@64", "no_message"),
    Kind("call back", 10, "press *@40 press 2@46 press 2@50 press 3@54 press 2@58 press 1@62 hang up@90", "callback"),
    Kind("after hours", 12, "hang up@40", "after_hours", when=(CLOSES + 0.1, CLOSES + 3.5)),
    Kind("message after hours", 8, "press 1@30 say Good evening@46 press #@51 hang up@80", "voicemail",
         when=(CLOSES + 0.1, CLOSES + 3.5)),
    Kind("danger at night", 2, "press 9@4 hang up@90", "by_phone", when=(CLOSES + 0.1, CLOSES + 3.5), chooses=False,
         is_danger=True, duty=True),
    Kind("nobody on shift", 8, "hang up@75", "nobody", when=(NOBODY[0] + 0.2, DUTY - 0.1)),
    Kind("by the duty phone", 6, "hang up@90", "by_phone", when=(DUTY, NOBODY[1] - 0.1), duty=True),
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One line of the day: second of the day, whose call, and what is done."""

    second: float
    caller: str
    line: str


@dataclass(frozen=True)
class Caller:
    """One call of the day: its name, kind, language, number, and from when on."""

    name: str
    kind: Kind
    language: str
    number: str
    begins: float

    @property
    def to(self) -> str:
        """Return the number that is called: Indonesian has a line of its own."""
        return "1500" if self.language == "id" else "2883"

    def acts(self) -> Iterator[Act]:
        """Yield what is done in this call."""
        draw = random.Random(self.name)  # noqa: S311 -- how long somebody talks
        talk = draw.randrange(150, 400)
        values = {"talk": talk, "wrapped": talk + draw.randrange(20, 90), "gone": draw.randrange(25, 120)}
        caller = f"from {self.number}" if self.number else "withheld"
        yield Act(self.begins, self.name, f"call {self.to} {caller}")
        if self.kind.chooses:
            yield Act(self.begins + 6, self.name, f"press {KEYS[self.language]}")
        for one in self.kind.acts.format(**values).replace(" press", "\npress").replace(" hang", "\nhang").replace(
            " say", "\nsay").replace(" operator", "\noperator").splitlines():  # fmt: skip
            words, _at, after = one.rpartition("@")
            if words.startswith("say "):
                words = f'say "{words[4:]}"'
            yield Act(self.begins + float(after), self.name, words)


def callers(seed: int = 4) -> list[Caller]:
    """Return the two hundred who call, each language and each kind among them."""
    draw, found = random.Random(seed), []  # noqa: S311 -- a day of a test
    kinds = [kind for kind in KINDS for _number in range(kind.count)]
    for number, kind in enumerate(kinds):
        language = "en" if not kind.chooses else list(KEYS)[number % len(KEYS)]
        first, last = kind.when
        hour = draw.uniform(first, last)
        while kind.when[0] == OPENS and NOBODY[0] - 0.3 < hour < NOBODY[1] + 0.1:
            hour = draw.uniform(first, last)
        phone = "" if number % 7 == 3 and kind.outcome != "callback" else f"+23177{draw.randrange(10**6):07}"
        found.append(Caller(f"C{chr(97 + number // 26)}{chr(97 + number % 26)}", kind, language, phone, hour * 3600))
    crowd = [one for one in found if one.kind.name == "abandoned"][:12]
    spot = {one.name: replace(one, begins=15 * 3600 + place) for place, one in enumerate(crowd)}  # all at once
    return [spot.get(one.name, one) for one in found]
