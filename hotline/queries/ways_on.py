"""Whom a sheet closes upon only once it is said what becomes of her, what stands in it, and what may happen then.

Asked are calls that were cut in danger, stated danger and every other need of now (`triage.PRESSING`), children, a yes to
being referred, and what the sheet promises (`triage.promised`), as long as no case is open. A call that we promised and may make asks nothing: it is kept.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from accounts.models import User
from hotline import triage
from hotline.choices import After, CallerClass, Closing, ContactKind, State
from hotline.choices.calling import CALL_BARS
from hotline.models import Contact, Sheet
from hotline.queries.danger import ANSWER, KEY, danger_of
from hotline.queries.dialling import promise_bar
from hotline.queries.needs import Said, by_key, pressing_of
from hotline.queries.safety import has_callback_number
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import newest_sheet, sheet_words, told_by_key
from hotline.rules import DESK

# Why nothing more is to be done after such a call: that nobody was reached in three tries, for one, cannot be said yet.
NO_MORE = (Closing.REACHED, Closing.CALLED_AGAIN, Closing.NOT_SAFE, Closing.NO_DANGER, Closing.WRONG_NUMBER)
# The same of who is in no danger, and in no other need of now.
NO_NEED = (Closing.REACHED, Closing.CALLED_AGAIN, Closing.NOT_SAFE, Closing.NO_NEED, Closing.WRONG_NUMBER)

TOLD_AS_DANGER = frozenset({"danger", "safe_now"})  # one line says it, whoever said it


@dataclass(frozen=True)
class WaysOn:
    """What may be chosen: ways to go on, and why nothing more is to be done; and what stands in the sheet.

    `keeper`: who promised a call that may be made; then nothing is to be chosen, she follows it up.
    """

    going_on: tuple[After, ...]
    no_more: tuple[Closing, ...] = NO_MORE
    stands: tuple[Said, ...] = ()
    is_cut: bool = False
    keeper: User | None = None
    no_call: str = ""

    def __contains__(self, code: str) -> bool:
        return code in {*self.going_on, *self.no_more}

    @property
    def asks(self) -> bool:
        """Tell whether it is to be chosen what happens now."""
        return self.keeper is None

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as something else is shown or asked."""
        facts = repr((self.going_on, self.no_more, self.stands, self.keeper and self.keeper.pk, self.no_call))
        return hashlib.sha256(facts.encode()).hexdigest()[:12]


def ways_on(contact: Contact, at: datetime) -> WaysOn | None:
    """Return what may happen once the sheet closes, where somebody is left to go on with; None for every other contact.

    Calling back is among it only where the safety state says that we may, and where there is a number. A missed call whose
    follow-up is open stays in its list, so only a promise matters there. Who tries a draft is in no danger.
    """
    if contact.is_live or contact.state == State.DONE or contact.erased_at is not None or contact.tries_a_draft:
        return None
    sheet = newest_sheet(contact)
    form = form_of(sheet)
    promises = triage.promised(form, sheet.answers)
    is_danger = contact.is_danger or triage.is_in_danger(sheet.answers)
    needs = pressing_of(sheet)
    keys = [] if contact.case_id else _left_open(sheet, needs, promises, is_danger)
    if triage.CALL_BACK in promises:
        keys.append(promises[triage.CALL_BACK].key)
    if not keys:
        return None
    bar = promise_bar(contact, at) if _has_number(contact) else "no_number"
    is_cut = is_danger and is_cut_off(contact)
    keeper = _promiser(contact, promises) if not bar and not is_cut else None
    if keeper is None and _stays_listed(contact):
        return None
    going_on = (After.SUPERVISOR,) if bar else (After.CALL_BACK, After.SUPERVISOR)
    stands = tuple(needs[key] if key in needs else _said(key, form, sheet) for key in keys)
    return WaysOn(
        going_on, NO_MORE if is_danger or needs else NO_NEED, stands, is_cut, keeper, str(CALL_BARS.get(bar, ""))
    )


def _left_open(
    sheet: Sheet, needs: Collection[str], promises: dict[str, triage.Question], is_danger: bool
) -> list[str]:
    """Return the keys of what stands in a sheet without a case that somebody has to go on with."""
    answers = sheet.answers
    keys = {
        "safe_now": is_danger,
        "age": triage.is_asked(answers, "age") and triage.is_said_child(answers),
        triage.UNDER_18: not triage.is_asked(answers, "age") and triage.is_said_child(answers),
        "consent_case": triage.answer_of(answers, "consent_case") == triage.YES,
    }
    found = [key for key, stands in keys.items() if stands]
    found += [key for key in needs if key not in TOLD_AS_DANGER]
    return found + ([promises[triage.REFER].key] if triage.REFER in promises else [])


def is_cut_off(contact: Contact) -> bool:
    """Tell whether a call ended without its operator ending it; no case was opened, sheet open."""
    is_over = contact.kind == ContactKind.CALL and contact.state == State.WRAP_UP
    return is_over and contact.end_asked_at is None and contact.case_id is None


def _stays_listed(contact: Contact) -> bool:
    is_open = contact.is_missed and contact.closed_at is None
    return is_open and contact.kind == ContactKind.CALL and contact.state == State.ENDED


def _has_number(contact: Contact) -> bool:
    return contact.caller_class == CallerClass.PHONE or has_callback_number(contact)


def _promiser(contact: Contact, promises: dict[str, triage.Question]) -> User | None:
    """Return who wrote the promise of a call on the sheet, of the first version of those since; None who follows up no more."""
    asked, first = promises.get(triage.CALL_BACK), None
    for sheet in contact.sheets.select_related("saved_by").order_by("-version") if asked else ():
        if triage.CALL_BACK not in triage.promised(triage.Form((asked,)), sheet.answers):
            break
        first = sheet
    by = first.saved_by if first else None
    serves = by is not None and by.is_active and by.country_id == contact.country_id and by.has_role(*DESK)
    return by if serves and not contact.hides_from(by) else None


def _said(key: str, form: triage.Form, sheet: Sheet) -> Said:
    """Return what stands in the sheet for a question, or what the caller said by key, in words."""
    if key == triage.UNDER_18:
        return by_key(key)
    asked, value = form.by_key[key], triage.answer_of(sheet.answers, key)
    if key == "safe_now" and value != triage.NO:  # the person said it by key, whatever the sheet says
        return _said_by_key(danger_of(sheet.contact).by)
    return Said(str(asked.label), sheet_words(asked, value, {}, told_by_key(sheet)))


def _said_by_key(by: str) -> Said:
    """Return by what somebody is in danger of whom the sheet does not say so: the danger key, or a question by key."""
    if by == ANSWER:
        return by_key("danger")
    return Said(gettext("Danger"), gettext("Danger key pressed") if by == KEY else gettext("Yes"))
