"""Writes that bind a contact to a case that is open already, and take it out of one it was joined to by mistake."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from accounts.rules import allowed
from hotline import triage
from hotline.actions.in_hand import check_in_hand
from hotline.actions.sheets import locked_to_write
from hotline.actions.timeline import note
from hotline.models import Contact
from hotline.queries.joinable import is_joined
from hotline.queries.sheets import newest_sheet
from referral import actions as referral
from referral.choices import CaseState
from referral.models import Case
from referral.rules import RULES as CASE_RULES


class ConsentRefused(Exception):
    """Raised when a contact is to be joined to a case and the person did not say yes, nor is a basis written down."""


class CaseNotThere(Exception):
    """Raised when a case cannot be joined: it is closed, of another country, or not open to this person."""


class InAnotherCase(Exception):
    """Raised when a contact got another case meanwhile than the one that it is to be joined to or taken out of."""


@transaction.atomic
def join_case(*, contact: Contact, case: Case, by: User, at: datetime) -> Case:
    """Join a contact to a case that this person works on and return the case; her own repeat changes nothing.

    What the sheet says stays on the sheet, and is read from the case: its facts may be newer than the call. Whom the
    contact names has the case no more: it is then among those that nobody has.
    """
    row = locked_to_write(contact, by)
    if row.case_id is not None:
        return _same(row, case)
    check_in_hand(row, by, at)
    answers = newest_sheet(row).answers
    if not triage.may_join_case(answers):
        raise ConsentRefused(row.code)
    now = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if (
        now.state != CaseState.OPEN
        or now.country_id != row.country_id
        or not allowed(by, CASE_RULES, "view_case", now)
    ):
        raise CaseNotThere(row.code)
    consent = str(triage.answer_of(answers, "consent_case"))
    _bind(row, now, "joined", by, at, consent=consent)
    note(row, "case_joined", by=by, at=at, case=now.code, consent=consent)
    return referral.leave_to_others(case=now, by=by, at=at)


def _same(row: Contact, case: Case) -> Case:
    """Return the case of a contact where it is the one that is meant."""
    if row.case_id != case.pk:
        raise InAnotherCase(row.code)
    return row.case


def _bind(row: Contact, case: Case, how: str, by: User, at: datetime, **codes) -> None:
    """Give a contact a case ("joined") or take it from it ("parted"); the case has it on record, and the audit log names both."""
    row.case, row.changed_at = case if how == "joined" else None, at
    row.save(update_fields=["case", "changed_at"])
    referral.note_contact(case=case, how=how, contact=str(row.public_id), by=by, at=at)
    accounts.record(
        by=by, verb=f"hotline.case_{how}", thing=row, at=at, country=row.country_id, case=str(case.public_id), **codes
    )


class NotJoined(Exception):
    """Raised when a contact cannot be taken out of its case: the case began with it, is closed, or is a colleague's."""


class CaseIsHeld(Exception):
    """Raised when a contact would be taken out of a case that a court holds: it is held with its case, and only there."""


@transaction.atomic
def part_case(*, contact: Contact, case: Case, by: User, at: datetime) -> Case:
    """Take a contact out of the case to which it was joined by mistake and return the case; out of it already, nothing happens.

    Only who has the case does it, while the case is open and no court holds it. The timeline keeps that it was joined,
    and that it was not right.
    """
    row = locked_to_write(contact, by)
    if row.case_id is None:
        return case
    _same(row, case)
    check_in_hand(row, by, at)
    now = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if now.state != CaseState.OPEN or not allowed(by, CASE_RULES, "view_case", now) or not is_joined(row):
        raise NotJoined(row.code)
    if now.legal_hold:
        raise CaseIsHeld(row.code)
    _bind(row, now, "parted", by, at)
    note(row, "case_parted", by=by, at=at, case=now.code)
    return now
