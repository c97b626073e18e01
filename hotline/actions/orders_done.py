"""What each kind of order asks of the provider. Claims, pauses and giving up: hotline.actions.commands."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import actions as accounts
from hotline import callstate
from hotline.actions import attachments, back_orders, fetching, ringing, second_calls, second_orders, self_calls
from hotline.actions.delivery import settle_text
from hotline.actions.forgetting import forget_sids
from hotline.actions.timeline import add_events
from hotline.callers import is_mark
from hotline.choices import CommandKind
from hotline.models import Command, Contact, Leg, Message, PhoneCheck, Recording
from hotline.queries.legs import locked_contact
from hotline.queries.limit import waits_alone
from hotline.queries.thirds import coached_call
from hotline.telephony import twiml
from hotline.telephony.base import Provider, ProviderRefused


def _redirect(command: Command, line: Provider, at: datetime) -> None:
    """Send the caller's leg to a step of the flow, if it still stands where the order was given.

    Who was to be led out because she waits alone stays where somebody has come, or is on the way, meanwhile.
    """
    contact = command.leg.contact
    if contact.turn != command.arguments["turn"] or contact.ended_at:
        return
    if command.arguments.get("alone") and not waits_alone(contact, at):
        return
    step = command.arguments["step"]
    address = f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/{step}/?t={contact.turn}{twiml.VOICE_FRAGMENT}"
    line.redirect(command.leg.call_sid, address)


def _hold(command: Command, line: Provider, at: datetime) -> None:
    leg, held = command.leg, command.kind == CommandKind.HOLD
    address = f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/hold/?t={leg.contact.turn}{twiml.VOICE_FRAGMENT}"
    line.hold(leg.room_sid, leg.call_sid, held=held, url=address if held else "")


def _mute(command: Command, line: Provider, at: datetime) -> None:
    muted = command.kind == CommandKind.MUTE
    line.mute(command.leg.room_sid, command.leg.call_sid, muted=muted)
    Leg.objects.filter(pk=command.leg_id).update(is_muted=muted)
    add_events(command.leg.contact, [("muted" if muted else "unmuted", {})], by="worker", at=at)
    Contact.objects.filter(pk=command.leg.contact_id).update(changed_at=at)


def _announce(command: Command, line: Provider, at: datetime) -> None:
    """Let everybody in the room hear who joins, while that telephone is in it."""
    leg = Leg.objects.get(pk=command.leg_id)
    if leg.left_at is None and leg.status not in callstate.CALL_FINAL:
        line.announce(
            leg.room_sid, f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/announce/?t={leg.token}{twiml.VOICE_FRAGMENT}"
        )


def _room_end(command: Command, line: Provider, at: datetime) -> None:
    leg = command.leg
    line.set_room_end(leg.room_sid, leg.call_sid, ends=command.arguments["ends"])


def _coach(command: Command, line: Provider, at: datetime) -> None:
    """Let a supervisor be heard by all, or by the operator alone: by her who has the call now, not when it was ordered."""
    leg = command.leg
    coached = coached_call(leg.contact_id) if command.arguments["coached"] else ""
    line.set_coach(leg.room_sid, leg.call_sid, coached=coached)


def _hang_up(command: Command, line: Provider, at: datetime) -> None:
    if "call_back" in command.arguments:
        back_orders.hang_up(command, line, at)
        return
    if "check" in command.arguments:
        check = PhoneCheck.objects.get(pk=command.arguments["check"])
        if check.call_sid and check.status not in callstate.CALL_FINAL:
            line.hang_up(check.call_sid)
        return
    if "second_call" in command.arguments:
        second_orders.hang_up(command, line, at)
        return
    second_calls.hang_up_others(command.leg, at)
    if command.leg.call_sid and command.leg.status not in callstate.CALL_FINAL:
        line.hang_up(command.leg.call_sid)


def _fetch_call(command: Command, line: Provider, at: datetime) -> None:
    if is_mark(command.leg.call_sid):
        return
    facts = line.call(command.leg.call_sid)
    Leg.objects.filter(pk=command.leg_id).update(fetched_status=facts.status)


def _fetch_message(command: Command, line: Provider, at: datetime) -> None:
    if "notice" in command.arguments:
        fetching.fetch_notice(command, line, at)
        return
    message = Message.objects.get(pk=command.arguments["message"])
    facts = line.message(message.sid)
    settle_text(message.pk, status=facts.status, code=facts.error_code, at=at)


def _delete_recording(command: Command, line: Provider, at: datetime) -> None:
    recording = Recording.objects.select_related("contact").get(pk=command.arguments["recording"])
    if recording.fetched_at is None and recording.lost_at is None and not recording.contact.erased_at:
        raise ProviderRefused("no_copy")
    line.delete_recording(recording.sid)
    receipt = f"{accounts.index_of(recording.sid, 'receipt')[:32]} {at:%Y-%m-%dT%H:%MZ}"
    with transaction.atomic():
        contact = locked_contact(recording.contact_id)
        Recording.objects.filter(pk=recording.pk).update(deleted_at=at, receipt=receipt)
        add_events(contact, [("message_deleted", {})], by="worker", at=at)


def _delete_message(command: Command, line: Provider, at: datetime) -> None:
    if "sid" in command.arguments:  # a text that belongs to no contact: to an agency, or to a learner
        line.delete_message(command.arguments["sid"])
        return
    message = Message.objects.get(pk=command.arguments["message"])
    line.delete_message(message.sid)
    Message.objects.filter(pk=message.pk).update(redacted_at=at)


def _delete_call(command: Command, line: Provider, at: datetime) -> None:
    """Delete the provider's record of a call; of an erased contact our SID goes with it."""
    if "call_back" in command.arguments:
        back_orders.delete_record(command, line, at)
        return
    if "self_call" in command.arguments:
        self_calls.delete_records(command, line)
        return
    if "check" in command.arguments:
        if sid := PhoneCheck.objects.get(pk=command.arguments["check"]).call_sid:
            line.delete_call(sid)
        return
    if "second_call" in command.arguments:
        second_orders.delete_record(command, line)
        return
    sid = Leg.objects.get(pk=command.leg_id).call_sid
    if not sid or is_mark(sid):
        return
    line.delete_call(sid)
    receipt = f"{accounts.index_of(sid, 'receipt')[:32]} {at:%Y-%m-%dT%H:%MZ}"
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=command.leg.contact_id)
        Leg.objects.filter(pk=command.leg_id).update(log_deleted_at=at, log_receipt=receipt)
        add_events(contact, [("call_log_deleted", {})], by="worker", at=at)
        if contact.erased_at:
            forget_sids(contact)


