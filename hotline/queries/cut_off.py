"""Calls of somebody in danger that were cut: whether one was, and what may happen after it."""

from dataclasses import dataclass
from datetime import datetime

from hotline import triage
from hotline.choices import After, CallerClass, Closing, ContactKind, State
from hotline.models import Contact
from hotline.queries.dialling import may_promise_call
from hotline.queries.safety import has_callback_number
from hotline.queries.sheets import newest_sheet

# Why nothing more is to be done after such a call: that nobody was reached in three tries, for one, cannot be said yet.
NO_MORE = (Closing.REACHED, Closing.CALLED_AGAIN, Closing.NOT_SAFE, Closing.NO_DANGER, Closing.WRONG_NUMBER)


@dataclass(frozen=True)
class WaysOn:
    """What may be chosen: ways to go on, and why nothing more is to be done."""

    going_on: tuple[After, ...]
    no_more: tuple[Closing, ...] = NO_MORE

    def __contains__(self, code: str) -> bool:
        return code in {*self.going_on, *self.no_more}


def ways_on(contact: Contact, at: datetime) -> WaysOn | None:
    """Return what may happen after a call that was cut in danger; None for every other contact.

    Calling back is among it only where the safety state says that we may, and where there is a number.
    """
    if not is_cut_in_danger(contact):
        return None
    has_number = contact.caller_class == CallerClass.PHONE or has_callback_number(contact)
    may_call = has_number and may_promise_call(contact, at)
    return WaysOn((After.CALL_BACK, After.SUPERVISOR) if may_call else (After.SUPERVISOR,))


def is_cut_in_danger(contact: Contact) -> bool:
    """Tell whether the call of somebody in danger ended without its operator ending it; no case was opened, sheet open.

    Who tries a draft is in no danger.
    """
    if contact.tries_a_draft:
        return False
    is_cut = contact.kind == ContactKind.CALL and contact.state == State.WRAP_UP and contact.end_asked_at is None
    return is_cut and contact.case_id is None and (contact.is_danger or _is_in_danger_by_sheet(contact))


def _is_in_danger_by_sheet(contact: Contact) -> bool:
    return triage.is_in_danger(newest_sheet(contact).answers)
