"""A country's triage form in words: its questions, in which languages they can be said, faults, differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hotline import triage
from hotline.choices import sheet_forms as words
from hotline.queries.sheet_forms import known_form
from hotline.queries.sheets import answer_words
from languages import table
from languages.queries import in_language
from languages.text import beside


@dataclass(frozen=True)
class Said:
    """One language of a country's lines: its own name, and in which language a question is said where it has no words."""

    language: str
    own: str
    instead: str


@dataclass(frozen=True)
class QuestionRow:
    """One question of a form: what stands in the list."""

    key: str
    label: str
    ask: str
    kind: str
    when: str
    said: list[Said]
    unanswered: list[Said]
    is_fixed: bool
    is_own: bool
    choices: list[str]


@dataclass(frozen=True)
class Lost:
    """The words of a question in one language that nobody has any more once it is taken off."""

    language: str
    own: str
    words: list[str]


@dataclass(frozen=True)
class StepRows:
    """One step with its questions."""

    key: str
    title: str
    rows: list[QuestionRow]


@dataclass(frozen=True)
class Difference:
    """One thing that the draft changes: which question, what of it, as it is and as it will be."""

    question: str
    what: str
    before: str = ""
    after: str = ""


def steps_of(body: Mapping, languages: Iterable[str], key: int | None = None) -> list[StepRows]:
    """Return the questions of a body step by step, each with the languages in which it is said; `key` is its version's."""
    form, codes = known_form(body, key), list(languages)
    entries = {} if form is triage.HOUSE else {entry["key"]: entry for entry in body["questions"]}
    rows = {asked.key: _row(form, asked, entries.get(asked.key, {}), codes) for asked in form.questions}
    return [
        StepRows(step.key, str(step.title), [rows[one.key] for one in form.questions if one.step == step.key])
        for step in triage.STEPS
    ]


def _row(form: triage.Form, asked: triage.Question, entry: Mapping, codes: list[str]) -> QuestionRow:
    own = asked.key not in triage.HOUSE.by_key
    listed = [str(label) for _code, label in asked.choices]
    unanswered = [Said(code, table.BY_CODE[code].own, "") for code in unanswered_in(entry, codes)] if own else []
    return QuestionRow(
        asked.key, str(asked.label) or "–", str(asked.ask), str(words.KINDS.get(asked.kind, asked.kind)),
        when_words(form, asked), said_in(asked, codes), unanswered, asked.key in triage.FIXED, own, listed,
    )  # fmt: skip


def unanswered_in(entry: Mapping, codes: Iterable[str]) -> list[str]:
    """Return in which of some languages an answer of a country's own question has no words; English stands there then."""
    labels = [one["label"] for one in entry.get("choices", ())]
    return [code for code in codes if any(not _has_words(label, code) for label in labels)]


def _has_words(label: Mapping, code: str) -> bool:
    return bool(label.get(code)) or not in_language(triage.Words(label).shown, code).is_fallback


def lost_words(entry: Mapping, kept: Mapping | None) -> list[Lost]:
    """Return the words of a question, language by language, that do not stand in the one that can be put back."""
    found: dict[str, list[str]] = {}
    before = set(_said(kept)) if kept else set()
    for code, text in _said(entry):
        if (code, text) not in before:
            found.setdefault(code, []).append(text)
    return [Lost(row.code, row.own, found[row.code]) for row in table.TABLE if row.code in found]


def _said(entry: Mapping) -> list[tuple[str, str]]:
    """Return all words of a question, each with its language."""
    told = [entry[part] for part in triage.PARTS] + [one["label"] for one in entry.get("choices", ())]
    return [(code, text) for labels in told for code, text in labels.items() if text]


def taken_off(body: Mapping, bodies: Iterable[Mapping]) -> list[tuple[str, str]]:
    """Return the questions that are not in a body and can be put back from one of some others: key and short name."""
    stands = {entry["key"] for entry in body["questions"]}
    others = {entry["key"]: entry for one in reversed(list(bodies)) for entry in one["questions"]}
    return [(key, name_of(entry)) for key, entry in others.items() if key not in stands]


def name_of(entry: Mapping) -> str:
    """Return the short name of a question of a body."""
    return str(triage.Words(entry["label"]).shown) or _("A question of this country")


def said_in(asked: triage.Question, codes: Iterable[str]) -> list[Said]:
    """Return in which languages a question is said to callers of some languages; nothing for one that is not said."""
    if not str(asked.ask):
        return []
    spoken = [(code, in_language(asked.ask, code)) for code in codes]
    return [Said(code, table.BY_CODE[code].own, one.own if one.is_fallback else "") for code, one in spoken]


def when_words(form: triage.Form, asked: triage.Question) -> str:
    """Return on which answer a question is asked; "" for one that is always asked."""
    if asked.when is None:
        return ""
    opener = form.by_key.get(asked.when.key)
    if opener is None:
        return "–"
    answers = " / ".join(hang_words(opener, answer) for answer in asked.when.answers)
    return beside(opener.label, answers, get_language())


def hang_words(opener: triage.Question, answer: str) -> str:
    """Return an answer on which a question hangs, in words."""
    return str(words.CHILD) if answer == triage.CHILD else answer_words(opener, answer, {})


def fault_words(body: object, faults: Iterable[triage.Fault]) -> list[tuple[str, str]]:
    """Return each fault as a sentence, with the key of the question that it is about."""
    return [(str(words.FORM_FAULTS[fault.code]) % _values(body, fault), fault.key) for fault in faults]


def _values(body: object, fault: triage.Fault) -> dict[str, str]:
    values = {name: str(value) for name, value in fault.values.items()} | {"question": _label(body, fault.key)}
    if "language" in values:
        row = table.BY_CODE.get(values["language"])
        values["language"] = row.own if row else values["language"]
    return values


def _label(body: object, key: str) -> str:
    asked = known_form(body).by_key.get(key) or triage.HOUSE.by_key.get(key)
    return str(asked.label) if asked and str(asked.label) else _("A question of this country")


def differences(before: Mapping, after: Mapping) -> list[Difference]:
    """Return what differs between two bodies, in words."""
    return [_difference(before, after, one) for one in triage.changes(before, after)]


def _difference(before: Mapping, after: Mapping, one: triage.Change) -> Difference:
    label = _label(before if one.kind == "dropped" else after, one.key)
    if one.kind == "words":
        own = table.BY_CODE[one.language].own if one.language in table.BY_CODE else one.language
        return Difference(label, f"{words.PARTS[one.part]}, {own}", one.before, one.after)
    if one.kind in ("when", "choices"):
        old, new = (_shown(body, one) for body in (before, after))
        return Difference(label, str(words.CHANGES[one.kind]), old, new)
    return Difference(label, str(words.CHANGES[one.kind]))


def _shown(body: Mapping, one: triage.Change) -> str:
    form = known_form(body)
    asked = form.by_key[one.key]
    if one.kind == "when":
        return when_words(form, asked) or str(words.ALWAYS)
    return " / ".join(str(label) for _code, label in asked.choices)
