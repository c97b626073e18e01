"""What a room tells: that it began or ended, and who came, left, was held or may leave. In any order, any number of times."""

from hotline import callstate
from hotline.actions import called_back, handing_over, hands, taking_over, thirds
from hotline.actions.inbox import Hook
from hotline.actions.reported import keep, leg_of, report_key, said_at
from hotline.actions.second_calls import in_room
from hotline.actions.states import settle
from hotline.actions.timeline import add_events
from hotline.choices import LegRole
from hotline.models import Contact, Leg, Room
from hotline.stays import room_of

THIRD_EVENTS = {"participant-join": "third_joined", "participant-leave": "third_left"}
MAY_LEAVE_HER = frozenset({"participant-leave", "participant-modify"})  # that the room may go on is told late, too
# After these a caller may be with nobody who could help, or on hold with nobody who could take her back.
UNSETTLING = frozenset({(LegRole.OPERATOR, "participant-leave"), (LegRole.CALLER, "participant-hold")})
BACK = frozenset({"participant-unhold", "participant-join"})  # from hold, or from a question by keys


def receive_room(*, hook: Hook) -> None:
    """Keep what a room tells and apply it to its contact and to who is meant; a call back's room is its own."""
    contact = _contact_of_room(hook)
    leg = _leg_in_room(hook, contact)
    event = hook.value("StatusCallbackEvent", 30)
    name = _room_name(hook) if contact is None else ""
    if name and called_back.receive_room(hook=hook, room=name):
        return
    contact = contact or (leg.contact if leg else None)
    key = report_key(hook, f"{hook.value('ConferenceSid', 34)}:{event}", contact)
    if not keep(hook, key, leg, contact) or contact is None:
        return
    _note_room(hook, contact, event)
    if leg is not None:
        _note_participant(hook, leg, event)
    if leg is not None and leg.role == LegRole.OPERATOR and event in MAY_LEAVE_HER:
        taking_over.promote_if_left(contact, at=hook.at)
    settle(contact, at=hook.at)
    if leg is not None and leg.role in callstate.THIRD:
        thirds.follow(leg, at=hook.at)
    if leg is not None and (leg.role, event) in UNSETTLING:
        handing_over.settle_room(contact, at=hook.at)
    if leg is not None and leg.role == LegRole.CALLER and event in BACK:
        handing_over.leave_if_cold(contact, at=hook.at)
    hands.settle_hands(contact, at=hook.at)


def _room_name(hook: Hook) -> str:
    """Return the name of a room as ours are, 32 hexadecimal digits, or ""."""
    name = hook.value("FriendlyName", 40)
    return name if len(name) == 32 and all(sign in "0123456789abcdef" for sign in name) else ""


def _contact_of_room(hook: Hook) -> Contact | None:
    """Return the contact whose room this is; a room that another account names the same is none of ours."""
    if not (name := _room_name(hook)):
        return None
    rows = Contact.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(public_id=name, line__account=hook.account).first()


def _leg_in_room(hook: Hook, contact: Contact | None) -> Leg | None:
    """Return the leg that is meant; where its room tells the contact, that one is locked, and another's legs are not."""
    rows = Leg.objects.select_related("contact") if contact else None
    leg = leg_of(hook, rows) if hook.call_sid else None
    if leg is None and contact is not None and hook.value("ParticipantLabel"):
        leg = contact.legs.filter(label=hook.value("ParticipantLabel", 20), account=hook.account).first()
    is_there = leg is not None and (contact is None or leg.contact_id == contact.pk)
    return in_room(leg, hook) if is_there else None


def _note_room(hook: Hook, contact: Contact, event: str) -> None:
    room, _made = Room.objects.get_or_create(
        account=hook.account, sid=hook.value("ConferenceSid", 34), defaults={"contact": contact, "seen_at": hook.at}
    )
    said = said_at(hook)
    if event == "conference-start" and room.started_at is None:
        room.started_at = said
    if event == "conference-end" and room.ended_at is None:
        room.ended_at = said
    room.save(update_fields=["started_at", "ended_at"])


def _note_participant(hook: Hook, leg: Leg, event: str) -> None:
    said = said_at(hook)
    number, room = hook.value("SequenceNumber", 8), hook.value("ConferenceSid", 34)
    changes = callstate.room_report(leg, event, said=said, number=number, room=room)
    if changes and event != "participant-leave":
        changes["room_sid"] = room_of(str(changes["moves"]))
    if event in THIRD_EVENTS and leg.role in callstate.THIRD:
        add_events(leg.contact, [(THIRD_EVENTS[event], {"role": leg.role})], by="line", at=hook.at)
    mark = f"{callstate.mark_of(said, number)}|{room}"  # of two conferences within a second one counts in any order
    if event == "participant-modify" and leg.role == LegRole.OPERATOR:
        handing_over.note_room_end(leg, ends=hook.value("EndConferenceOnExit", 5) != "false", mark=mark, at=hook.at)
    if leg.call_sid and hook.token:
        changes["call_sid"] = leg.call_sid
    if changes:
        Leg.objects.filter(pk=leg.pk).update(**changes)
