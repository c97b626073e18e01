"""What is heard on a telephone of somebody on shift, or on the duty phone, that a document rang: what calls, and that key 1,
or her PIN, connects. A voicemail presses nothing.

The network then connects the two, in no room; the call is over when that telephone hangs up.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from hotline import callstate
from hotline.actions import pins
from hotline.actions.inbox import Hook, said_to
from hotline.actions.rooms import goodbye, kept
from hotline.actions.states import settle
from hotline.actions.timeline import add_events
from hotline.choices import LegRole
from hotline.models import Contact, Leg, OperatorState
from hotline.queries.legs import locked_legs
from hotline.queries.lines import LineFacts, line_of_contact
from hotline.queries.spoken import caller_language, cells_of
from hotline.queries.telephones import pin_of
from hotline.telephony import twiml
from languages import table

STEPS = frozenset({"phone", "phone-key"})
DUTY_STEPS = frozenset({"duty-phone", "duty-key"})
HANG_UP = twiml.document("<Hangup/>")


@transaction.atomic
def answer_phone(*, hook: Hook) -> str:
    """Say to whoever picked up what calls; key 1 connects, anything else sends that telephone away."""
    bare = pins.without_digits(hook)
    rows = locked_legs().select_related("user")
    leg = rows.filter(account=hook.account, token=int(hook.token or 0), role=LegRole.OPERATOR).first()
    if leg is None:
        return kept(bare, None, goodbye(None, table.SOURCE))
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token}"
    if stored := said_to(key):
        return stored
    if not _may_answer(hook, leg):
        return kept(bare, leg, goodbye(leg.contact, leg.user.language if leg.user else table.SOURCE))
    leg.call_sid = hook.call_sid
    Leg.objects.filter(pk=leg.pk).update(call_sid=leg.call_sid)
    if hook.step == "phone":
        return kept(bare, leg, _whisper(leg))
    pin = pin_of(leg.user_id)
    verdict = pins.verdict(hook, pin)
    if verdict not in (pins.RIGHT, pins.FORCED):
        return kept(bare, leg, HANG_UP)
    if verdict == pins.FORCED:
        pins.tell_forced(pin, at=hook.at)
    _connect(leg, hook.at)
    return kept(bare, leg, twiml.EMPTY)


@transaction.atomic
def answer_duty(*, hook: Hook) -> str:
    """Say to whoever picked up the duty phone what calls; key 1 connects, anything else, or none, hangs that telephone up.

    The contact then goes on as if it had not been answered, and nothing counts as help that nobody took.
    """
    rows = locked_legs().filter(account=hook.account, token=int(hook.token or 0), role=LegRole.DUTY)
    if (leg := rows.first()) is None:
        return kept(hook, None, goodbye(None, table.SOURCE))
    if stored := said_to(f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token}"):
        return stored
    contact, line = leg.contact, line_of_contact(leg.contact)
    language = line.first_language if line else table.SOURCE
    if not _rings_now(leg):
        return kept(hook, leg, goodbye(contact, language))
    if leg.call_sid is None:
        Leg.objects.filter(pk=leg.pk).update(call_sid=hook.call_sid)
    if hook.step == "duty-phone":
        return kept(hook, leg, _whisper_twice(leg, line, language))
    if hook.value("Digits", 1) != "1":
        return kept(hook, leg, HANG_UP)
    Leg.objects.filter(pk=leg.pk).update(joined_at=hook.at)
    return kept(hook, leg, twiml.EMPTY)


def _whisper_twice(leg: Leg, line: LineFacts | None, language: str) -> str:
    """Return the words, said twice, and the wait for a key: whoever takes a mobile to the ear late hears them too.

    That the person cannot talk freely is said first.
    """
    cells = cells_of(line)
    spoken = caller_language(leg.contact.language, line, cells("whisper", language).language)
    place = twiml.Place(base=settings.PUBLIC_URL, turn=leg.token)
    return twiml.whisper_document(
        place, cells, language, spoken, "duty-key", times=2, before=pins.heard_first(leg.contact)
    )


def _rings_now(leg: Leg) -> bool:
    """Tell whether the caller still waits for this duty phone: neither gone, nor led on, nor rung for anew."""
    contact = leg.contact
    is_last = leg.label == f"{callstate.ASKED}{contact.turn}"
    return contact.step == "duty" and contact.ended_at is None and is_last


def _may_answer(hook: Hook, leg: Leg) -> bool:
    """Tell whether this telephone is the one that rings now for this contact, which is not hidden from her, and is still hers."""
    contact = leg.contact
    if contact.step != "phones" or contact.ended_at is not None or leg.call_sid not in (None, hook.call_sid):
        return False
    if Leg.objects.filter(contact=contact, role=LegRole.OPERATOR, pk__gt=leg.pk).exists():
        return False
    state = OperatorState.objects.filter(user_id=leg.user_id).first()
    if state is None or contact.hides_from(leg.user):
        return False
    return state.has_telephone and state.phone_verified_at <= leg.made_at


def _whisper(leg: Leg) -> str:
    """Return what calls; that the person cannot talk freely is said before a PIN too, as nothing may stand between it and her."""
    place = twiml.Place(base=settings.PUBLIC_URL, turn=leg.token)
    line = line_of_contact(leg.contact)
    languages = (leg.user.language, leg.contact.language)
    return pins.question(
        pin_of(leg.user_id), place, line, languages, "phone-key", before=pins.heard_first(leg.contact)
    )


def _connect(leg: Leg, at: datetime) -> None:
    """Give the contact to whoever pressed 1; that telephone's end ends the call, as when it is ended in the console."""
    contact = leg.contact
    Leg.objects.filter(pk=leg.pk).update(joined_at=at)
    changes = {"claimed_by_id": leg.user_id, "claimed_until": None, "end_asked_at": at, "changed_at": at}
    for name, value in changes.items():
        setattr(contact, name, value)
    Contact.objects.filter(pk=contact.pk).update(**changes)
    add_events(contact, [("phone_answered", {"label": leg.label})], by="line", at=at)
    settle(contact, at=at)
