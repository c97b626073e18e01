"""The post: what is due to be sent or asked, and what the demo would have sent."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from hotline.choices import Direction, MessageState
from hotline.models import Command, Message
from referral.models import Notice


def due_messages(at: dt.datetime) -> QuerySet[Message]:
    """Return the outgoing messages that nobody is sending."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    return Message.objects.filter(free, direction=Direction.OUT, state="outbox").order_by("made_at", "id")


def due_commands(at: dt.datetime) -> QuerySet[Command]:
    """Return the orders to the provider that are due and nobody is carrying out."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    return Command.objects.filter(free, done_at__isnull=True, failed_at__isnull=True, due_at__lte=at)


@dataclass(frozen=True)
class DemoText:
    """One text message as the demo would have sent it."""

    to: str
    language: str
    words: str
    state: str
    at: dt.datetime


def words_for_agency(language: str, address: str) -> str:
    """Return the text that takes an agency to its page; it says nothing of anybody."""
    with translation.override(language):
        return _("A request waits for your answer: %(address)s") % {"address": address}


def demo_texts(limit: int = 50) -> list[DemoText]:
    """Return outgoing messages with their words, newest first; empty outside the demo."""
    if not settings.DEMO:
        return []
    texts = _to_contacts(limit) + _to_agencies(limit)
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
    """Return the texts that took agencies to their pages; the address is there while the row keeps it."""
    rows = Notice.objects.filter(link__isnull=False, contact__isnull=False).select_related("contact__organisation")
    now = timezone.now()
    return [
        DemoText(
            to=accounts.reveal(row.contact, "number", by="demo", at=now, reason="demo letters") or "",
            language=row.language,
            words=words_for_agency(
                row.language, accounts.reveal(row, "link", by="demo", at=now, reason="demo letters")
            ),
            state=str(MessageState.SENT.label if row.taken_at else MessageState.OUTBOX.label),
            at=row.due_at,
        )
        for row in rows.order_by("-due_at", "-id")[:limit]
    ]
