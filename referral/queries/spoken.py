"""Words to say, in the person's language beside the operator's; what is missing in a language says so."""

from dataclasses import dataclass

from languages import table
from languages.queries import Spoken, in_language
from languages.text import isolate


def isolated(text: str, language: str) -> str:
    """Return a name for a sentence that runs from the right, held so that it does not turn the sentence."""
    return isolate(text) if table.BY_CODE[language].rtl else text


@dataclass(frozen=True)
class Pair:
    """What to say, and what it means."""

    say: Spoken
    mean: Spoken


def pair_of(words, person: str, operator: str) -> Pair:
    """Return a text for the person beside the same for the operator."""
    return Pair(in_language(words, person), in_language(words, operator))
