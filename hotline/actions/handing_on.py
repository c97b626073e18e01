"""A no outlives the contact in which it was said: once that is emptied, the other contacts of its number hold it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from hotline.actions.timeline import note
from hotline.choices import Answer
from hotline.choices.calling import CallBackState
from hotline.models import Contact
from hotline.queries.one_number import CALLS, GAVE_OTHER, TEXTS, contacts_of_number, said_at


def hand_on_noes(row: Contact, at: datetime) -> None:
    """Write what a contact says of its telephone into the others of the number whose yes is not newer; lock the number before.

    That nobody may call, text, or leave a message: in so many words, as another number was given in place of this one, as
    a stranger picked up, or as the phone is shared, of messages.
    """
    gone = max(_gone(row), default=None)
    calls = [said_at(row, CALLS)] if row.may_call == Answer.NO else []
    texts = [said_at(row, TEXTS)] if row.may_text == Answer.NO else []
    is_less = row.may_voicemail == Answer.NO or row.shared_phone == Answer.YES
    messages = [said_at(row, CALLS)] if is_less and row.callback_number is None else []
    noes = {"may_call": calls, "may_text": texts, "may_voicemail": messages}
    for name, times in noes.items():
        if no_at := max([*times, *([gone] if gone else [])], default=None):
            _hand_on(_older(row, name, no_at), name, no_at, at)


def _gone(row: Contact) -> Iterator[datetime]:
    """Return when it was said, or seen, that this telephone is not the person's: another was given, or a stranger picked up."""
    if row.callback_number is not None:
        yield said_at(row, CALLS)
        return
    strange = row.call_backs.filter(state=CallBackState.STRANGE, ended_at__isnull=False)
    yield from strange.values_list("ended_at", flat=True)


def _older(row: Contact, name: str, no_at: datetime) -> QuerySet[Contact]:
    """Return the other contacts that say yes of the same telephone, and said so before."""
    others = contacts_of_number(row).exclude(pk=row.pk).filter(~GAVE_OTHER, **{name: Answer.YES})
    return others.annotate(said=Coalesce(*(TEXTS if name == "may_text" else CALLS))).filter(said__lte=no_at)


def _hand_on(rows: QuerySet[Contact], name: str, no_at: datetime, at: datetime) -> None:
    found = list(rows.order_by("pk"))
    # The answer on texts keeps its own time where that on calls moves.
    dates = {"text_said_at": no_at} if name == "may_text" else {}
    if name == "may_call":
        dates = {"safety_at": no_at, "text_said_at": Coalesce(*TEXTS)}
    Contact.objects.filter(pk__in=[one.pk for one in found]).update(**{name: Answer.NO}, changed_at=at, **dates)
    for one in found:
        note(one, "safety_changed", by="worker", at=at, less=True, untold=True, **{name: str(Answer.NO)})
