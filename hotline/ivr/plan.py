"""The plan of one line's call flow: what its manager decides. A value, written as JSON in a version. Pure.

What is no decision of the flow is not here: hours, mode and the numbers under which the line is called are the line's.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property

from languages.text.checks import faults_of

QUESTIONS = ("danger", "locked_in", "overheard", "hurt", "under_18", "send_police", "may_text")
MORE = "0"  # leads to the second page of the menu, where a line has one
FIRST_PAGE = ("1", "2", "3", "4", "6", "7", "8")
LANGUAGE_KEYS = (*FIRST_PAGE, *(f"{MORE}{key}" for key in FIRST_PAGE))
SPECIAL_KEYS = ("5", "6", "7", "8", "9")  # 0 repeats, and 1 to 4 are choices of some menu
EXPECTATIONS = ("", "plain", "measured")
AFTER_HOURS = ("menu", "forward")
NOBODY = ("duty", "menu")
WAIT_SECONDS = (5, 15)  # a caller never waits longer in silence
WAIT_MINUTES = (1, 60)
LONGEST, LONGEST_WORDS = 80, 400

# What words of a line's own must not lose, as codes of languages.text.checks: a key that they name, a place to be filled.
LOSING = frozenset({"placeholder_missing", "placeholder_unknown", "numbers"})
# The prompts whose words name a key that the plan decides; they are written with its usual digit, which stands for it.
NAMES_DANGER = frozenset({"danger_offer", "danger_key", "danger_waiting", "choices", "closed_menu", "nobody_menu"})
NAMES_SILENT = frozenset({"cannot_speak_offer"})


# The key by which who waits asks for a woman or a man; one that is the danger key, or that of who cannot speak, is not offered.
WISHES = {"6": "woman", "7": "man"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a plan: a code, the field that mends it, and what fills the words."""

    code: str
    name: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class PlanFault(ValueError):
    """Raised when what was written is no plan; `faults` says what is wrong with which field."""

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(f"{fault.name}: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Plan:
    """One line's flow. `silent_key` is "" where nobody is asked by keys; `voices` names voices that are not the usual ones.

    `words` are what the line says in words of its own: the prompt, the language, the text.
    """

    languages: tuple[tuple[str, str], ...] = ()
    danger_key: str = "9"
    silent_key: str = "5"
    questions: tuple[str, ...] = QUESTIONS
    wait_seconds: int = 12
    wait_minutes: int = 10
    says_position: bool = True
    expectation: str = ""
    takes_messages: bool = True
    calls_back: bool = True
    asks_wish: bool = False  # whether who waits may ask for a woman or a man
    after_hours: str = "menu"
    after_hours_number: str = ""
    nobody: str = "duty"
    duty_phone: str = ""
    other_number: str = ""
    police_number: str = ""
    voices: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()

    @cached_property
    def own_words(self) -> dict[tuple[str, str], str]:
        """Return the line's own words by prompt and language."""
        return {(prompt, code): text for prompt, code, text in self.words}

    @property
    def wishes(self) -> dict[str, str]:
        """Return the wishes that the menu of who waits offers, by key."""
        taken = {self.danger_key, self.silent_key}
        return {key: who for key, who in WISHES.items() if key not in taken} if self.asks_wish else {}

    @property
    def codes(self) -> list[str]:
        """Return the languages in the order in which they are said."""
        return [code for _key, code in self.languages]

    @property
    def has_more(self) -> bool:
        """Tell whether the menu has a second page of languages."""
        return any(len(key) > 1 for key, _code in self.languages)

    @property
    def body(self) -> dict[str, object]:
        """Return the plan as it is written down."""
        return json.loads(json.dumps(asdict(self)))

    @property
    def text(self) -> str:
        """Return the plan as one text, the same for the same plan: what its digest is made of."""
        return json.dumps(self.body, sort_keys=True, separators=(",", ":"))

    def differing(self, other: "Plan") -> list[str]:
        """Return the names of the fields in which two plans differ."""
        return [one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name)]


CHOICES = {"expectation": EXPECTATIONS, "after_hours": AFTER_HOURS, "nobody": NOBODY}
RANGES = {"wait_seconds": WAIT_SECONDS, "wait_minutes": WAIT_MINUTES}


def plan_from(body: object) -> Plan:
    """Return the plan that was written down; raise PlanFault with what is wrong in each field.

    A field that is missing has its usual value, so that an older version stays a plan when a newer release adds one.
    """
    if not isinstance(body, dict):
        raise PlanFault([Fault("no_plan")])
    usual, known = Plan(), {one.name for one in fields(Plan)}
    faults = [Fault("unknown_field", str(name)[:LONGEST]) for name in body if name not in known]
    values = {}
    for name in known & body.keys():
        try:
            values[name] = _read(name, body[name], getattr(usual, name))
        except (TypeError, ValueError):
            faults.append(Fault("odd_value", name))
    if faults:
        raise PlanFault(sorted(faults, key=lambda fault: fault.name))
    return replace(usual, **values)


def _read(name: str, value: object, usual: object) -> object:
    """Return one value in the form that a plan has it in; raise ValueError or TypeError when it is none."""
    if name in ("languages", "voices"):
        return tuple(_texts(one, (LONGEST, LONGEST)) for one in _listed(value))
    if name == "words":
        return tuple(_texts(one, (LONGEST, LONGEST, LONGEST_WORDS)) for one in _listed(value))
    if name == "questions":
        return tuple(_known(one, QUESTIONS) for one in _listed(value))
    if type(value) is not type(usual):
        raise TypeError
    if name in CHOICES:
        return _known(value, CHOICES[name])
    if name in RANGES:
        least, most = RANGES[name]
        if not least <= value <= most:
            raise ValueError
    if isinstance(value, str) and len(value) > LONGEST:
        raise ValueError
    return value


def _listed(value: object) -> list:
    if not isinstance(value, list | tuple):
        raise TypeError
    return list(value)


def _texts(value: object, limits: tuple[int, ...]) -> tuple[str, ...]:
    texts = _listed(value)
    if len(texts) != len(limits):
        raise TypeError
    if not all(isinstance(one, str) and len(one) <= limit for one, limit in zip(texts, limits, strict=True)):
        raise TypeError
    return tuple(texts)


def _known(value: object, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError
    return value


def words_of(prompt: str, language: str, words: str, plan: Plan) -> str:
    """Return what a line says for a prompt: its own words, else those of the house, with the keys of its plan in them."""
    return with_keys(prompt, plan.own_words.get((prompt, language), words), plan)


def keeps_places(source: str, text: str) -> bool:
    """Tell whether words have the same places to be filled, and name the same keys, as those they stand for."""
    return all(one.code not in LOSING for one in faults_of(source, text))


def with_keys(prompt: str, words: str, plan: Plan) -> str:
    """Return the words of a prompt with the keys of a plan in them."""
    if prompt in NAMES_DANGER and plan.danger_key != Plan.danger_key:
        return words.replace(Plan.danger_key, plan.danger_key)
    if prompt in NAMES_SILENT and plan.silent_key not in ("", Plan.silent_key):
        return words.replace(Plan.silent_key, plan.silent_key)
    return words
