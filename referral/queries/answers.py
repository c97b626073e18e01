"""What is known of a case in words: the newest answer, who wrote it down, where, and what stood before it."""

import datetime as dt
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from referral.choices.happenings import NOTE_WORDS, SOURCE_WORDS
from referral.models import Case, FactValue
from referral.pathways import Pathway, short_title
from referral.queries.cases import names_of
from referral.queries.questions import question_of, words_of
from referral.queries.runs import version_of, words

SAFETY_FACTS = ("immediate_danger", "risk_level", "may_leave_message", "interpreter_used")


@dataclass(frozen=True)
class Told:
    """One answer as it was written down: in words, when, by whom, from where. A sealed one has no words here."""

    words: str
    at: dt.datetime
    who: str
    source: str


@dataclass(frozen=True)
class FactRow:
    """One fact: its newest answer, which counts, and the last one that differed from it; a sealed one is opened with a reason."""

    key: str
    label: str
    is_sealed: bool
    told: Told
    before: Told | None

    @property
    def words(self) -> str:
        """Return the answer that counts."""
        return self.told.words

    @property
    def at(self) -> dt.datetime:
        """Return when the answer that counts was written down."""
        return self.told.at


def fact_rows(case: Case, language: str) -> list[FactRow]:
    """Return the facts so far, each once, with the newest answer and the one it replaced."""
    history: dict[str, list[FactValue]] = {}
    for row in case.facts.order_by("id"):
        history.setdefault(row.key, []).append(row)
    names = names_of({row.by for rows in history.values() for row in rows})
    pathway = version_of(case)
    return [_fact_row(key, rows, names, pathway, language) for key, rows in history.items()]


def _fact_row(key: str, rows: list[FactValue], names: dict[str, str], pathway: Pathway, language: str) -> FactRow:
    newest = rows[-1]
    is_sealed = newest.is_known and not newest.value
    before = None if is_sealed else next((row for row in reversed(rows[:-1]) if _differs(row, newest)), None)
    return FactRow(
        key=key,
        label=_label(key, pathway, language),
        is_sealed=is_sealed,
        told=_told(newest, names, pathway, language),
        before=_told(before, names, pathway, language) if before else None,
    )


def _differs(row: FactValue, newest: FactValue) -> bool:
    """Tell whether an earlier answer said something else; an earlier sealed one is not compared."""
    is_sealed = row.is_known and not row.value
    return not is_sealed and (row.is_known, row.value) != (newest.is_known, newest.value)


def _label(key: str, pathway: Pathway, language: str) -> str:
    if key in NOTE_WORDS:
        return str(NOTE_WORDS[key])
    prefix, _dash, step = key.partition("_")
    if prefix in {"note", "reason", "wish"} and step in pathway.steps:
        return words(pathway.steps[step]["title"], language).text
    return str(question_of(key, pathway, (language,)).label)


def _told(row: FactValue, names: dict[str, str], pathway: Pathway, language: str) -> Told:
    is_sealed = row.is_known and not row.value
    value = json.loads(row.value) if row.value else None
    said = "" if is_sealed else words_of(row.key, value, pathway, (language,))
    return Told(said, row.at, names.get(row.by, "") or _("by itself"), _source(row.source, pathway, language))


def _source(source: str, pathway: Pathway, language: str) -> str:
    """Return from where an answer came, in words: the hotline, the opening of the case, a step of it, the case page."""
    if source in pathway.steps:
        return short_title(words(pathway.steps[source]["title"], language).text)
    return str(SOURCE_WORDS.get(source, "")) or _("written in the case")


def safety_rows(case: Case, language: str) -> list[FactRow]:
    """Return the facts on safety that are known or asked for, in a fixed order."""
    known = {row.key: row for row in fact_rows(case, language)}
    return [known[key] for key in SAFETY_FACTS if key in known]
