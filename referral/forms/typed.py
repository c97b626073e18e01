"""What a form of a case still tells once its sender may not see the case any more: her own words, and nothing else.

The answer is built from what was sent and from the register of questions, never from the case.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from languages.text import listed
from referral.choices import CloseReason, DeclineReason
from referral.choices.cases import OpenReason
from referral.choices.forms import TEXT
from referral.choices.holds import HoldReason, LiftReason
from referral.forms.fields import PlainTextField, SentOnce
from referral.forms.steps import FOUR_ANSWERS, NONE_OF_THESE, NOT_ASKED
from referral.queries.questions import REGISTER

REASONS = {code: words for kind in (OpenReason, DeclineReason, CloseReason, HoldReason, LiftReason) for code, words in kind.choices}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """One thing that was sent: what it is called ("" when the word would say nothing) and the words."""

    label: str
    words: str


def typed(sent: QueryDict) -> list[Typed]:
    """Return what somebody wrote or chose in a form of a case, in the order in which it was sent."""
    texts = _text_fields(SentOnce) | {sent.get("fact", "")}
    found = []
    for name, values in sent.lists():
        told = [one.strip() for one in values if one.strip() not in {"", NOT_ASKED}]
        if told and name in REGISTER:
            found.append(_answer(name, told))
        elif told and name in texts:
            found.append(Typed("", listed((REASONS.get(one, one) for one in told), get_language())))
    return found


def _answer(name: str, told: list[str]) -> Typed:
    question = REGISTER[name]
    labels = {code: str(words) for code, words in (*FOUR_ANSWERS, *question.choices)}
    labels[NONE_OF_THESE] = _("None of these")
    words = told if question.kind == TEXT else [labels.get(one, one) for one in told]
    return Typed(str(question.label), listed(words, get_language()))


def _text_fields(kind: type[forms.Form]) -> set[str]:
    """Return the names of the fields for free words in all forms that are sent once."""
    return {name for form in _kinds(kind) for name, field in form.base_fields.items() if _is_text(field)}


def _kinds(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def _is_text(field: forms.Field) -> bool:
    return isinstance(field, PlainTextField)
