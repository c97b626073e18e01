"""Reads of a contact's safety state: how the console and the log show it, and whether a text may leave now."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.queries import names_of
from hotline.callers import Caller
from hotline.choices import Answer
from hotline.models import Contact, Opposition
from hotline.queries.lines import line_by_id

STANDS = dt.timedelta(days=30)
# Why no text may leave to a person now: code -> words.
TEXT_BARS: dict[str, str] = {
    "erased": _("This contact was erased."),
    "no_number": _("No text message can reach this sender: there is no phone number."),
    "not_safe": _("No text message can be sent: the safety state does not say that we may text this person."),
    "too_old": _("No text message can be sent: the safety state is older than 30 days. Ask again."),
    "stopped": _("No text message can be sent: this person asked us to stop writing."),
    "not_now": _("No text message can be sent now: it is outside the hours that are safe for this person."),
}


@dataclass(frozen=True)
class SafetyRow:
    """One line of the safety panel: what, in words, shape, whether it forbids, whether the person's own STOP says so."""

    label: str
    words: str
    shape: str
    forbids: bool
    is_stop: bool = False


TEXT_LABEL = _("May text")
# What is kept of a person's safety, apart from the code word; `safety_at` moves with every saving.
STATE = ("may_call", "may_text", "may_voicemail", "shared_phone", "who_may_answer", "safe_from", "safe_until", "cover")
CHANGES = ("safety_changed", "callback_agreed")
_SHAPES = {Answer.YES: "tick", Answer.NO: "x", Answer.UNKNOWN: "half", Answer.NOT_ASKED: "ring"}


def safety_rows(contact: Contact) -> list[SafetyRow]:
    """Return the safety state as it is shown. Unknown means no."""
    rows = []
    for label, answer in (
        (_("May call"), contact.may_call),
        (TEXT_LABEL, contact.may_text),
        (_("Voicemail"), contact.may_voicemail),
    ):
        words = {
            Answer.YES: _("Yes"),
            Answer.NO: _("No"),
            Answer.UNKNOWN: _("Not known, so no"),
            Answer.NOT_ASKED: _("Not asked, so no"),
        }
        stopped = stopped_at(contact) if label is TEXT_LABEL else None
        if stopped is None:
            by_key = label is TEXT_LABEL and is_text_by_key(contact)
            said = gettext("%(answer)s, by key") % {"answer": words[answer]} if by_key else words[answer]
            rows.append(SafetyRow(label, said, _SHAPES[answer], answer != Answer.YES))
        else:
            rows.append(SafetyRow(label, _stop_words(stopped), _SHAPES[Answer.NO], True, is_stop=True))
    shared = contact.shared_phone
    rows.append(SafetyRow(_("Phone is shared"), Answer(shared).label, _SHAPES[shared], False))
    hours = contact.safe_from is not None
    span = f"{contact.safe_from:%H:%M}-{contact.safe_until:%H:%M}" if hours and contact.safe_until else ""
    rows.append(SafetyRow(_("Safe hours"), span or _("Not asked"), "tick" if span else "ring", False))
    word = bool(contact.code_word)
    rows.append(
        SafetyRow(
            _("Code word"),
            _("Set, sealed") if word else pgettext_lazy("code word", "None"),
            "tick" if word else "ring",
            False,
        )
    )
    return rows


def safety_version(contact: Contact) -> str:
    """Return a mark of the safety state as it is kept now: another mark says that somebody changed it."""
    values = [str(getattr(contact, name)) for name in (*STATE, "safety_at")]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def safety_changed_by(contact: Contact) -> str:
    """Return who changed the safety state last, by name; "" when it was the caller, by key."""
    by_key = Q(kind="question_answered", detail__question="may_text")
    changes = contact.events.filter(by_key | Q(kind__in=CHANGES)).order_by("-at", "-id")
    by = changes.values_list("by", flat=True).first() or ""
    return names_of([by]).get(by, "")


def is_text_by_key(contact: Contact) -> bool:
    """Tell whether the answer to "May we text?" is the caller's own, by key: the state was not saved since."""
    if contact.safety_at is None:
        return False
    return contact.key_answers.filter(question="may_text", at=contact.safety_at).exists()


def _stop_words(at: dt.datetime) -> str:
    when = formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return gettext("No: they wrote STOP at %(time)s") % {"time": when}


def stopped_at(contact: Contact) -> dt.datetime | None:
    """Return when the person told the line to stop writing; None when she or he did not, or wrote START since.

    A contact that was read with `stop_time` knows it already.
    """
    if "stopped_at" in contact.__dict__:
        return contact.stopped_at
    if not contact.number_index:
        return None
    rows = Opposition.objects.filter(line_id=contact.line_id, number_index=contact.number_index)
    return rows.values_list("at", flat=True).first()


def stop_time() -> Subquery:
    """Return what to annotate as `stopped_at` where many contacts are read at once."""
    rows = Opposition.objects.filter(line_id=OuterRef("line_id"), number_index=OuterRef("number_index"))
    return Subquery(rows.values("at")[:1])


def text_bar(contact: Contact, at: dt.datetime) -> str:
    """Return why no text may leave to a contact at this instant (a code of TEXT_BARS), or "": unknown means no."""
    if contact.erased_at:
        return "erased"
    if not Caller(contact.caller_class).can_text:
        return "no_number"
    if stopped_at(contact) is not None:
        return "stopped"
    if contact.may_text != Answer.YES:
        return "not_safe"
    if contact.safety_at is not None and at - contact.safety_at > STANDS:
        return "too_old"
    return "" if _in_safe_hours(contact, at) else "not_now"


def _in_safe_hours(contact: Contact, at: dt.datetime) -> bool:
    if contact.safe_from is None or contact.safe_until is None:
        return True
    line = line_by_id(contact.line_id)
    local = at.astimezone(line.hours.zone if line else ZoneInfo("UTC")).time()
    if contact.safe_from <= contact.safe_until:
        return contact.safe_from <= local < contact.safe_until
    return local >= contact.safe_from or local < contact.safe_until
