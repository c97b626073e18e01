"""A call flow in words: its settings, what differs between two versions, what is wrong with a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hotline.choices import QUESTIONS, State, flows
from hotline.ivr import Fault, Plan, state_of
from hotline.queries.lines import last_known
from languages import table
from languages.text import beside, isolate, listed

NAMED = 3


@dataclass(frozen=True)
class Difference:
    """One setting as callers hear it and as the draft has it."""

    label: str
    before: str
    after: str


def settings_of(plan: Plan) -> list[tuple[str, str]]:
    """Return each setting of a plan with its value, in words."""
    return [(str(label), value_words(name, getattr(plan, name))) for name, label in flows.LABELS.items()]


def differences(before: Plan, after: Plan) -> list[Difference]:
    """Return what differs between two plans, in words; of the line's own words each prompt for itself."""
    plain = [name for name in flows.LABELS if name in before.differing(after) and name != "words"]
    told = [
        Difference(
            str(flows.LABELS[name]), value_words(name, getattr(before, name)), value_words(name, getattr(after, name))
        )
        for name in plain
    ]
    one, other = before.own_words, after.own_words
    changed = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    return told + [Difference(_prompt_in(key), _said(one, key), _said(other, key)) for key in changed]


def _prompt_in(key: tuple[str, str]) -> str:
    return beside(isolate(_own(key[1])), _first_words(key[0]), get_language())


def _said(own: dict[tuple[str, str], str], key: tuple[str, str]) -> str:
    """Return what is said for a prompt in a language: the line's own words, else those of the house."""
    return isolate(own.get(key) or last_known().words.get(key[0], {}).get(key[1]) or "–")


def value_words(name: str, value: object) -> str:
    """Return the value of a setting as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in flows.VALUES:
        return str(flows.VALUES[name].get(value, value))
    if name == "languages":
        return ", ".join(f"{key} {isolate(_own(code))}" for key, code in value) or "–"
    if name == "questions":
        return " ".join(str(QUESTIONS[one]) for one in value) or "–"
    if name == "voices":
        return ", ".join(isolate(f"{_own(code)} {voice}") for code, voice in value) or str(flows.USUAL_VOICE)
    if name == "words":
        return ", ".join(_prompt_in((prompt, code)) for prompt, code, _text in value) or "–"
    if name == "silent_key" and not value:
        return str(flows.NO_KEY)
    return isolate(str(value)) if value else "–"


def _prompts(keys: Sequence[str]) -> str:
    """Return the first words of prompts, in the language of the reader where they are written in it."""
    more = [f"… (+{len(keys) - NAMED})"] if len(keys) > NAMED else []
    return listed([*map(_first_words, keys[:NAMED]), *more], get_language())


def _first_words(key: str) -> str:
    words, here = last_known().words.get(key, {}), table.known(get_language() or "")  # the editor says pt-pt for pt
    return f"“{Truncator(words.get(here) or words.get(table.SOURCE, key)).words(4)}”"


def _own(code: object) -> str:
    return table.BY_CODE[code].own if code in table.BY_CODE else str(code)


def fault_words(faults: Iterable[Fault]) -> list[tuple[str, Fault]]:
    """Return each fault as a sentence, with the fault."""
    return [(str(flows.FLOW_FAULTS[fault.code]) % _values(fault), fault) for fault in faults]


def _values(fault: Fault) -> dict[str, str]:
    """Return what fills the sentence of a fault."""
    values = {name: str(value) for name, value in fault.values.items()}
    if "language" in values:
        values["language"] = _own(values["language"])
    if "number" in values:
        values["number"] = isolate(values["number"])
    if "prompts" in fault.values:
        values["prompts"] = _prompts(fault.values["prompts"])
    if "steps" in fault.values:
        values["steps"] = _places(fault.values["steps"])
    return values


def _places(steps: Iterable[str]) -> str:
    """Return where in a call these steps are, in the words in which staff see it, as the call comes by them."""
    states = {state_of(step) for step in steps}
    return listed((state.label for state in State if state in states), get_language())
