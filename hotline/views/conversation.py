"""A conversation by text on the console: what was written, who answers it, and the form for an answer."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.queries import names_of
from hotline.choices import Direction
from hotline.forms.console import TextForm
from hotline.models import Contact, Message
from hotline.queries import answering
from hotline.queries.safety import LIFTED_HERE, bar_words, is_unasked, text_bar
from hotline.views.access import may_write


def thread_panel(request, contact: Contact, form: TextForm | None = None, seen: str = "", *, may_read: bool) -> dict:
    """Return the conversation by text, opened and recorded as read, who answers it, and the form for an answer.

    Who may not read what was said (`reads`) is shown neither, but for a form that was not sent: its words are her own.
    `seen` is the mark of the conversation that a form bore which was not sent: what is newer is marked as new.
    """
    at = timezone.now()
    rows, bar = answering.texts_of(contact), text_bar(contact, at)
    if (bar and not rows) or (form is None and not may_read):
        return {"thread": [], "text_form": None}
    newest = max((row.pk for row in rows), default=0)
    return bubbles_panel(request, contact, rows, seen, may_read=may_read) | {
        "answering": answering_panel(request, contact, at),
        **bar_panel(contact, bar),
        "text_form": form or TextForm(line=contact.line, contact=contact, at=at),
        "conversation": answering.version_of(newest, is_closed=contact.is_closed),
        "click": uuid.uuid4(),
    }


def bar_panel(contact: Contact, bar: str) -> dict:
    """Return why no text may leave, in words, whether another safety state lifts it, and whether it is to be found out first."""
    return {
        "text_bar": bar_words(contact, bar),
        "may_lift": bar in LIFTED_HERE,
        "is_unasked": is_unasked(contact, bar),
    }


def bubbles_panel(request, contact: Contact, rows: list[Message], seen: str = "", *, may_read: bool) -> dict:
    """Return the texts of a conversation, opened and recorded as read: who wrote each, and whether it is new."""
    shown = rows if may_read else []
    words = accounts.reveal_many(shown, "body", by=request.user, at=timezone.now(), reason="console")
    names = names_of({row.made_by for row in shown if row.direction == Direction.OUT})
    unopened, until = _("This cannot be opened"), answering.seen_until(seen)
    thread = [
        {
            "row": row,
            "words": words.get(row.public_id, unopened) or "",
            "by": names.get(row.made_by, ""),
            "is_new": bool(seen) and row.pk > until,
        }
        for row in shown
    ]
    newest = max((row.pk for row in rows), default=0)
    return {
        "contact": contact,
        "thread": thread,
        "thread_mark": answering.bubbles_mark(rows),
        "thread_version": answering.version_of(newest, is_closed=contact.is_closed),
    }


def answering_panel(request, contact: Contact, at) -> dict:
    """Return who answers a conversation by text, whether that is the person who looks, and whether she may not answer it any more."""
    holder = answering.answerer_of(contact, at)
    return {
        "holder": holder,
        "is_mine": holder == request.user,
        "is_held": holder not in (None, request.user),
        "is_gone": not may_write(request.user, contact),
    }
