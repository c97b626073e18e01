"""What is known of a case in words: the newest answer, who wrote it down, where, and what stood before it."""

import datetime as dt
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from referral.choices.happenings import NOTE_WORDS, SOURCE_WORDS
from referral.choices.signs import BY_DIMENSION
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
    """One fact: its newest answer, which counts, and the last one that differed from it; a sealed one is opened with a reason.

    `group` is the dimension of a sign of exploitation, "" for every other fact.
    """

    key: str
    label: str
    group: str
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


def apart(rows: list[FactRow]) -> tuple[list[FactRow], list[FactRow]]:
    """Return the facts that are no signs of exploitation, and those that are, dimension by dimension."""
    known = {row.key: row for row in rows if row.group}
    return [row for row in rows if not row.group], [known[sign.key] for sign in BY_DIMENSION if sign.key in known]


def told_at_once(rows: list[FactRow]) -> Told | None:
    """Return when, by whom and where all of these answers were written down, if that was once and nothing stood before."""
    origins = {(row.told.at, row.told.who, row.told.source) for row in rows}
    return rows[0].told if len(origins) == 1 and not any(row.before for row in rows) else None


def _fact_row(key: str, rows: list[FactValue], names: dict[str, str], pathway: Pathway, language: str) -> FactRow:
    newest = rows[-1]
    is_sealed = newest.is_known and not newest.value
    before = None if is_sealed else next((row for row in reversed(rows[:-1]) if _differs(row, newest)), None)
    return FactRow(
        key=key,
        label=_label(key, pathway, language),
        group=str(question_of(key, pathway, (language,)).group),
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
