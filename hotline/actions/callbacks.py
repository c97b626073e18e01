"""Status callbacks of calls, rooms, recordings and messages. They may come in any order and any number of times."""

from datetime import datetime

from django.db import transaction

from hotline import callstate
from hotline.actions import arrivals, called_back, checks, handing_over, hands, inbox, self_calls, taking_over, thirds
from hotline.actions.delivery import settle_text
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.recorded import receive_recording
from hotline.actions.reported import keep, leg_of, report_key
from hotline.actions.room_reports import receive_room
from hotline.actions.second_calls import UNHEARD, goes_on, has_leg, may_ring_unheard
from hotline.actions.states import settle
from hotline.actions.timeline import add_events, with_flags
from hotline.callers import call_mark, caller_from, is_mark
from hotline.choices import CallerClass, CommandKind, LegRole
from hotline.models import Contact, Leg, Message
from hotline.queries.legs import legs_under_contact

UNREACHED = frozenset({"busy", "no-answer", "failed"})


@transaction.atomic
def receive_status(*, hook: Hook) -> None:
    """Keep a status callback and apply it: of a call, a conference or a recording."""
    if checks.is_of_check(hook):
        checks.receive_check_status(hook=hook)
    elif called_back.is_of_call_back(hook):
        called_back.receive_call_back_status(hook=hook)
    elif hook.value("ConferenceSid"):
        receive_room(hook=hook)
    elif hook.value("RecordingSid"):
        receive_recording(hook=hook)
    elif not self_calls.note_self_status(hook=hook):
        _receive_call_status(hook)


def _child_of(hook: Hook) -> Leg | None:
    """Return the leg of a call that one of our documents dialled: a new one, or that of a duty phone which has no call yet.

    Its contact is locked: of one that is being erased the number is not kept, and the record of this call goes too.
    """
    sid = hook.value("ParentCallSid", 34)
    parent = legs_under_contact().filter(account=hook.account, call_sid__in=[sid, call_mark(sid)]).first()
    if parent is None:
        return None
    rows = Leg.objects.filter(contact_id=parent.contact_id, role=LegRole.DUTY)
    if waits := rows.filter(label__startswith=callstate.ASKED, call_sid=None).order_by("-pk").first():
        waits.contact, waits.call_sid = parent.contact, hook.call_sid
        return waits
    kind = callstate.ELSEWHERE if _is_forwarded(parent.contact) else "duty-"
    return arrivals.new_leg(hook, parent.contact, status="", role=LegRole.DUTY, label=f"{kind}{rows.count() + 1}")


def _is_forwarded(contact: Contact) -> bool:
    """Tell whether what a document of the line dialled last for a contact is the number that the line is forwarded to."""
    rung = contact.events.filter(kind__in=("forwarded", "duty_dialled", "trouble")).order_by("-at", "-pk")
    return rung.values_list("kind", flat=True).first() == "forwarded"


def _receive_call_status(hook: Hook) -> None:
    leg = leg_of(hook)
    if leg is None and not hook.call_sid:
        arrivals.keep_unplaced(hook=hook)
        return
    if leg is None and hook.value("ParentCallSid"):
        leg = _child_of(hook)
    if leg is None and caller_from(hook.value("From")).kind == CallerClass.CLIENT:
        keep(hook, report_key(hook, f"{hook.call_mark}:{hook.value('CallStatus', 20)}", None), None, None)
        called_back.note_browser_status(hook=hook)
        return  # a browser of the staff that calls somebody back, was only tried, or sent away: no contact
    facts = {"from_": hook.value("From"), "to": hook.value("To"), "sid": hook.call_sid}
    if leg is None and self_calls.is_lost_end(account=hook.account, at=hook.at, **facts):
        self_calls.note_self_status(hook=hook)
        return
    if leg is None:
        leg = arrivals.stub(hook)
        add_events(leg.contact, [("stub_made", {})], by="line", at=hook.at)
    status = callstate.call_status(hook.value("CallStatus", 20))
    call = hook.call_mark if hook.call_sid else f"leg-{leg.pk}"
    if not keep(hook, report_key(hook, f"{call}:{status}", leg.contact), leg, leg.contact):
        return
    if leg.role == LegRole.DUTY and callstate.is_short(status, hook.whole("CallDuration")):
        Leg.objects.filter(pk=leg.pk, left_at=None).update(left_at=hook.at)
    if has_leg(leg, hook.call_sid, status, at=hook.at):
        raise_status(leg, status, at=hook.at)


