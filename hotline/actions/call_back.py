"""Calling a person back: the operator's telephone first, then the person's; what the operator does meanwhile.

The contact is locked before its call back, by whoever changes one. What the network reports: hotline.actions.called_back.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.operators import operator_state
from hotline.actions.orders import order
from hotline.actions.own_rows import check_hers, locked_for
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import add_events, note
from hotline.choices import Answer, CommandKind, Presence
from hotline.choices.calling import CALL_BACK_OPEN, CallBackState
from hotline.models import CallBack, Command, Contact, OperatorState
from hotline.queries.back_help import asks_for_help
from hotline.queries.dialling import call_bar, own_bar
from hotline.queries.legs import lock_number, locked_contact
from hotline.queries.lines import line_by_id
from hotline.queries.one_number import of_number
from hotline.queries.telephones import Reach, reach_into_call

BUSY = (Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP)
RECORD_KEPT = 47 * 3600  # seconds: of a call's record at the provider
COVER_SECONDS = 10
LATE_SECONDS = 5  # in which a call that was let go may come into the room all the same
OWN, PERSON = "own", "person"


class CallRefused(ValueError):
    """Raised when nobody may be called now; `code` (hotline.choices.calling.CALL_BARS) says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class NotTalking(Exception):
    """Raised when an act needs a call back of this person that goes on, and there is none."""


@transaction.atomic
def begin_call_back(*, contact: Contact, by: User, at: datetime) -> CallBack:
    """Ring the operator's telephone for a call back; the person's is rung only after she pressed 1 there.

    Where she works in the browser that calls out by itself, and nothing is rung for her.
    """
    row = locked_for(contact, by)
    if code := call_bar(row, at) or own_bar(row, by, at):
        raise CallRefused(code)
    operator_state(by, at=at)
    state = OperatorState.objects.select_for_update(no_key=True).get(user=by)
    if state.state in BUSY or CallBack.objects.filter(by=by, ended_at=None).exists():
        raise CallRefused("busy")
    line = line_by_id(row.line_id)
    made = CallBack.objects.create(
        contact=row, by=by, before=state.state, account=line.account if line else "", made_at=at
    )
    OperatorState.objects.filter(pk=state.pk).update(state=Presence.ON_CALL, contact=None, since=at)
    if reach_into_call(state, made.account, made.before) != Reach.BROWSER:
        order(CommandKind.CALL_BACK, key=f"call_back:{made.pk}:{OWN}", at=at, **_which(made, OWN))
    note(row, "call_back_begun", by=by, at=at)
    accounts.record(by=by, verb="hotline.called_back", thing=row, at=at, country=row.country_id or "")
    return made


def _which(row: CallBack, who: str) -> dict[str, object]:
    return {"account": row.account, "contact": row.contact_id, "call_back": row.pk, "who": who}


def ring_person(row: CallBack, at: datetime) -> None:
    """Order the person's telephone to be rung; whether it is safe is judged again when that is done."""
    order(CommandKind.CALL_BACK, key=f"call_back:{row.pk}:{PERSON}", at=at, **_which(row, PERSON))


@transaction.atomic
def confirm(*, contact: Contact, by: User, at: datetime) -> None:
    """Note that it is the person who picked up: content may be spoken of."""
    row = _talking(contact, by)
    check_hers(row.contact, by)
    if row.confirmed_at is None:
        CallBack.objects.filter(pk=row.pk).update(confirmed_at=at)
        note(row.contact, "call_back_confirmed", by=by, at=at)


@transaction.atomic
def meet_stranger(*, contact: Contact, by: User, at: datetime) -> None:
    """Leave a stranger with the cover phrase, and let nobody call or write any more; who supervises is told."""
    lock_number(contact)
    row = _talking(contact, by)
    order(CommandKind.COVER, key=f"cover:{row.pk}", at=at, **_which(row, PERSON))
    close(row, CallBackState.STRANGE, at, person_after=COVER_SECONDS)
    no = dict.fromkeys(("may_call", "may_text", "may_voicemail"), Answer.NO)
    Contact.objects.filter(pk=row.contact_id).update(safety_at=at, text_said_at=at, changed_at=at, **no)
    told = {name: str(value) for name, value in no.items()}
    note(row.contact, "safety_changed", by=by, at=at, **told)
    accounts.record(
        by=by, verb="hotline.safety_changed", thing=row.contact, at=at, country=row.contact.country_id or "", **told
    )
    tell_supervisors(row.contact, lambda person: _write_to(person, row, at), at)


@transaction.atomic
def ask_help(*, contact: Contact, by: User, at: datetime) -> None:
    """Tell those who supervise that help is wanted in a call back; nobody can be brought into it. Once is enough."""
    row = _talking(contact, by)
    check_hers(row.contact, by)
    if not asks_for_help(row):
        note(row.contact, "help_asked", by=by, at=at)
        accounts.record(
            by=by, verb="hotline.help_asked", thing=row.contact, at=at, country=row.contact.country_id or ""
        )


@transaction.atomic
def end_call_back(*, contact: Contact, by: User, at: datetime) -> None:
    """End a call back, at whatever stage, without a word to whoever picked up."""
    row = _own(contact, by)
    close(row, ended_as(row), at)


@transaction.atomic
def show_code_word(*, contact: Contact, by: User, at: datetime) -> str:
    """Return the code word to compare while somebody has picked up, recorded as read; "" where none is set."""
    row = _talking(contact, by)
    check_hers(row.contact, by)
    return accounts.reveal(row.contact, "code_word", by=by, at=at, reason="call back") or ""


