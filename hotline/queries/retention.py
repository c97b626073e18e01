"""Reads about keeping and erasing: what is due, what a contact holds, why it cannot be erased yet."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import DataKey, ErasedOwner
from accounts.queries import names_of
from hotline import retention
from hotline.choices import State
from hotline.models import Attachment, Contact, ContactEvent, Message, Recording, Review, Sheet, WebhookEvent
from hotline.queries.contacts import OF_NO_LINE
from hotline.queries.outliving import stands_on
from referral.choices import CaseState
from referral.choices.happenings import HAPPENING_WORDS
from referral.choices.holds import HoldReason, LiftReason

# Why a contact is not erased: code -> words, with what to do.
BARS: dict[str, str] = {
    "erased": _("What was sealed here is erased."),
    "held": _("A court needs this: nothing of it is erased until the hold is lifted."),
    "open": _("Something is left to do: finish the call and its sheet, or close the follow-up, first."),
    "case_open": _("This contact belongs to an open case, which needs its number. Close the case first."),
}


# Why a hold is not set or lifted: code -> words, with what to do.
NO_HOLD: dict[str, str] = {
    "erased": _("What was sealed here is erased: there is nothing left to hold."),
    "case": _("This contact belongs to a case. Hold the case: its contacts are held with it."),
    "held": _("This contact is held already."),
    "free": _("This contact is not held."),
    "moved": _("Somebody held this contact or lifted its hold meanwhile. Look, then decide again."),
}
HOLD_KINDS = ("hold_set", "hold_lifted")


@dataclass(frozen=True)
class HoldLine:
    """One time a hold was set or lifted: what and why, when, by whom."""

    words: str
    at: dt.datetime
    who: str


@dataclass(frozen=True)
class Holding:
    """What a contact holds sealed: counted, not opened."""

    has_number: bool
    has_code_word: bool
    calls: int
    texts: int
    recordings: int
    notes: int
    reviews: int


def held(contact: str = "") -> Q:
    """Return the condition "a court holds the contact or its case", for rows that lead to a contact by this path."""
    return Q(**{f"{contact}legal_hold": True}) | Q(**{f"{contact}case__legal_hold": True})


def holds_so_far(contact: Contact) -> int:
    """Return how often a hold on this contact was set or lifted."""
    return _holds(contact).count()


def last_hold(contact: Contact) -> ContactEvent | None:
    """Return how a hold on this contact was set or lifted last, or None."""
    return _holds(contact).last()


def holds_since(contact: Contact, seen: int) -> list[HoldLine]:
    """Return how a hold on this contact was set or lifted after the first `seen` times, newest first, in words."""
    rows = list(_holds(contact))[max(seen, 0) :]
    names = names_of({row.by for row in rows})
    return [HoldLine(_said(row), row.at, names.get(row.by, "–")) for row in reversed(rows)]


def _holds(contact: Contact) -> QuerySet[ContactEvent]:
    return ContactEvent.objects.filter(contact=contact, kind__in=HOLD_KINDS).order_by("id")


def _said(row: ContactEvent) -> str:
    reason = row.detail.get("hold", "")
    labels = dict([*HoldReason.choices, *LiftReason.choices])
    return str(HAPPENING_WORDS[row.kind]) % {"reason": labels.get(reason, reason)}


def over_at(contact: Contact) -> dt.datetime | None:
    """Return from when a contact's clock runs; None while the call or its follow-up is open.

    A sheet that nobody closes does not stop it: else what it seals would be kept for ever. Nor does the follow-up of a
    contact of no line: no desk has it to do.
    """
    is_waiting = contact.is_missed and contact.closed_at is None and not contact.is_of_no_line
    if contact.is_live or contact.ended_at is None or is_waiting:
        return None
    return max(at for at in (contact.ended_at, contact.wrapped_up_at, contact.closed_at) if at is not None)


def facts_of(contact: Contact) -> retention.Facts:
    """Return what decides how long a contact is kept."""
    case = contact.case
    return retention.Facts(
        over_at=over_at(contact),
        topic=contact.topic,
        has_case=case is not None,
        case_is_open=case is not None and case.state != CaseState.CLOSED,
        is_held=contact.legal_hold or (case is not None and case.legal_hold),
        is_erased=contact.erased_at is not None,
        is_unfinished=contact.state == State.WRAP_UP,
    )


def holding_of(contact: Contact) -> Holding:
    """Return what would be erased with a contact."""
    return Holding(
        has_number=bool(contact.number or contact.callback_number),
        has_code_word=bool(contact.code_word),
        calls=contact.legs.filter(call_sid__isnull=False, log_deleted_at=None).count(),
        texts=contact.messages.filter(body__isnull=False).count(),
        recordings=contact.recordings.filter(Q(audio__isnull=False) | Q(deleted_at=None)).count(),
        notes=contact.sheets.filter(note__isnull=False).count(),
        reviews=contact.reviews.count(),
    )


def _over() -> QuerySet[Contact]:
    """Return the contacts that are over, their sheet closed or not, with `over` the instant from which their clock runs."""
    rests = Q(is_missed=False) | Q(closed_at__isnull=False) | OF_NO_LINE
    rows = Contact.objects.filter(rests, ended_at__isnull=False)
    wrapped, closed = Coalesce("wrapped_up_at", "ended_at"), Coalesce("closed_at", "ended_at")
    over = Greatest(F("ended_at"), wrapped, closed, output_field=DateTimeField())
    return rows.filter(erased_at=None).annotate(over=over)


def due_contacts(at: dt.datetime) -> QuerySet[Contact]:
    """Return the contacts whose time is over, the oldest first."""
    short = Q(topic__in=retention.SHORT_TOPICS, over__lte=at - retention.KEPT_SHORT)
    return _over().filter(Q(over__lte=at - retention.KEPT) | short, case=None, legal_hold=False).order_by("over", "id")


def due_sounds(at: dt.datetime) -> QuerySet[Recording]:
    """Return the recorded messages that are kept here although they were handled thirty days ago."""
    return handled_sounds(at).filter(audio__isnull=False)


def handled_sounds(at: dt.datetime) -> QuerySet[Recording]:
    """Return the recorded messages of contacts that were handled thirty days ago, a court's hold apart."""
    handled = _over().exclude(held()).filter(over__lte=at - retention.KEPT_SOUND)
    return Recording.objects.filter(contact__in=handled.values("pk"))