def raise_status(leg: Leg, status: str, *, at: datetime) -> None:
    """Raise a leg's status along the lattice and let the contact follow."""
    status = goes_on(leg, status, at=at)
    seen = with_flags(leg.seen_statuses, status)[:120]
    greatest = callstate.greater(callstate.CALL_ORDER, leg.status, status)
    changes: dict[str, object] = {"seen_statuses": seen, "status": greatest, "call_sid": leg.call_sid}
    if greatest in callstate.CALL_FINAL and leg.ended_at is None:
        changes["ended_at"] = at
    Leg.objects.filter(pk=leg.pk).update(**changes)
    if callstate.is_conflict(callstate.CALL_ORDER, callstate.CALL_FINAL, seen.split()):
        _flag(leg.contact, "status_conflict")
        order(CommandKind.FETCH_CALL, leg=leg, key=f"conflict:{leg.pk}", at=at)
    if leg.contact.erased_at and leg.call_sid and not is_mark(leg.call_sid):
        order(CommandKind.DELETE_CALL, leg=leg, key=f"erase_call:{leg.pk}", at=at)
    if leg.role == LegRole.OPERATOR and greatest in callstate.CALL_FINAL:
        taking_over.promote_if_left(leg.contact, at=at)
    settle(leg.contact, at=at)
    is_missed = greatest in UNREACHED and leg.joined_at is None
    if leg.role in callstate.THIRD and not (is_missed and may_ring_unheard(leg)):
        thirds.follow(leg, at=at)
    if leg.role == "operator" and greatest in callstate.CALL_FINAL:
        handing_over.settle_room(leg.contact, at=at)
    if leg.role == "operator" and is_missed:
        _let_lapse(leg, at if not may_ring_unheard(leg) else at + UNHEARD)
    elif leg.role == "operator" and greatest in callstate.CALL_FINAL and leg.joined_at is None:
        _let_lapse(leg, at + UNHEARD)  # hung up on the way, unless that she came is told late
    hands.settle_hands(leg.contact, at=at)


def _let_lapse(leg: Leg, until: datetime) -> None:
    """End the lease of an operator who does not come by her telephone, then at the latest: the caller need not wait for it."""
    offered = Contact.objects.filter(pk=leg.contact_id, state="offered", claimed_by=leg.user_id)
    if not Leg.objects.filter(contact=leg.contact_id, role="operator", pk__gt=leg.pk).exists():
        offered.filter(claimed_until__gt=until).update(claimed_until=until)


def _flag(contact: Contact, flag: str) -> None:
    contact.flags = with_flags(contact.flags, flag)
    Contact.objects.filter(pk=contact.pk).update(flags=contact.flags)


@transaction.atomic
def receive_message_status(*, hook: Hook) -> None:
    """Keep a message's status callback and settle the text by it: raised, told when it did not arrive, its copy deleted.

    The contact is locked first: while it is being erased nothing of it is kept.
    """
    sid, status = hook.value("MessageSid", 34), hook.value("MessageStatus", 20).lower()
    error = hook.value("ErrorCode", 10)
    rows = Message.objects.select_for_update(of=("contact",), no_key=True).select_related("contact")
    message = rows.filter(account=hook.account, sid=sid).first()
    if message is None and hook.token:
        message = rows.filter(pk=int(hook.token), account=hook.account, sid__isnull=True).first()
    contact = message.contact if message else None
    key = f"{hook.account}:{sid}:{status}:{error}"
    if not sid:
        scope = (contact.country_id if contact else None) or "*"
        key = inbox.worded_key(
            hook, f"{hook.account}:{hook.token}", f":{status}:{error}", scope=scope, contact=contact
        )
    if not keep(hook, key, None, contact) or message is None:
        return
    settle_text(message.pk, status=status, code=error, sid=sid, at=hook.at)
    Contact.objects.filter(pk=message.contact_id).update(changed_at=hook.at)
