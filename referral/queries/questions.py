"""Questions and facts: what a fact is called and may hold, what is known of a case, what is asked next."""

import datetime as dt
import json

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from languages.text import listed
from referral.choices import FORMS, FormField, Sensitivity
from referral.choices.forms import CHOICE, INSTANT, MULTI, NUMBER, TEXT, YES_NO
from referral.models import Case
from referral.pathways import Pathway, word
from referral.queries.runs import facts_of
from referral.queries.spoken import when

REGISTER: dict[str, FormField] = {field.key: field for form in FORMS.values() for field in form.fields}
LONGEST_TEXT = 4000


class FactDoesNotFit(ValueError):
    """Raised when a fact's value is not what its question allows; ask again and choose from the answers."""


def question_of(key: str, pathway: Pathway | None = None, chain: tuple[str, ...] = ("en",)) -> FormField:
    """Return the question that fills a fact: from the form register, else as the pathway words it, else free text."""
    if key in REGISTER:
        return REGISTER[key]
    fact = pathway.facts.get(key) if pathway else None
    if fact is None:
        return FormField(key, TEXT, key.replace("_", " "), sensitivity=Sensitivity.PERSONAL)
    label, _language = word(fact.get("label") or key.replace("_", " "), chain)
    names = fact.get("choice_labels") or {}
    choices = tuple((code, word(names.get(code) or code, chain)[0]) for code in fact.get("choices", ()))
    sensitivity = fact.get("sensitivity", Sensitivity.PLAIN)
    return FormField(key, fact["type"], label, script=label, choices=choices, sensitivity=sensitivity)


def checked(question: FormField, value: object, at: dt.datetime | None = None) -> object:
    """Return a value as it is kept (JSON), or raise FactDoesNotFit; None is "asked, not known" and always allowed."""
    if value is None:
        return None
    kind = question.kind
    if isinstance(value, dt.datetime) and kind == INSTANT and value.tzinfo:
        value = value.astimezone(dt.UTC).isoformat()
    fits = {
        YES_NO: isinstance(value, bool),
        NUMBER: isinstance(value, int) and not isinstance(value, bool) and _in_range(question, value),
        CHOICE: isinstance(value, str) and value in dict(question.choices),
        MULTI: isinstance(value, list | tuple) and set(value) <= set(dict(question.choices)),
        TEXT: isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT,
        INSTANT: isinstance(value, str) and _is_past(value, at),
    }
    if not fits[kind]:
        raise FactDoesNotFit(_("“%(question)s” does not take this answer.") % {"question": question.label})
    return sorted(value) if kind == MULTI else value


def _in_range(question: FormField, value: int) -> bool:
    return (question.minimum is None or question.minimum <= value) and (
        question.maximum is None or value <= question.maximum
    )


def _is_past(value: str, at: dt.datetime | None) -> bool:
    try:
        told = dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return told.tzinfo is not None and (at is None or told <= at)


def known_values(case: Case) -> dict[str, object]:
    """Return plain values by key; a fact that was asked and is not known is None."""
    rows = facts_of(case).items()
    return {key: json.loads(row.value) if row.value else None for key, row in rows if row.value or not row.is_known}


def sealed_keys(case: Case) -> list[str]:
    """Return the questions whose answer is kept sealed."""
    return [key for key, row in facts_of(case).items() if row.is_known and not row.value]


def words_of(key: str, value: object, pathway: Pathway | None = None, chain: tuple[str, ...] = ("en",)) -> str:
    """Return a plain value in words of the active language."""
    if value is None:
        return str(_("Not known"))
    question = question_of(key, pathway, chain)
    if question.kind == YES_NO:
        return str(_("Yes")) if value else str(_("No"))
    if question.kind == INSTANT:
        return when(dt.datetime.fromisoformat(str(value)))
    labels = dict(question.choices)
    if question.kind == MULTI:
        return listed((labels.get(code, code) for code in value), get_language()) or str(_("None of these"))
    return str(labels.get(value, value))
