"""Where a contact stands as the log says it: its state, or what somebody still has to do about it."""

from datetime import datetime

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from hotline.choices import CALL_PROMISED, ContactKind, Outcome, Standing, State
from hotline.models import Contact
from hotline.queries.answering import has_answer, is_answered, is_unread
from hotline.queries.contacts import OF_NO_LINE

OVER = (State.WRAP_UP, State.ENDED, State.DONE)
OPEN = Q(is_missed=True, closed_at=None)
# Whom somebody is to call back: she agreed to it by key, or it was promised to her on the sheet.
TO_CALL_BACK = Q(outcome=Outcome.CALLBACK) | Q(flags__contains=CALL_PROMISED)
# What stands in the queue also where its follow-up was closed; nobody reads what was erased or came to no line.
UNREAD = Q(is_unread(), kind=ContactKind.MESSAGE, erased_at=None) & ~OF_NO_LINE
LIVE = Q(kind=ContactKind.CALL, ended_at=None) & ~Q(state__in=OVER)  # Contact.is_live


def with_standing(rows: QuerySet[Contact], at: datetime) -> QuerySet[Contact]:
    """Return contacts with where each stands, a code of `STANDINGS`, as `standing`.

    A conversation that waits, and that somebody answers now, is no missed one: it is in conversation.
    """
    standing = Case(
        When(LIVE, then=F("state")),
        When(is_answered(at) & (UNREAD | OPEN) & ~has_answer(), then=Value(State.CONNECTED)),
        When(UNREAD, then=Value(Standing.MISSED)),
        When(OPEN & Q(state=State.DONE), then=Value(Standing.FOLLOW_UP)),
        When(OPEN & has_answer(), then=Value(Standing.ANSWERED)),
        When(OPEN, then=Value(Standing.MISSED)),
        default=F("state"),
        output_field=CharField(),
    )
    return rows.annotate(standing=standing)


def standing_of(contact: Contact, at: datetime) -> str:
    """Return where one contact stands, a code of `STANDINGS`."""
    return with_standing(Contact.objects.filter(pk=contact.pk), at).values_list("standing", flat=True).get()