ACTS = {
    CommandKind.DIAL: ringing.dial,
    CommandKind.DIAL_THIRD: ringing.dial_third,
    CommandKind.ANNOUNCE: _announce,
    CommandKind.CALL_BACK: back_orders.ring,
    CommandKind.COVER: back_orders.cover,
    CommandKind.COACH: _coach,
    CommandKind.ROOM_END: _room_end,
    CommandKind.VERIFY: ringing.verify,
    CommandKind.SELF_CALL: self_calls.dial,
    CommandKind.REDIRECT: _redirect,
    CommandKind.HOLD: _hold,
    CommandKind.UNHOLD: _hold,
    CommandKind.MUTE: _mute,
    CommandKind.UNMUTE: _mute,
    CommandKind.HANG_UP: _hang_up,
    CommandKind.FETCH_CALL: _fetch_call,
    CommandKind.FETCH_MESSAGE: _fetch_message,
    CommandKind.FETCH_RECORDING: fetching.fetch_recording,
    CommandKind.FETCH_ATTACHMENT: attachments.fetch_attachment,
    CommandKind.DELETE_ATTACHMENT: attachments.delete_attachment,
    CommandKind.DELETE_RECORDING: _delete_recording,
    CommandKind.DELETE_MESSAGE: _delete_message,
    CommandKind.DELETE_CALL: _delete_call,
}
