"""How telephones of the staff and of agencies join a room, each by the address of its leg. Repeat-safe by the inbox."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from hotline import callstate
from hotline.actions import pins, second_calls, thirds
from hotline.actions.inbox import Hook, said_to
from hotline.actions.rooms import goodbye, kept
from hotline.actions.second_tries import is_second_try
from hotline.actions.telephones import tell
from hotline.actions.thirds import PERSONS
from hotline.actions.timeline import add_events, with_flags
from hotline.choices import TALK_STATES, THIRD_RINGS, Duty, JoinMode, LegRole
from hotline.models import Contact, Leg, TelephonePin, ThirdCall
from hotline.queries.legs import locked_legs
from hotline.queries.lines import line_of_contact
from hotline.queries.second_calls import is_other
from hotline.queries.serving import may_serve
from hotline.queries.spoken import cells_of
from hotline.queries.telephones import pin_of
from hotline.queries.thirds import coached_call
from hotline.telephony import twiml
from languages import table

# Which step a leg of each third person asks for first, and those that bring a key: of another than 1 the words come again.
STEPS_OF = {
    role: (role, f"{role}-key", f"{role}-key-2", f"{role}-key-3")
    for role in ("interpreter", "agency", "supervisor", "colleague")
}
WHISPERS = {  # what each hears before key 1
    "interpreter": "whisper", "agency": "agency_whisper", "supervisor": "join_whisper", "colleague": "join_whisper",
}  # fmt: skip
OF_THIRDS = frozenset(step for steps in STEPS_OF.values() for step in steps)
PINS = ("pin-1", "pin-2", "pin-3")  # the tries of a PIN, each with an address of its own
OF_OPERATORS = frozenset({"softphone", "whisper", *PINS})
HANG_UP = twiml.document("<Hangup/>")


@transaction.atomic
def join_third(*, hook: Hook) -> str:
    """Say to a third person who is rung what calls; key 1 brings her into the room, no key rings the next one.

    At another key she hears the words again, twice. Whose telephone asks for a PIN enters it in place of key 1, once. Nobody
    is brought to a telephone on which no key is pressed: a voicemail never hears the caller. Nothing entered is kept.
    """
    bare = pins.without_digits(hook)
    rows = locked_legs().select_related("user", "user__operator_state")
    leg = rows.filter(account=hook.account, token=int(hook.token or 0), role__in=STEPS_OF).first()
    if leg is None or hook.step not in STEPS_OF[leg.role]:
        return kept(bare, None, goodbye(None, table.SOURCE))
    if stored := stored_reply(hook):
        return stored
    third = ThirdCall.objects.select_related("agency").filter(leg=leg, state__in=THIRD_RINGS).first()
    agency = third.agency if third else None
    line = line_of_contact(leg.contact)
    nobodys = line.first_language if line else table.SOURCE  # the duty phone's
    language = leg.user.language if leg.user else agency.language if agency else nobodys
    if third is None or not _may_come(hook, leg):
        return refuse(bare, leg, language)
    second_calls.pick_up(leg, hook.call_sid, at=hook.at)
    pin = pin_of(leg.user_id) if leg.user_id else None
    is_by_itself = hook.value("To").startswith("client:")  # on the practice network, as an operator's telephone
    if not is_by_itself and _is_asked(leg, hook, pin):
        return kept(bare, leg, _what_calls(leg, hook, pin, language))
    if not is_by_itself and not _is_let_in(hook, pin):
        if not _rings_on(leg, hook):
            thirds.ring_next(third, at=hook.at)
        return kept(bare, leg, HANG_UP)
    second_calls.let_in(leg, hook.call_sid, at=hook.at)
    thirds.accept(third, at=hook.at)
    words = "" if is_by_itself else _words_after(leg, pin, language)
    return kept(bare, leg, twiml.third_document(room_place(leg), _coached(third), words))


def _is_asked(leg: Leg, hook: Hook, pin: TelephonePin | None) -> bool:
    """Tell whether a third person hears what calls: as she picks up, and after a key that is no 1, as long as a try is left."""
    first, *_tries, last = STEPS_OF[leg.role]
    return hook.step == first or (hook.step != last and pin is None and hook.value("Digits", 10)[:1] not in ("", "1"))


def _before(leg: Leg) -> tuple[str, ...]:
    """Return what is heard before what calls: all but an agency hear how the person can be spoken with."""
    before = pins.heard_first(leg.contact) if leg.role != LegRole.AGENCY else ()
    return (*before, "not_free_wait") if before and leg.role == LegRole.INTERPRETER else before


def _words_after(leg: Leg, pin: TelephonePin | None, language: str) -> str:
    before = _before(leg) if pin else ()
    return pins.words_after(pin, room_place(leg), line_of_contact(leg.contact), language, before)


def _what_calls(leg: Leg, hook: Hook, pin: TelephonePin | None, language: str) -> str:
    """Return what calls, and the key or PIN it waits for."""
    steps, contact = STEPS_OF[leg.role], leg.contact
    return pins.question(
        pin, room_place(leg), line_of_contact(contact), (language, contact.language), steps[steps.index(hook.step) + 1],
        WHISPERS[leg.role], before=() if pin else _before(leg),
    )  # fmt: skip


def _rings_on(leg: Leg, hook: Hook) -> bool:
    """Tell whether the telephone of a call by which nobody came still rings: by the leg's own call, or by another one."""
    return is_other(leg, hook.call_sid) or second_calls.hands_on(leg, leg.status, at=hook.at)


