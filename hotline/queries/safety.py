"""Reads of a contact's safety state, as the console and the log show it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hotline.choices import Answer
from hotline.models import Contact


@dataclass(frozen=True)
class SafetyRow:
    """One line of the safety panel: what, in words, shape, whether it forbids."""

    label: str
    words: str
    shape: str
    forbids: bool


_SHAPES = {Answer.YES: "tick", Answer.NO: "x", Answer.UNKNOWN: "half", Answer.NOT_ASKED: "ring"}


def safety_rows(contact: Contact) -> list[SafetyRow]:
    """Return the safety state as it is shown. Unknown means no."""
    rows = []
    for label, answer in (
        (_("May call"), contact.may_call),
        (_("May text"), contact.may_text),
        (_("Voicemail"), contact.may_voicemail),
    ):
        words = {
            Answer.YES: _("Yes"),
            Answer.NO: _("No"),
            Answer.UNKNOWN: _("Not known, so no"),
            Answer.NOT_ASKED: _("Not asked, so no"),
        }
        rows.append(SafetyRow(label, words[answer], _SHAPES[answer], answer != Answer.YES))
    shared = contact.shared_phone
    rows.append(SafetyRow(_("Phone is shared"), Answer(shared).label, _SHAPES[shared], False))
    hours = contact.safe_from is not None
    span = f"{contact.safe_from:%H:%M}-{contact.safe_until:%H:%M}" if hours and contact.safe_until else ""
    rows.append(SafetyRow(_("Safe hours"), span or _("Not asked"), "tick" if span else "ring", False))
    word = bool(contact.code_word)
    rows.append(SafetyRow(_("Code word"), _("Set, sealed") if word else _("None"), "tick" if word else "ring", False))
    return rows
