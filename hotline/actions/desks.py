"""Small writes of the console itself: that it is open, and that messages were read."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from hotline.actions.answering import check_answerer, check_may_read, claim_answer
from hotline.actions.operators import begin_shift, is_back
from hotline.actions.own_rows import locked_for
from hotline.actions.reopening import opened
from hotline.actions.timeline import note
from hotline.choices import Direction
from hotline.models import Contact, OperatorState
from hotline.queries.safety import is_answerable, text_bar
from hotline.rules import is_readable

SEEN_EVERY = timedelta(seconds=30)


def keep_alive(*, user: User, seen_at: datetime, at: datetime) -> bool:
    """Note twice a minute that an operator's console is open, so that the router counts on her or him; `seen_at`: before."""
    if is_back(seen_at, at):
        for state in OperatorState.objects.filter(user=user).select_related("user"):
            begin_shift(state, at)
    return bool(OperatorState.objects.filter(user=user, seen_at__lt=at - SEEN_EVERY).update(seen_at=at))


@transaction.atomic
def open_conversation(*, contact: Contact, by: User, at: datetime) -> int:
    """Open a conversation by text to answer it, and note what is in it as read, or do neither; return how many were read.

    Its opener claims it where an answer may leave, and where she may not read it but to answer. Raise AnsweredBy,
    CaseOfColleague and NamesHer as `claim_answer` does.
    """
    if not is_answerable(text_bar(contact, at)) and is_readable(by, contact):
        check_answerer(contact, by, at)
    else:
        claim_answer(contact=contact, by=by, at=at)
    return mark_read(contact=contact, by=by, at=at)


@transaction.atomic
def mark_read(*, contact: Contact, by: User, at: datetime) -> int:
    """Note that the messages received so far were read; return how many. Raise NamesHer where they are hidden from her now.

    Raise CaseOfColleague where they are a colleague's case by now: unread, they are still offered.
    """
    row = locked_for(contact, by)
    check_may_read(row, by)
    count = read_texts(row, by=by, at=at)
    if count:
        note(row, "messages_read", by=by, at=at, count=count)
    return count


def read_texts(contact: Contact, *, by, at: datetime, until: int | None = None) -> int:
    """Note that the texts of a locked conversation were read, up to one of them; return how many.

    One that was closed while they were unread is open again: somebody answers them, or closes it and has seen them.
    """
    unread = contact.messages.filter(direction=Direction.IN, read_at=None)
    count = (unread if until is None else unread.filter(pk__lte=until)).update(read_at=at)
    if count and contact.is_closed:
        values = opened(contact, at)
        for name, value in values.items():
            setattr(contact, name, value)
        contact.save(update_fields=list(values))
        note(contact, "follow_up_reopened", by=by, at=at)
    return count
