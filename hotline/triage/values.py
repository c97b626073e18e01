"""What a triage form is made of: steps, questions, when a question is asked; values without rows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import lazystr
from django.utils.translation import get_language, gettext

YES_NO, ONE, LONG, MANY, NUMBER, PLACE = "yes_no", "one", "long", "many", "number", "place"
YES, NO, UNKNOWN, NOT_ASKED = "yes", "no", "unknown", "not_asked"
CALL_BACK, REFER = "call_back", "refer"  # what an answer promises that somebody has to keep
CHILD = "child"  # as an answer on which a question hangs: under 18, or asked and not known
SOURCE = "en"


@dataclass(frozen=True)
class Step:
    """One step of the sheet: key and short title."""

    key: str
    title: str


@dataclass(frozen=True)
class When:
    """On which answers to an earlier question a question is asked: it opens a branch of the sheet."""

    key: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """Words in a language that were said for an earlier English, which the question does not say any more."""

    source: str
    said: str


@dataclass(frozen=True)
class Question:
    """One question: key, step, short label, words to say, why it is asked, kind, choices, the fact of a case it fills.

    `when` is the answer that it hangs on; without one it is always asked. `earlier` is what was said, by language, for
    words that were changed since. `promises`: what an answer promises to the person (CALL_BACK, REFER), by its code.
    """

    key: str
    step: str
    label: str
    ask: str
    why: str
    kind: str = YES_NO
    choices: tuple[tuple[str, str], ...] = ()
    fact: str = ""
    is_reversed: bool = False
    when: When | None = None
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    promises: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Return the answers of its list."""
        return frozenset(code for code, _words in self.choices)


@dataclass(frozen=True)
class Form:
    """One version of the triage form: its questions in the order in which they are asked."""

    questions: tuple[Question, ...]

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Return the questions by their keys."""
        return {asked.key: asked for asked in self.questions}

    @cached_property
    def places(self) -> dict[str, int]:
        """Return at which place each question stands."""
        return {asked.key: place for place, asked in enumerate(self.questions)}


class NoSuchQuestion(LookupError):
    """Raised for a key that is not on the sheet; reload the page to get the sheet that is valid now."""


class NotAnAnswer(ValueError):
    """Raised when an answer does not fit its question; choose one of the answers shown."""


class Words(dict):
    """Words by language, as a version of the form keeps them; English is the source."""

    @property
    def shown(self):
        """Return them as words of the page: each time in the language that is active, else as the catalogue has the source."""
        return lazystr(_Chosen(self))


class _Chosen:
    """Words that are chosen when they are shown."""

    def __init__(self, words: Mapping[str, str]):
        self.words = words

    def __str__(self):
        source = self.words.get(SOURCE, "")
        return self.words.get(get_language() or SOURCE) or (gettext(source) if source else "")


def digest_of(body: object) -> str:
    """Return the digest that tells whether two versions ask the same in the same words."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
