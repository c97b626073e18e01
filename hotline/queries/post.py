"""The post: what is due to be sent or asked, and what the demo would have sent."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from hotline.choices import Direction, MessageState
from hotline.models import Command, Message, SweepMark
from hotline.queries.circuit import KIND as CIRCUIT
from referral.models import Notice
from training import queries as school

LONGEST_WAIT = dt.timedelta(minutes=30)
# Twilio's words on the number of one receiver: invalid, not reached by texts, said STOP, no mobile, a landline.
BAD_NUMBER = ("21211", "21214", "21610", "21614", "21635")


def due_messages(at: dt.datetime) -> QuerySet[Message]:
    """Return the outgoing messages that nobody is sending."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    return Message.objects.filter(free, direction=Direction.OUT, state="outbox").order_by("made_at", "id")


def waiting_texts(at: dt.datetime) -> int:
    """Return how many texts, to a person or an agency, wait longer than all their tries would take."""
    texts = Message.objects.filter(direction=Direction.OUT, state="outbox", made_at__lt=at - LONGEST_WAIT)
    return (
        texts.count()
        + Notice.objects.filter(taken_at=None, due_at__lt=at - LONGEST_WAIT, contact__isnull=False).count()
    )


def count_lost_texts(since: dt.datetime) -> int:
    """Return how many texts to people, written since an instant, were never handed over, for no fault of their number."""
    lost = Message.objects.filter(direction=Direction.OUT, state=MessageState.FAILED, sid=None, made_at__gt=since)
    return lost.exclude(error_code__in=BAD_NUMBER).count()


def due_commands(at: dt.datetime) -> QuerySet[Command]:
    """Return the orders to the provider that are due and nobody is carrying out."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    return Command.objects.filter(free, done_at__isnull=True, failed_at__isnull=True, due_at__lte=at)


def is_failing() -> Exists:
    """Tell of an order whether its account did not answer when it was last asked."""
    return Exists(SweepMark.objects.filter(kind=CIRCUIT, account=OuterRef("account"), failures__gt=0))


def orders_in_turn(orders: QuerySet[Command]) -> QuerySet[Command]:
    """Return orders so that no account waits for another: one of each in its turn, those that do not answer last.

    Of one account they come as they were due.
    """
    nth = Window(RowNumber(), partition_by="account", order_by=["due_at", "id"])
    return orders.annotate(fails=is_failing(), nth=nth).order_by("fails", "nth", "due_at", "id")


def count_late_orders(at: dt.datetime) -> int:
    """Return how many orders were due at an instant and stand as they were: nobody takes them, or knows their kind."""
    return Command.objects.filter(done_at__isnull=True, failed_at__isnull=True, due_at__lte=at).count()


@dataclass(frozen=True)
class DemoText:
    """One text message as the demo would have sent it."""

    to: str
    language: str
    words: str
    state: str
    at: dt.datetime


def words_for_agency(kind: str, language: str, address: str) -> str:
    """Return a text to an agency: one that takes it to its page, or tells of its own address; it says nothing of anybody."""
    with translation.override(language):
        if kind == "contact_change":
            return _(
                "Somebody asked that requests to your office go to another address or number. "
                "If this was not you, call the hotline within three days."
            )
        if kind == "contact_changed":
            return _(
                "Requests to your office go to another address or number from now on. "
                "If your office did not ask for this, call the hotline at once."
            )
        return _("A request waits for your answer: %(address)s") % {"address": address}


def demo_texts(limit: int = 50) -> list[DemoText]:
    """Return outgoing messages with their words, newest first; empty outside the demo."""
    if not settings.DEMO:
        return []
    texts = _to_contacts(limit) + _to_agencies(limit) + _to_learners(limit)
    return sorted(texts, key=lambda text: text.at, reverse=True)[:limit]


def _to_contacts(limit: int) -> list[DemoText]:
    rows = (
        Message.objects.filter(direction=Direction.OUT).select_related("contact", "line").order_by("-made_at", "-id")
    )
    now = timezone.now()
    return [
        DemoText(
            to=accounts.reveal(row.contact, "number", by="demo", at=now, reason="demo letters") or "",
            language=row.language,
            words=accounts.reveal(row, "body", by="demo", at=now, reason="demo letters") or "",
            state=row.get_state_display(),
            at=row.made_at,
        )
        for row in rows[:limit]
    ]


def _to_agencies(limit: int) -> list[DemoText]:
    """Return the texts to agencies; the address of a page is there while the row keeps it."""
    kept = Q(link__isnull=False) | Q(to__isnull=False)
    rows = Notice.objects.filter(kept, contact__isnull=False).select_related("contact__organisation")
    return [_to_agency(row, timezone.now()) for row in rows.order_by("-due_at", "-id")[:limit]]


def _to_agency(row: Notice, now: dt.datetime) -> DemoText:
    read = {"by": "demo", "at": now, "reason": "demo letters"}
    holder, field = (row.contact, "number") if row.to is None else (row, "to")
    address = accounts.reveal(row, "link", **read) if row.link is not None else ""
    return DemoText(
        to=accounts.reveal(holder, field, **read) or "",
        language=row.language,
        words=words_for_agency(row.kind, row.language, address),
        state=str(MessageState.SENT.label if row.taken_at else MessageState.OUTBOX.label),
        at=row.due_at,
    )


def _to_learners(limit: int) -> list[DemoText]:
    """Return the reminders of courses that go as texts too."""
    return [_to_learner(row, timezone.now()) for row in school.texted_reminders()[:limit]]


def _to_learner(row, now: dt.datetime) -> DemoText:
    number = row.enrolment.learner.user.text_number
    with translation.override(row.language):
        words = school.words_of_reminder(row, at=row.text_at or row.at)
    return DemoText(
        to=accounts.reveal(number, "number", by="demo", at=now, reason="demo letters") or "",
        language=row.language,
        words=words,
        state=str(row.get_text_display()),
        at=row.at,
    )