def third_by_browser(*, hook: Hook, user: User) -> str | None:
    """Let the browser of somebody who is asked into a colleague's call into its room; None where she is asked into none.

    Which call it is our rows alone tell. A second call of her browser finds the leg taken and is sent away; where the
    first did not get into the room, it gets a new leg, once.
    """
    asked = ThirdCall.objects.filter(person=user, role__in=PERSONS, state__in=THIRD_RINGS).values("leg")
    rows = locked_legs().filter(account=hook.account, pk__in=asked, user=user, joined_at=None)
    if (leg := rows.first()) is None:
        return None
    third = ThirdCall.objects.filter(leg=leg, state__in=THIRD_RINGS).first()
    if third is not None and is_second_try(hook, leg, _legs_of(third, user)):
        third.leg, third.contact = leg, leg.contact
        leg = thirds.leg_anew(third, at=hook.at)
    leg.user = user
    is_hers = leg.call_sid in (None, hook.call_sid) and leg.status not in callstate.CALL_FINAL
    may_come = is_hers and _goes_on(leg.contact) and may_serve(user, Duty.OPERATOR, leg.contact.country_id or "")
    if third is None or not may_come or leg.contact.hides_from(user):
        return refuse(hook, leg, user.language)
    Leg.objects.filter(pk=leg.pk).update(call_sid=hook.call_sid)
    thirds.accept(third, at=hook.at)
    return kept(hook, leg, twiml.third_document(room_place(leg), _coached(third)))


def _legs_of(third: ThirdCall, user: User) -> QuerySet[Leg]:
    """Return the legs that somebody had since she was asked."""
    return Leg.objects.filter(contact=third.contact_id, role=third.role, user=user, made_at__gte=third.asked_at)


def _goes_on(contact: Contact) -> bool:
    return contact.state in TALK_STATES and contact.ended_at is None and contact.end_asked_at is None


def _is_let_in(hook: Hook, pin: TelephonePin | None) -> bool:
    """Tell whether key 1 was pressed, or the PIN was entered, or the one of who is forced, which is told."""
    verdict = pins.verdict(hook, pin)
    if verdict == pins.FORCED:
        pins.tell_forced(pin, at=hook.at)
    return verdict in (pins.RIGHT, pins.FORCED)


def _coached(third: ThirdCall) -> str:
    """Return the call of the operator who alone hears a supervisor that coaches; "" for everybody else."""
    return coached_call(third.contact_id) if third.mode == JoinMode.COACH else ""


def stored_reply(hook: Hook) -> str:
    """Return what this request was answered before, or ""."""
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token or hook.turn}"
    return said_to(key)


def _may_come(hook: Hook, leg: Leg) -> bool:
    """Tell whether a third person's telephone may join: the call goes on and does not name her, her telephone is verified."""
    contact, state = leg.contact, getattr(leg.user, "operator_state", None)
    if second_calls.is_sent_away(leg, hook.call_sid):
        return False
    if leg.status in callstate.CALL_FINAL and not is_other(leg, hook.call_sid):
        return False
    if not _goes_on(contact):
        return False
    if leg.role == LegRole.AGENCY or leg.user is None:  # the duty phone
        return True
    if contact.hides_from(leg.user):
        return False
    duty = Duty.INTERPRETER if leg.role == LegRole.INTERPRETER else Duty.OPERATOR
    if state is None or not may_serve(leg.user, duty, contact.country_id or ""):
        return False
    if hook.value("To").startswith("client:"):
        return leg.role in PERSONS and hook.value("To") == f"client:{state.token}"
    return state.has_telephone and state.phone_verified_at <= leg.made_at


