"""Writes of the triage sheet: one answer, the note, the language, the case that grows from it."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline import triage
from hotline.actions.hastening import hastened
from hotline.actions.in_hand import check_in_hand
from hotline.actions.meanwhile import SavedMeanwhile, last_by
from hotline.actions.own_rows import locked_for
from hotline.actions.timeline import note
from hotline.models import Contact, Sheet
from hotline.queries.needs import is_pressing
from hotline.queries.sheet_forms import form_of, version_of
from hotline.queries.sheets import newest_note, newest_sheet
from languages import table
from languages.text import check_input
from referral import actions as referral
from referral.choices.happenings import BY_KEY
from referral.models import Area
from referral.queries.questions import REGISTER

NOTE_LENGTH = 300
QUOTES = '"“”„‟«»‹›'


class AnswerChanged(Exception):
    """Raised when somebody saved another answer meanwhile; both are shown and a person chooses."""

    def __init__(self, sheet: Sheet, key: str):
        super().__init__(key)
        self.sheet, self.key = sheet, key


class NoteChanged(Exception):
    """Raised when another note was saved meanwhile, on another page; both are shown and a person chooses."""

    def __init__(self, sheet: Sheet):
        super().__init__(sheet.version)
        self.sheet = sheet


class NoteRefused(ValueError):
    """Raised for a note that is too long or quotes what was said; write what happened, in your own words."""


class ConsentNotAsked(Exception):
    """Raised when a case is asked for without an answer on consent and without a written basis."""


class ReasonNeeded(Exception):
    """Raised when the person did not say yes to being written down; say why a case is opened all the same."""


class ContactIsErased(Exception):
    """Raised when a contact was erased; nothing can be written on it any more."""


def locked_to_write(contact: Contact, by: User) -> Contact:
    """Return the contact's row, locked, on which somebody writes; NamesHer where it is hidden from her now."""
    row = locked_for(contact, by)
    if row.erased_at is not None:
        raise ContactIsErased(row.code)
    return row


def _locked_for(contact: Contact, by: User, at: datetime) -> Contact:
    """Return the contact's row, locked, on which somebody writes; raise InHand where a colleague has the call."""
    row = locked_to_write(contact, by)
    check_in_hand(row, by, at)
    return row


@transaction.atomic
def save_answer(*, contact: Contact, key: str, values: list[str], version: int, by: User, at: datetime) -> Sheet:
    """Keep one answer as a new version of the sheet.

    `version` is the sheet that the person saw. Another question may have been answered since; only when this very
    answer was changed by somebody is it refused, with AnswerChanged.
    """
    row = _locked_for(contact, by, at)
    now = newest_sheet(row)
    asked = triage.question(key, form_of(now))
    value = triage.checked(asked, values)
    kept = triage.answer_of(now.answers, key)
    if now.version > version and kept != value and kept != _seen(row, version, key):
        raise AnswerChanged(now, key)
    if asked.kind == triage.PLACE and value not in (triage.UNKNOWN, triage.NOT_ASKED) and _area(row, value) is None:
        raise triage.NotAnAnswer(key)
    if kept == value and now.pk:
        return now
    sheet = _next(now, answers=now.answers | {key: value}, by=by, at=at)
    sheet.save()
    note(row, "sheet_saved", by=by, at=at, question=key, version=sheet.version)
    if row.is_missed and is_pressing(row):
        Contact.objects.filter(pk=row.pk).update(**hastened(row, since=at))
    return sheet


def _next(now: Sheet, *, answers: dict[str, object], by: User, at: datetime, page: str = "") -> Sheet:
    """Return the next version of a sheet, unsaved: by the form with which it began, a new one by the form of now."""
    return Sheet(
        contact=now.contact, version=now.version + 1, form=version_of(now), house=now.house if now.pk else triage.NEWEST,
        answers=answers, saved_by=by, saved_at=at, page=page,
    )  # fmt: skip


def _area(contact: Contact, value: object) -> Area | None:
    """Return the area that an answer names, if it is one of the contact's country."""
    text = str(value)
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return Area.objects.filter(pk=text, country=contact.country).first() if is_id else None


def _seen(contact: Contact, version: int, key: str) -> object:
    """Return the answer that stood in the version which the person saw."""
    seen = contact.sheets.filter(version=version).first()
    return triage.answer_of(seen.answers if seen else {}, key)


