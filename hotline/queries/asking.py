"""Reads of what is asked by keys: the recorded questions with their answers, and the order that leads to one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hotline.callers import Caller
from hotline.choices import QUESTIONS, TALK_STATES, Answer, CommandKind
from hotline.models import Command, Contact
from hotline.queries.confirming import is_unconfirmed

SHAPES = {Answer.YES: "tick", Answer.NO: "x", Answer.UNKNOWN: "half"}


@dataclass(frozen=True)
class KeyQuestion:
    """One recorded question: its words, what was answered by key and when, whether it is being asked now."""

    key: str
    words: str
    answer: str
    shape: str
    at: datetime | None
    is_asked: bool


@dataclass(frozen=True)
class Asking:
    """What the console offers to ask by keys. `word` says what became of the order to ask or to come back."""

    questions: list[KeyQuestion]
    is_asked: bool
    is_busy: bool
    word: str
    last: KeyQuestion | None


def last_order(contact: Contact) -> Command | None:
    """Return the newest order of this turn that leads the caller to a question or back; None before the first."""
    orders = Command.objects.filter(contact=contact, kind=CommandKind.REDIRECT)
    return orders.filter(key__startswith=f"ask:{contact.pk}:{contact.turn}:").order_by("-id").first()


def is_ordered(contact: Contact, at: datetime) -> bool:
    """Tell whether such an order is under way: given, and neither refused nor overdue."""
    sent = last_order(contact)
    return sent is not None and not sent.failed_at and not is_unconfirmed(sent.made_at, at)


def asking(contact: Contact, at: datetime) -> Asking | None:
    """Return what may be asked by keys in a conversation; None where nobody is in one."""
    if contact.state not in TALK_STATES:
        return None
    is_asked, waits = contact.step == "asked", is_ordered(contact, at)
    given = {one.question: one for one in contact.key_answers.all()}
    rows = [
        KeyQuestion(
            key, words, str(Answer(given[key].answer).label) if key in given else "",
            SHAPES[Answer(given[key].answer)] if key in given else "ring", given[key].at if key in given else None,
            contact.question == key and (is_asked or waits),
        )
        for key, words in QUESTIONS.items()
        if key != "may_text" or Caller(contact.caller_class).can_text
    ]  # fmt: skip
    answered = [row for row in rows if row.at is not None]
    last = max(answered, key=lambda row: row.at, default=None)
    return Asking(rows, is_asked, is_asked or waits, _word(contact, waits=waits), last)


def _word(contact: Contact, *, waits: bool) -> str:
    """Return what is not confirmed by the network yet; "" when the order is carried out, or was not given."""
    if waits:
        return _("Asked for, not confirmed yet.")
    return _("Not confirmed by the network: try again.") if last_order(contact) else ""