@transaction.atomic
def join_room(*, hook: Hook) -> str:
    """Let an operator's telephone into the room of the contact that the operator holds; send away any other."""
    bare = pins.without_digits(hook)
    rows = locked_legs().select_related("user", "user__operator_state")
    leg = rows.filter(account=hook.account, token=int(hook.token or 0), role=LegRole.OPERATOR).first()
    if leg is None:
        return kept(bare, None, goodbye(None, table.SOURCE))
    if stored := stored_reply(hook):
        return stored
    language = leg.user.language if leg.user else table.SOURCE
    if not _may_join(hook, leg):
        return refuse(bare, leg, language)
    second_calls.pick_up(leg, hook.call_sid, at=hook.at)
    if hook.step == "whisper":
        pin = pin_of(leg.user_id)
        return kept(bare, leg, _question(leg, pin, language))
    if _came_by_phone(leg):
        return _answer(hook, leg, language)
    second_calls.let_in(leg, hook.call_sid, at=hook.at)
    return kept(bare, leg, twiml.join_document(room_place(leg)))


def _question(leg: Leg, pin: TelephonePin | None, language: str) -> str:
    line = line_of_contact(leg.contact)
    languages = (language, leg.contact.language)
    to = PINS[0] if pin else "softphone"
    return pins.question(pin, room_place(leg), line, languages, to, before=() if pin else _before(leg))


def _answer(hook: Hook, leg: Leg, language: str) -> str:
    """Let an operator's own telephone in by key 1, or by her PIN where she has one; the third wrong one ends it, told.

    With the PIN of who is forced all is as with the right one. Nothing that was entered is kept.
    """
    pin, bare = pin_of(leg.user_id), pins.without_digits(hook)
    if (hook.step in PINS) != (pin is not None):
        return kept(bare, leg, HANG_UP)
    verdict = pins.verdict(hook, pin)
    if verdict == pins.FORCED:
        pins.tell_forced(pin, at=hook.at)
    if verdict in (pins.RIGHT, pins.FORCED):
        second_calls.let_in(leg, hook.call_sid, at=hook.at)
        return kept(bare, leg, twiml.join_document(room_place(leg), _words_after(leg, pin, language)))
    if verdict == pins.WRONG and hook.step != PINS[-1]:
        following = PINS[PINS.index(hook.step) + 1]
        again = pins.question_again(pin, room_place(leg), cells_of(line_of_contact(leg.contact)), language, following)
        return kept(bare, leg, again)
    if verdict == pins.WRONG:
        _refuse_pin(leg, hook)
    return kept(bare, leg, HANG_UP)


def _refuse_pin(leg: Leg, hook: Hook) -> None:
    """Give the call back at once after three wrong PINs: it stands on its timeline, and a letter tells the operator."""
    add_events(leg.contact, [("pin_refused", {"label": leg.label})], by="line", at=hook.at)
    Contact.objects.filter(pk=leg.contact_id, state="offered").update(claimed_until=hook.at, changed_at=hook.at)
    tell("pin_refused", leg.user.operator_state, by=leg.user, at=hook.at)


def room_place(leg: Leg) -> twiml.Place:
    """Return where a leg joins: the room of its contact, under its own label."""
    return twiml.Place(
        base=settings.PUBLIC_URL, turn=leg.token, room=leg.contact.room_name, label=leg.label, wait_turn=0
    )


def _came_by_phone(leg: Leg) -> bool:
    return leg.inbox.filter(step="whisper").exists()


def _may_join(hook: Hook, leg: Leg) -> bool:
    """Tell whether this telephone was rung for the holder of the claim, whom the call does not name, and it still waits.

    Her own telephone must be the one that was verified when she took the call: a number changed since is sent away.
    """
    contact, state = leg.contact, getattr(leg.user, "operator_state", None)
    if second_calls.is_sent_away(leg, hook.call_sid):
        return False
    if contact.claimed_by_id is None or contact.claimed_by_id != leg.user_id or contact.ended_at is not None:
        return False
    if state is None or contact.hides_from(leg.user):
        return False
    called = hook.value("To")
    if called.startswith("client:"):
        return called == f"client:{state.token}"
    return state.has_telephone and state.phone_verified_at <= leg.made_at


def refuse(hook: Hook, leg: Leg, language: str) -> str:
    """Send a telephone away that may not join, and mark its contact."""
    contact = leg.contact
    add_events(contact, [("joined_refused", {"label": leg.label})], by="line", at=hook.at)
    changes = {"flags": with_flags(contact.flags, "no_claim")} if leg.role == LegRole.OPERATOR else {}
    Contact.objects.filter(pk=contact.pk).update(**changes, changed_at=hook.at)
    return kept(hook, leg, goodbye(contact, language))
