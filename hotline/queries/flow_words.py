"""A call flow in words: its settings, what differs between two versions, what is wrong with a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hotline.choices import QUESTIONS, flows
from hotline.ivr import Fault, Plan
from hotline.queries.lines import last_known
from languages import table
from languages.text import isolate, listed

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
    """Return what differs between two plans, in words."""
    return [
        Difference(
            str(flows.LABELS[name]), value_words(name, getattr(before, name)), value_words(name, getattr(after, name))
        )
        for name in flows.LABELS
        if name in before.differing(after)
    ]


def value_words(name: str, value: object) -> str:
    """Return the value of a setting as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in flows.VALUES:
        return str(flows.VALUES[name].get(value, value))
    if name == "languages":
        return ", ".join(isolate(f"{key} {_own(code)}") for key, code in value) or "–"
    if name == "questions":
        return " ".join(str(QUESTIONS[one]) for one in value) or "–"
    if name == "voices":
        return ", ".join(isolate(f"{_own(code)} {voice}") for code, voice in value) or str(flows.USUAL_VOICE)
    if name == "silent_key" and not value:
        return str(flows.NO_KEY)
    return isolate(str(value)) if value else "–"


def _prompts(keys: Sequence[str]) -> str:
    """Return the first words of prompts, in the language of the reader where they are written in it."""
    words, language = last_known().words, get_language()
    first = [words.get(key, {}).get(language) or words.get(key, {}).get(table.SOURCE, key) for key in keys[:NAMED]]
    more = [f"… (+{len(keys) - NAMED})"] if len(keys) > NAMED else []
    return listed([*(f"“{Truncator(one).words(4)}”" for one in first), *more], language)


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
    if "prompts" in fault.values:
        values["prompts"] = _prompts(fault.values["prompts"])
    return values
