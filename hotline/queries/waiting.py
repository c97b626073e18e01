"""The queue on the operator console: calls that wait and texts that nobody read, who is in danger or need first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hotline.choices import FLAGS, AnswersAs, Channel, ContactKind, Direction, Duty, State
from hotline.models import Contact, Line, Message, OperatorState
from hotline.queries.answering import answerer_of, is_answered
from hotline.queries.contacts import contacts_of_desk, waiting_calls
from hotline.queries.duty import working_in
from hotline.queries.needs import Said, needs_by_key
from hotline.queries.of_desk import OfDesk
from hotline.queries.one_number import text_noes
from hotline.queries.pressing import has_said
from hotline.queries.safety import TEXT_BARS, text_bar
from hotline.queries.stopping import stop_time
from hotline.queries.telephones import account_of, reach_of
from hotline.queries.whatsapp import Firsts, first_languages, window_facts
from languages import table

LISTED = 30  # conversations by text


@dataclass(frozen=True)
class QueueRow:
    """One person who waits: a call, or a conversation by text with something unread."""

    contact: Contact
    since: datetime
    danger_word: str
    hint: str
    is_text: bool = False
    bar: str = ""
    needs_phone: bool = False
    answerer: User | None = None
    waits_for_other: bool = False
    needs: Sequence[Said] = ()

    @property
    def is_urgent(self) -> bool:
        """Tell whether the person is in danger, or told by key of another need that cannot wait (`triage.PRESSING`)."""
        return self.contact.is_danger or bool(self.needs)

    @property
    def waits_for_answer(self) -> bool:
        """Tell whether this is a text that can be answered and that nobody answers yet."""
        return self.is_text and not self.bar and self.answerer is None

    @property
    def can_be_taken(self) -> bool:
        """Tell whether an operator may take this call now: not while it is offered, while keys are asked, or where she has
        no telephone that could ring for it.
        """
        return self.contact.state in (State.WAITING, State.RETURNED) and not self.needs_phone

    @property
    def wish(self) -> str:
        """Return in words whom the caller asked for, or ""."""
        return _wish_word(self.contact)

    @property
    def language(self) -> table.Row | None:
        """Return the language the person chose, or None."""
        return table.BY_CODE.get(self.contact.language)


@dataclass(frozen=True)
class Queue:
    """Who waits for a person; `texts` is how many conversations by text do, also those that are not listed."""

    rows: list[QueueRow]
    texts: int


def queue_of(user: User, lines: list[Line], at: datetime, *, state: OperatorState | None) -> Queue:
    """Return who waits for this person: danger and needs of now first, calls before texts, then by priority and time.

    Among equals who asked for somebody like this operator comes before who asked for somebody else; nobody is kept from
    either. Of the texts those that wait longest are listed, beside all that somebody answers now.
    """
    texts, count = _texts(user, at)
    rows = [*_calls(user, lines, at, state), *texts]
    rows.sort(key=lambda row: (not row.is_urgent, row.is_text, row.contact.priority, row.waits_for_other, row.since))
    return Queue(rows, count)


def _waiting_rows(user: User, _at: datetime) -> QuerySet[Contact]:
    return waiting_calls(user, State.SILENT).annotate(has_said=has_said())


_WAITING = OfDesk(_waiting_rows)


def _calls(user: User, lines: list[Line], at: datetime, state: OperatorState | None) -> list[QueueRow]:
    waiting = _WAITING.objects(user, at=at)
    duty = _colleagues(user, lines, at) if waiting else {}
    pressed = [call for call in waiting if call.has_said]
    needs = needs_by_key(pressed) if pressed else {}
    return [
        QueueRow(
            call,
            call.queued_at or call.started_at,
            _danger_word(call),
            _hint(user, call, duty.get(call.line_id, ())),
            needs_phone=not reach_of(state, account_of(call)),
            waits_for_other=bool(wish_of(call))
            and bool(state and state.answers_as)
            and wish_of(call) != state.answers_as,
            needs=needs.get(call.pk, ()),
        )  # fmt: skip
        for call in waiting
    ]


@dataclass(frozen=True)
class Colleague:
    """Somebody else who works now: on a shift, or with the console open beside the roster."""

    user: User
    duty: str


def _colleagues(user: User, lines: list[Line], at: datetime) -> dict[int, list[Colleague]]:
    """Return for each line of a person's country who else works now: two queries, however many lines there are."""
    shifts, states = working_in(user.country_id, at)
    found = {
        line.pk: [Colleague(shift.user, shift.duty) for shift in shifts if shift.line_id == line.pk]
        + [Colleague(one.user, Duty.OPERATOR) for one in states]
        for line in lines
    }
    return {pk: [one for one in colleagues if one.user.pk != user.pk] for pk, colleagues in found.items()}


