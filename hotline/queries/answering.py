"""Reads of conversations by text: who answers one now, what is the newest in it, and whose turn it is.

Who writes the sheet of what no telephone brought has it by the same claim.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from hotline.choices import NOT_GONE, OFFLINE, ContactKind, Direction
from hotline.models import Attachment, Contact, Message

# With whom has them open in her console, and for some minutes more. A call is with whose telephone is in it.
HELD_OPEN = (ContactKind.MESSAGE, *OFFLINE)


def lapsed_answers(at: datetime) -> QuerySet[Contact]:
    """Return the conversations, and the sheets of what no telephone brought, whose holder's time is over."""
    return Contact.objects.filter(kind__in=HELD_OPEN, claimed_until__lt=at)


def is_answered(at: datetime) -> Q:
    """Return the condition "somebody answers this conversation now"."""
    return Q(kind=ContactKind.MESSAGE, claimed_by__isnull=False, claimed_until__gte=at)


def has_answer() -> Q:
    """Return the condition "our text is the newest of this conversation", sent or about to be; nothing in it is unread.

    What came in while ours was written may lie before it: unread, it still waits.
    """
    newest = Message.objects.filter(contact=OuterRef("contact")).order_by("-id").values("id")[:1]
    ours = Message.objects.filter(contact=OuterRef("pk"), direction=Direction.OUT, pk=Subquery(newest))
    return Q(Exists(ours.exclude(state__in=NOT_GONE)), ~is_unread(), kind=ContactKind.MESSAGE)


def is_unread() -> Exists:
    """Return the condition "a text in this conversation is unread"."""
    return Exists(Message.objects.filter(contact=OuterRef("pk"), direction=Direction.IN, read_at=None))


def has_unread(contact: Contact) -> bool:
    """Tell whether a text in this conversation is unread."""
    return contact.messages.filter(direction=Direction.IN, read_at=None).exists()


def answerer_of(contact: Contact, at: datetime) -> User | None:
    """Return who answers a conversation by text now, or None."""
    return keeper_of(contact, at) if contact.kind == ContactKind.MESSAGE else None


def keeper_of(contact: Contact, at: datetime) -> User | None:
    """Return who has a conversation, or a contact that no telephone brought, open in her console or had it lately; or None."""
    until = contact.claimed_until
    stands = contact.kind in HELD_OPEN and until is not None and until >= at
    return contact.claimed_by if stands else None


def conversation_version(contact: Contact) -> str:
    """Return a mark of a conversation: another one says that something was sent or received, or that it was closed."""
    return version_of(newest_text(contact), is_closed=contact.is_closed)


def newest_text(contact: Contact) -> int:
    """Return the key of the newest text of a conversation, sent or received; 0 without one."""
    return contact.messages.order_by("-id").values_list("id", flat=True).first() or 0


def version_of(newest: int, *, is_closed: bool) -> str:
    """Return that mark from the newest message and whether the conversation is closed."""
    return f"{newest}.{int(is_closed)}"


def newest_texts() -> Subquery:
    """Return the key of the newest text of each conversation, as a column."""
    return Subquery(Message.objects.filter(contact=OuterRef("pk")).order_by("-id").values("id")[:1])


def with_answerers(contacts: Iterable[Contact], at: datetime) -> list[Contact]:
    """Return contacts, each with who answers it by text now as its `answerer`, or None."""
    rows = list(contacts)
    for row in rows:
        row.answerer = answerer_of(row, at)
    return rows


def seen_until(version: str) -> int:
    """Return the newest message that somebody had seen with a mark; 0 for what is none."""
    newest = version.partition(".")[0]
    return int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 18 else 0


def bubbles_mark(rows: list[Message]) -> str:
    """Return a mark of how the texts of a conversation are shown: each with what became of it."""
    shown = [
        (row.pk, row.state, row.error_code, [(one.fetched_at, one.lost_at) for one in getattr(row, "files", ())])
        for row in rows
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def texts_of(contact: Contact) -> list[Message]:
    """Return the texts of a conversation, first things first."""
    rows = contact.messages.order_by("made_at", "id")
    return list(rows.prefetch_related(files_of(contact)) if "has_media" in contact.flag_codes else rows)


def files_of(contact: Contact) -> Prefetch:
    """Return the files of a conversation without what is in them, to be read with its texts."""
    return Prefetch("attachments", Attachment.objects.defer("content"), to_attr="files")


def unanswered(contact: Contact) -> QuerySet[Message]:
    """Return the messages received since the last text of ours."""
    ours = contact.messages.filter(direction=Direction.OUT).order_by("-id").values_list("id", flat=True).first() or 0
    return contact.messages.filter(direction=Direction.IN, pk__gt=ours)


def was_queued(key: str) -> bool:
    """Tell whether a text with this key was put into the outbox before."""
    return Message.objects.filter(key=key).exists()