def left_behind() -> QuerySet[Contact]:
    """Return the erased contacts that are not in the ledger, or (`is_sealed`) of which a key or a sealed value stayed."""
    sealed = ~Q(number__isnull=True, callback_number__isnull=True, code_word__isnull=True)
    sealed |= ~Q(number_index="") & ~stands_on()
    for model, column in (
        (Attachment, "content"),
        (Message, "body"),
        (Recording, "audio"),
        (Sheet, "note"),
        (WebhookEvent, "payload"),
    ):
        sealed |= Q(Exists(model.objects.filter(**{"contact": OuterRef("pk"), f"{column}__isnull": False})))
    sealed |= Q(Exists(WebhookEvent.objects.filter(contact=OuterRef("pk"), digest__gt="")))
    sealed |= Q(Exists(Review.objects.filter(contact=OuterRef("pk"))))
    sealed |= Q(Exists(DataKey.objects.filter(owner=OuterRef("public_id"))))
    erased = Contact.objects.filter(erased_at__isnull=False).exclude(held())
    found = erased.annotate(
        is_sealed=ExpressionWrapper(sealed, output_field=BooleanField()),
        is_in_ledger=Exists(ErasedOwner.objects.filter(owner=OuterRef("public_id"))),
    )
    return found.filter(Q(is_sealed=True) | Q(is_in_ledger=False)).order_by("pk")