def wish_of(contact: Contact) -> str:
    """Return whether a caller asked for a woman or a man; "" where she did not."""
    wishes = [who.value for who in (AnswersAs.WOMAN, AnswersAs.MAN) if f"wants_{who}" in contact.flag_codes]
    return wishes[0] if len(wishes) == 1 else ""


def _wish_word(contact: Contact) -> str:
    wish = wish_of(contact)
    return str(FLAGS[f"wants_{wish}"]) if wish else ""


def _danger_word(call: Contact) -> str:
    if call.is_danger:
        return _("Danger: not safe now")
    if call.cannot_speak:
        return _("Cannot speak, answers by keys")
    if call.state == State.RETURNED:
        return _("Cut off, waiting again")
    return ""


def _hint(user: User, call: Contact, colleagues: Iterable[Colleague]) -> str:
    if call.state == State.SILENT:
        return _("Answering the safety questions by keys; then the call joins the queue")
    if call.state == State.PHONES:
        return _("Ringing the telephones of those on shift, one after the other")
    if call.state == State.CHOICES and call.step == "greeting":
        return State.GREETING.label
    if call.state == State.CHOICES:
        return _("Hearing the choices while waiting")
    if not call.language:
        return _("Language not chosen yet")
    if call.language in user.speaks:
        return _("You speak it")
    if any(call.language in other.user.speaks and other.duty == Duty.INTERPRETER for other in colleagues):
        return _("An interpreter is on duty")
    if any(call.language in other.user.speaks for other in colleagues):
        return _("A colleague on duty speaks it")
    return _("Nobody on duty speaks it")


@lru_cache(maxsize=8)
def _at_hand(firsts: Firsts) -> OfDesk:
    """Return the read of the conversations by text that are at hand, while these are the first languages of the lines."""
    return OfDesk(partial(_at_hand_rows, firsts))


def _at_hand_rows(firsts: Firsts, user: User, at: datetime) -> QuerySet[Contact]:
    received = Message.objects.filter(contact=OuterRef("pk"), direction=Direction.IN).order_by("made_at")
    since = Coalesce(
        Subquery(received.filter(read_at=None).values("made_at")[:1]),
        Subquery(received.reverse().values("made_at")[:1]),
        "started_at",
    )
    answered = Case(When(is_answered(at), then=True), default=False)
    unread = Message.objects.filter(direction=Direction.IN, read_at=None).order_by().values("contact")
    at_hand = Contact.objects.filter(is_answered(at)).order_by().values("pk").union(unread, all=True)
    # From those at hand to the desk, not the other way: its country has years of contacts.
    is_hers = Exists(contacts_of_desk(user).filter(pk=OuterRef("pk")))
    rows = Contact.objects.filter(is_hers, pk__in=at_hand, kind=ContactKind.MESSAGE, erased_at=None)
    facts = window_facts(firsts) | {"stopped_at": stop_time(), "text_no_at": text_noes(), "answered": answered}
    rows = rows.annotate(unread_since=since, **facts).annotate(alike=Window(Count("pk"), partition_by="answered"))
    order = ("-answered", "-is_danger", "priority", "unread_since", "id")
    return rows.select_related("line", "claimed_by").order_by(*order)[: 2 * LISTED]


def _texts(user: User, at: datetime) -> tuple[list[QueueRow], int]:
    """Return the conversations by text that somebody answers, those unread that wait longest, danger first, and how many
    of these there are: one query.
    """
    contacts = _at_hand(first_languages()).objects(user, at=at)
    waiting = [one for one in contacts if not one.answered]
    listed = [
        QueueRow(
            one, one.unread_since, _danger_word(one), _text_hint(user, one, answerer_of(one, at)), True,
            TEXT_BARS.get(text_bar(one, at), ""), answerer=answerer_of(one, at),
        )
        for one in [*waiting[:LISTED], *contacts[: len(contacts) - len(waiting)][:LISTED]]
    ]  # fmt: skip
    return listed, waiting[0].alike if waiting else 0


def _text_hint(user: User, contact: Contact, answerer: User | None) -> str:
    if answerer is None:
        is_whatsapp = contact.channel == Channel.WHATSAPP
        return _("WhatsApp message, not read yet") if is_whatsapp else _("Text message, not read yet")
    if answerer == user:
        return _("You are answering")
    return gettext("%(name)s is answering") % {"name": answerer}
