"""A no outlives the contact in which it was said: once that is emptied, the other contacts of its number hold it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from hotline.actions.timeline import note
from hotline.choices import REHEARSED, Answer
from hotline.choices.calling import CallBackState
from hotline.models import Contact
from hotline.queries.one_number import CALLS, GAVE_OTHER, TEXTS, contacts_of_number, said_at


def hand_on_noes(row: Contact, at: datetime) -> None:
    """Write what a contact says of its telephone into the others of the number whose yes is not newer; lock the number before.

    What was only played counts for nobody.

    That nobody may call, text, or leave a message: in so many words, as another number was given in place of this one, as
    a stranger picked up, or as the phone is shared, of messages.
    """
    if REHEARSED in row.flag_codes:
        return
    gone = max(_gone(row), default=None)
    calls = [said_at(row, CALLS)] if row.may_call == Answer.NO else []
    texts = [said_at(row, TEXTS)] if row.may_text == Answer.NO else []
    is_less = row.may_voicemail == Answer.NO or row.shared_phone == Answer.YES
    messages = [said_at(row, CALLS)] if is_less and row.callback_number is None else []
    others = contacts_of_number(row).exclude(pk=row.pk)
    if calls:  # in so many words it counts also for a contact that named another number
        _hand_on(_older(others, "may_call", calls[0]), "may_call", calls[0], at)
    for name, times in {"may_call": [], "may_text": texts, "may_voicemail": messages}.items():
        if no_at := max([*times, *([gone] if gone else [])], default=None):
            _hand_on(_older(others.filter(~GAVE_OTHER), name, no_at), name, no_at, at)


def _gone(row: Contact) -> Iterator[datetime]:
    """Return when it was said, or seen, that this telephone is not the person's: another was given, or a stranger picked up."""
    if row.callback_number is not None:
        yield said_at(row, CALLS)
        return
    strange = row.call_backs.filter(state=CallBackState.STRANGE, ended_at__isnull=False)
    yield from strange.values_list("ended_at", flat=True)


def _older(others: QuerySet[Contact], name: str, no_at: datetime) -> QuerySet[Contact]:
    """Return those that said yes of the telephone before; and, of calls, those of whom nobody knows: two may agree to call them."""
    rows = others.annotate(said=Coalesce(*(TEXTS if name == "may_text" else CALLS)))
    older = Q(**{name: Answer.YES}, said__lte=no_at)
    return rows.filter(older | Q(may_call__in=[Answer.UNKNOWN, Answer.NOT_ASKED]) if name == "may_call" else older)


def _hand_on(rows: QuerySet[Contact], name: str, no_at: datetime, at: datetime) -> None:
    found = list(rows.order_by("pk"))
    # The answer on texts keeps its own time where that on calls moves.
    dates = {"text_said_at": no_at} if name == "may_text" else {}
    if name == "may_call":
        dates = {
            "safety_at": Greatest(Coalesce(*CALLS), Value(no_at, DateTimeField())),
            "text_said_at": Coalesce(*TEXTS),
        }
    Contact.objects.filter(pk__in=[one.pk for one in found]).update(**{name: Answer.NO}, changed_at=at, **dates)
    for one in found:
        note(one, "safety_changed", by="worker", at=at, less=True, untold=True, **{name: str(Answer.NO)})