@transaction.atomic
def save_note(*, contact: Contact, text: str, version: int, by: User, at: datetime, page: str = "") -> Sheet:
    """Keep the free note, sealed, as a new version of the sheet; refuse quotations and more than 300 characters.

    `version` is the sheet that the person saw, `page` names the page that she writes on. What was saved since is never
    written over, also when it is her own from another window: NoteChanged. The same words again are kept once.
    """
    check_input(text)
    if len(text) > NOTE_LENGTH or any(mark in text for mark in QUOTES):
        raise NoteRefused(contact.code)
    row = _locked_for(contact, by, at)
    before, now = newest_note(row), newest_sheet(row)
    if before is not None and _says(before, text, by, at):
        return before
    if before is not None and before.version > version and not _is_of_page(before, page, by):
        raise NoteChanged(before)
    sheet = _next(now, answers=now.answers, by=by, at=at, page=page)
    accounts.seal(sheet, "note", text)
    sheet.save()
    note(row, "sheet_saved", by=by, at=at, question="note", version=sheet.version)
    return sheet


def _is_of_page(sheet: Sheet, page: str, by: User) -> bool:
    """Tell whether a note was sent by this very page: its answer was lost, or a newer sending overtook it."""
    return bool(page) and sheet.page == page and sheet.saved_by_id == by.pk


def _says(sheet: Sheet, text: str, by: User, at: datetime) -> bool:
    """Tell whether the note that stands has these very words; one that cannot be opened has others."""
    words = accounts.reveal_many([sheet], "note", by=by, at=at, reason="console")
    return words.get(sheet.public_id) == text


@transaction.atomic
def set_language(*, contact: Contact, language: str, by: User, at: datetime, seen: str | None = None) -> Contact:
    """Keep the language in which the person speaks, when it is another one than she or he chose by key.

    A case of this contact of which no language is known gets it as well. `seen` is the one that stood on the page
    ("" for none); without it nobody looked.
    """
    row = _locked_for(contact, by, at)
    if seen is not None and row.language not in (seen, language):
        own = {one.code: one.own for one in table.TABLE}
        theirs, mine = own.get(row.language, "–"), own[language]
        raise SavedMeanwhile(by=last_by(row, "language_set"), theirs=theirs, mine=mine)
    if language != row.language:
        row.language = language
        row.save(update_fields=["language"])
        note(row, "language_set", by=by, at=at, language=language)
    if row.case_id is not None:
        referral.learn_language(case=row.case, language=language, by=by, at=at)
    return row


def _sources(sheet: Sheet) -> dict[str, str]:
    """Return which facts of the case the caller told by key: its operator answered them as little as anybody."""
    return {asked.fact: BY_KEY for asked in form_of(sheet).questions if asked.fact and asked.key in sheet.by_key}


def _facts(sheet: Sheet) -> dict[str, object]:
    """Return the facts with which the case begins; a number above what its forms take now is asked anew there.

    What weighs more by key than on the sheet is the case's fact: a danger said by key is nobody's to talk away.
    """
    facts = triage.facts_of(sheet.answers | sheet.by_key, form_of(sheet))
    most = {key: REGISTER[key].maximum for key in facts}
    return {key: value for key, value in facts.items() if most[key] is None or value is None or value <= most[key]}


@transaction.atomic
def open_case(*, contact: Contact, by: User, at: datetime, reason: str = "", said: str = ""):
    """Open a case from the sheet and hand over facts, area and the language, empty where nobody chose one.

    A second click returns the first case. Without a yes to being written down it takes a `reason`, given in view of
    what the person `said`.
    """
    row = locked_to_write(contact, by)
    if row.case_id is not None:
        return row.case
    check_in_hand(row, by, at)
    sheet = newest_sheet(row)
    answers = sheet.answers
    if not triage.may_open_case(answers):
        raise ConsentNotAsked(row.code)
    consent = str(triage.answer_of(answers, "consent_case"))
    is_asked_why = triage.needs_reason(answers)
    if is_asked_why and (not reason or said != consent):
        raise ReasonNeeded(row.code)
    reason = reason if is_asked_why else ""
    case = referral.open_case(
        country=row.country,
        facts=_facts(sheet),
        sources=_sources(sheet),
        language=row.language,
        source="hotline",
        area=_area(row, triage.answer_of(answers, "area")),
        key=f"contact:{row.public_id}",
        by=by,
        at=at,
    )
    row.case = case
    row.save(update_fields=["case"])
    basis = triage.answer_of(answers, "basis")
    referral.note_writing(case=case, said=consent, reason=reason, by=by, at=at)
    note(row, "case_opened", by=by, at=at, case=case.code, consent=consent, opening=reason)
    accounts.record(
        by=by, verb="hotline.case_opened", thing=row, at=at, country=row.country_id, consent=consent, basis=basis,
        reason=reason,
    )  # fmt: skip
    return case
