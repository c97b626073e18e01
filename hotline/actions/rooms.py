"""What is heard in a room; how telephones join one: hotline.actions.joining. Repeat-safe by the inbox."""

from datetime import timedelta

from django.db import transaction

from hotline import ivr
from hotline.actions import inbox
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.standby import lead_out_soon
from hotline.actions.turns import place_of
from hotline.choices import THIRD_PROMPTS, CommandKind
from hotline.models import Command, Contact, Leg
from hotline.queries.contacts import place_in_queue
from hotline.queries.duty import OnDuty
from hotline.queries.expecting import expectation
from hotline.queries.heartbeat import is_silent
from hotline.queries.legs import leg_of_call, leg_of_token
from hotline.queries.limit import is_left_in_danger, is_over_limit, orders_out, waits_alone
from hotline.queries.lines import LineFacts, line_of_contact, memory
from hotline.queries.spoken import cells_of
from hotline.telephony import twiml
from languages import table

WAIT_SECONDS = 12
TURNS = 1000
ANEW = timedelta(minutes=1)  # from an order that led nobody out to the next one
EXPECTATION_TURN = 2  # after the first words, once
# Why a caller is led out of the room, and to which step: to telephones that a document rings, for nobody can be brought
# in here, or to where nobody is found.
OUT = {"silent": "queue", "hidden": "queue", "limit": "left", "nobody": "left"}


@transaction.atomic
def say_wait(*, hook: Hook) -> str:
    """Say where in the line the caller is; after the line's limit, or where nobody is left to come, order the way out.

    Who has an operator, or one on her way, is never led out.
    """
    leg = leg_of_call(hook.account, hook.call_sid)
    if leg is None or leg.role != "caller":
        return kept(hook, leg, twiml.document(f'<Pause length="{WAIT_SECONDS}"/>'))
    contact, base, count = leg.contact, hook.turn // TURNS, hook.turn % TURNS
    memory()
    line = line_of_contact(contact)
    place = place_of(contact, line, turn=base)
    following = base * TURNS + min(count + 1, TURNS - 1)
    place = twiml.Place(**(place.__dict__ | {"wait_turn": following}))
    is_ended = contact.end_asked_at is not None  # the goodbye comes: nobody is promised any more
    says = [] if is_ended else _waiting_words(contact, line, is_first=count <= 1)
    if (
        line
        and not is_ended
        and count == EXPECTATION_TURN
        and not contact.is_danger
        and (prompt := expectation(contact, line, hook.at))
    ):
        says.insert(0, ivr.Say(prompt, contact.language or line.first_language))
    if is_ended:
        _order_out(contact, leg, hook, "end")
    elif waits_alone(contact, hook.at) and (why := _why_out(contact, line, hook)):
        _order_out(contact, leg, hook, why, step=OUT[why])
    seconds = line.plan.wait_seconds if line else WAIT_SECONDS
    return kept(hook, leg, twiml.wait_document(says, place, cells_of(line), seconds))


def _waiting_words(contact: Contact, line: LineFacts | None, *, is_first: bool) -> list[ivr.Say]:
    """Return what is said while waiting; whoever told of danger and chose no language hears it in each of the line's.

    Before the room the words of danger were said in the first one only: here the others follow at once.
    """
    first = contact.language or (line.first_language if line else table.SOURCE)
    if contact.language or line is None or not contact.is_danger:
        return _place_words(contact, line, [first], is_first=is_first)
    codes = [code for _key, code in line.languages]
    urgent = ivr.danger_words(codes[1:], line) if is_first else []
    return [*urgent, *_place_words(contact, line, codes, is_first=is_first)]


def _place_words(contact: Contact, line: LineFacts | None, codes: list[str], *, is_first: bool) -> list[ivr.Say]:
    place = place_in_queue(contact) if line and line.says_position and not is_first else 0
    words: list[tuple[str, tuple]] = [("next_in_line", ())] if place == 1 else []
    words += [("position", (("place", str(place)),))] if place > 1 else []
    prompts = ivr.waiting_words(is_first=is_first, is_danger=contact.is_danger, cannot_speak=contact.cannot_speak)
    words += [(prompt, ()) for prompt in prompts]
    return [ivr.Say(prompt, code, values) for code in codes for prompt, values in words]


def _why_out(contact: Contact, line: LineFacts | None, hook: Hook) -> str:
    """Return why a caller who waits by herself is led out of the room, a key of `OUT`; "" where she waits on."""
    if is_silent(hook.at):
        return "silent"
    if line and OnDuty(line, hook.at, contact).is_left_to_nobody():
        return "hidden"
    if is_over_limit(contact, line, hook.at):
        return "limit"
    return "nobody" if is_left_in_danger(contact, line, hook.at) else ""


def _order_out(contact: Contact, leg: Leg, hook: Hook, why: str, step: str = "left") -> None:
    """Order the caller's leg out of the room, once a turn: no key and no verb can end it from the waiting document.

    An order that was given up, or that found her with somebody, and left her here is given anew after a minute.
    """
    given = list(orders_out(contact, why))
    if given and not _was_in_vain(given[0], hook):
        return
    key = ":".join([f"{why}:{contact.pk}:{contact.turn}", *([str(len(given))] if given else [])])
    only = {"alone": True} if why in OUT else {}
    order(CommandKind.REDIRECT, leg=leg, key=key, at=hook.at, step=step, turn=contact.turn, **only)
    if is_silent(hook.at):
        lead_out_soon()


def _was_in_vain(given: Command, hook: Hook) -> bool:
    over = given.done_at or given.failed_at
    return over is not None and hook.at - over >= ANEW


def kept(hook: Hook, leg: Leg | None, reply: str) -> str:
    """Keep the request with its document; a repeat gets the document that was kept."""
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token or hook.turn}"
    contact = leg.contact if leg else None
    scope = (contact.country_id if contact else None) or "*"
    if inbox.keep(hook, key, scope=scope, contact=contact, leg=leg, reply=reply):
        return reply
    return inbox.said_to(key)


@transaction.atomic
def say_hold(*, hook: Hook) -> str:
    """Say that the line is still there; asked for again and again while a leg is held."""
    leg = leg_of_call(hook.account, hook.call_sid)
    if leg is None:
        return kept(hook, None, twiml.document('<Pause length="12"/>'))
    line = line_of_contact(leg.contact)
    language = leg.contact.language or (line.first_language if line else table.SOURCE)
    return kept(hook, leg, twiml.hold_document(place_of(leg.contact, line, turn=hook.turn), cells_of(line), language))


@transaction.atomic
def say_who_joins(*, hook: Hook) -> str:
    """Say to everybody in a room, in the caller's language, who joins: the leg that the address names."""
    leg = leg_of_token(hook.account, hook.token)
    if leg is None or leg.role not in THIRD_PROMPTS:
        return kept(hook, None, twiml.document('<Pause length="1"/>'))
    line = line_of_contact(leg.contact)
    language = leg.contact.language or (line.first_language if line else table.SOURCE)
    return kept(hook, leg, twiml.document(twiml.spoken(cells_of(line)(THIRD_PROMPTS[leg.role], language))))


def goodbye(contact: Contact | None, language: str) -> str:
    line: LineFacts | None = line_of_contact(contact) if contact else None
    return twiml.document(twiml.spoken(cells_of(line)("goodbye", language)), "<Hangup/>")
