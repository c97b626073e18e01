"""A case's events in words: what happened, when, by whom."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from languages import table
from languages.text import listed
from referral.choices import CloseReason, ConsentGiver, DeclineReason, Outcome
from referral.choices.cases import OpenReason, WritingReason
from referral.choices.happenings import AUDIT_WORDS, HAPPENING_WORDS, SOURCE_WORDS
from referral.choices.holds import HoldReason, LiftReason
from referral.models import Case, Organisation, Referral
from referral.queries.cases import Happening, history_of, readers_of
from referral.queries.publishing import outcome_words
from referral.queries.questions import question_of
from referral.queries.runs import version_of, words
from referral.queries.spoken import isolated
from referral.queries.work import left_to_do, told_roles_of, work_words


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    number: int
    words: str
    at: dt.datetime
    who: str


def timeline_of(case: Case, language: str, after: int = 0) -> list[Entry]:
    """Return what happened in a case in words, newest first."""
    happenings = [event for event in history_of(case) if event.number > after]
    referrals = Referral.objects.filter(case=case).select_related("organisation", "run")
    agencies = {str(referral.public_id): referral.organisation.name for referral in referrals}
    agencies |= _passed_over(happenings)
    asked = {referral.run.number for referral in referrals}
    held = {str(referral.public_id) for referral in referrals if referral.held_at}
    steps = dict(case.runs.values_list("number", "step_key"))
    told, givers = told_roles_of(case), _givers(case, happenings)
    happenings = [replace(one, kind=_kind_of(one, held)) for one in happenings]
    return [_entry(event, case, language, agencies, steps, told, asked, givers) for event in happenings]


def _kind_of(event: Happening, held: set[str]) -> str:
    """Return the kind of an event; whoever put the person on a waiting list in time did answer."""
    is_place = event.kind == "referral_no_answer" and event.codes.get("referral") in held
    return "referral_no_place" if is_place else event.kind


def _passed_over(happenings: list[Happening]) -> dict[str, str]:
    """Return the names of the agencies that were passed over, by public id: no request to them bears it."""
    ids = [event.codes["organisation"] for event in happenings if event.kind == "agency_passed_over"]
    rows = Organisation.objects.filter(public_id__in=ids) if ids else ()
    return {str(row.public_id): row.name for row in rows}


def _givers(case: Case, happenings: list[Happening]) -> dict[str, str]:
    """Return who gave or refused each consent that the happenings tell of, in words, by public id."""
    if not any(event.kind in ("consent_given", "consent_refused") for event in happenings):
        return {}
    rows = case.consents.values_list("public_id", "giver")
    return {str(public_id): str(ConsentGiver(giver).label) for public_id, giver in rows}


def _entry(
    event: Happening, case: Case, language: str, agencies: dict, steps: dict, told: dict, asked: set, givers: dict
) -> Entry:
    pathway, codes = version_of(case), event.codes
    key = codes.get("value", "") if event.kind == "opened_by_hand" else steps.get(event.run, "")
    step = pathway.steps.get(key, {})
    names = {
        "step": isolated(words(step.get("title", ""), language).text, language),
        "agency": isolated(agencies.get(codes.get("referral") or codes.get("organisation"), _("An agency")), language),
        "role": str(told.get((event.run, codes.get("rule")), "")),
        "facts": listed((question_of(key, pathway).label for key in codes.get("facts", ())), language) or "–",
        "outcome": _outcome(step, codes.get("value", ""), event.run in asked),
        "reason": _reason(codes.get("reason", "")),
        "agencies": codes.get("agencies", 0),
        "giver": givers.get(codes.get("consent"), "–"),
        "recalled": codes.get("recalled", 0),
        "source": str(SOURCE_WORDS.get(case.source, SOURCE_WORDS["other"])),
    }
    if event.kind == "language_known":
        names |= {
            "step": _("Language of the person"),
            "outcome": isolated(table.BY_CODE[codes["language"]].own, language),
        }
    said = str(HAPPENING_WORDS.get(event.kind, event.kind)) % names
    if event.kind == "escalated" and not work_words(codes["rule"]):
        said = f"{said}. {left_to_do(case, codes['role'], codes['action'], language)}".removesuffix(". ")
    return Entry(event.number, said, event.at, who_acted(event))


def _outcome(step: dict, code: str, was_asked: bool) -> str:
    """Return an outcome in words; of help that nobody gives, whether anybody could be asked for it."""
    if step.get("kind") == "referral" and code in (Outcome.DECLINED, Outcome.NO_ANSWER):
        return _("no agency accepted") if was_asked else _("nobody could be asked")
    return str(outcome_words(code))


def _reason(code: str) -> str:
    kinds = (OpenReason, DeclineReason, CloseReason, HoldReason, LiftReason, WritingReason)
    labels = {value: label for kind in kinds for value, label in kind.choices}
    return str(labels.get(code, code))


def who_acted(event: Happening) -> str:
    """Return who acted, in words: a person, an agency through its link, or the house by itself."""
    if event.by.startswith("link:"):
        return _("by link")
    return event.by_name or _("by itself")


@dataclass(frozen=True)
class ReadingLine:
    """One line of "who opened this file"."""

    at: dt.datetime
    name: str
    words: str


def readings_of(case: Case) -> list[ReadingLine]:
    """Return who read and wrote in a case, newest first, in words."""
    lines = []
    for reading in readers_of(case):
        name = _("an agency, by link") if reading.name.startswith("link:") else reading.name
        lines.append(ReadingLine(reading.at, name, str(AUDIT_WORDS.get(reading.verb, reading.verb))))
    return lines