def stop_unsafe(contact: Contact, at: datetime) -> None:
    """Stop the call backs to a contact's telephone that ring while the safety state forbids it now.

    The contact is saved, and all of its number are locked (queries.legs.lock_number).
    """
    ringing = (CallBackState.OPERATOR, CallBackState.PERSON)
    rows = CallBack.objects.filter(of_number(contact), ended_at=None, state__in=ringing)
    for row in rows.select_related("contact"):
        code = call_bar(row.contact, at)
        if code and code != "under_way":
            close(row, CallBackState.CANCELLED, at, blocked_by=code)


def is_hidden(row: CallBack) -> bool:
    """Tell whether the contact of a call back is hidden from who calls."""
    return row.by is not None and row.contact.hides_from(row.by)


def ended_as(row: CallBack) -> str:
    """Return as what a call back counts that ends where it stands."""
    if row.state == CallBackState.TALKING:
        return CallBackState.REACHED if row.confirmed_at else CallBackState.UNSURE
    return CallBackState.NOT_REACHED if row.dialled_at else CallBackState.NO_OPERATOR


def close(row: CallBack, state: str, at: datetime, *, blocked_by: str = "", person_after: float = 0) -> None:
    """End a call back: both telephones are hung up, the operator is free, the provider's records go after two days."""
    row.state, row.ended_at, row.blocked_by = CallBackState(state), at, blocked_by
    row.save(update_fields=["state", "ended_at", "blocked_by"])
    for who, status, delay in ((OWN, row.own_status, 0.0), (PERSON, row.person_status, person_after)):
        if status not in callstate.CALL_FINAL:
            order_hang_up(row, who, at, key=f"hang_up_back:{row.pk}:{who}", delay=delay)
        order(
            CommandKind.DELETE_CALL, key=f"call_back_log:{row.pk}:{who}", at=at, delay=RECORD_KEPT, **_which(row, who)
        )
    OperatorState.objects.filter(user=row.by_id, state=Presence.ON_CALL, contact=None).update(
        state=row.before or Presence.OFF, since=at
    )
    kind = {CallBackState.REACHED: "call_back_reached", CallBackState.STRANGE: "call_back_strange"}
    add_events(row.contact, [(kind.get(row.state, "call_back_over"), {"call_back": row.state})], by="line", at=at)
    Contact.objects.filter(pk=row.contact_id).update(changed_at=at)


def let_go(row: CallBack, at: datetime) -> None:
    """Let the operator's call go that did not get into the room: what is left of it is hung up, its record goes as others do.

    It is hung up a little later: one that is in the room by then would end it, and must not (`keep_room`).
    """
    first = {"account": row.account, "contact": row.contact_id, "call_back": row.pk, "sid": row.own_sid}
    if row.own_status not in callstate.CALL_FINAL:
        order(CommandKind.HANG_UP, key=f"hang_up_first:{row.pk}", at=at, delay=LATE_SECONDS, **first)
    order(CommandKind.DELETE_CALL, key=f"call_back_log:{row.pk}:first", at=at, delay=RECORD_KEPT, **first)
    row.own_sid = row.own_status = ""
    row.save(update_fields=["own_sid", "own_status"])


def keep_room(row: CallBack, sid: str, room_sid: str, at: datetime) -> None:
    """Where a call that was let go came into the room all the same, hang it up at once, so that the room goes on without it."""
    if Command.objects.filter(key=f"call_back_log:{row.pk}:first", arguments__sid=sid).exists():
        late = {"account": row.account, "contact": row.contact_id, "call_back": row.pk, "sid": sid, "room": room_sid}
        order(CommandKind.HANG_UP, key=f"hang_up_late_first:{row.pk}", at=at, **late)


def order_hang_up(row: CallBack, who: str, at: datetime, *, key: str, delay: float = 0) -> None:
    """Order one telephone of a call back to be hung up."""
    order(CommandKind.HANG_UP, key=key, at=at, delay=delay, **_which(row, who))


def locked_call_back(**which: object) -> CallBack | None:
    """Return a call back, its contact locked before it."""
    found = CallBack.objects.filter(**which).values_list("pk", "contact_id").first()
    if found is None:
        return None
    contact = locked_contact(found[1])
    row = CallBack.objects.select_for_update(of=("self",)).get(pk=found[0])
    row.contact = contact
    return row


def _own(contact: Contact, by: User) -> CallBack:
    row = locked_call_back(contact=contact, by=by, ended_at=None)
    if row is None or row.state not in CALL_BACK_OPEN:
        raise NotTalking
    return row


def _talking(contact: Contact, by: User) -> CallBack:
    row = _own(contact, by)
    if row.state != CallBackState.TALKING:
        raise NotTalking
    return row


def _write_to(person: User, row: CallBack, at: datetime) -> None:
    with translation.override(person.language):
        subject = _("A stranger answered a call back")
        text = _(
            "A stranger answered when somebody was called back. Nobody calls or writes to this person any more. Sign in and"
            " look at the contact:\n%(address)s"
        ) % {"address": settings.PUBLIC_URL + reverse("hotline:contact", args=[row.contact.public_id])}
    accounts.queue_letter(
        key=f"call_back_strange:{row.pk}:{person.public_id}", to=person.email, language=person.language,
        subject=subject, text=text, at=at, receiver=person,
    )  # fmt: skip
