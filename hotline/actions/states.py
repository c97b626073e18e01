"""What a contact's state becomes when its call flow moved or its legs reported, and what each new state brings."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hotline import callstate, ivr
from hotline.actions.hastening import sooner
from hotline.actions.orders import order
from hotline.actions.timeline import add_events
from hotline.choices import (
    CALL_PROMISED,
    CUT_IN_DANGER,
    HANDED_ON,
    LOST_SOUND,
    LOST_TEXT,
    SHIELDED,
    TALK_STATES,
    THIRD_RINGS,
    CommandKind,
    LegRole,
    Presence,
    ThirdState,
)
from hotline.models import Contact, Leg, OperatorState, ThirdCall
from hotline.queries.exposure import owes_break
from hotline.queries.legs import is_told
from hotline.queries.needs import is_pressing
from hotline.stays import is_apart

PRIORITY, PRIORITY_RETURNED = Contact._meta.get_field("priority").default, 2
MOMENTS = timedelta(seconds=60)  # for so long somebody who was freed may be given the sheet of the call that freed her
CHOSEN = frozenset({"voicemail", "callback", "no_number", "silent"})
STAYS_OPEN = frozenset(
    {LOST_TEXT, LOST_SOUND, CUT_IN_DANGER, CALL_PROMISED, HANDED_ON}
)  # the marks of a follow-up that no report of the network closes
# In these an operator who took the call may still come into it; in any other the caller has left the queue.
MAY_COME = TALK_STATES | {"waiting", "offered", "returned", "wrap_up", "done"}
Events = list[tuple[str, dict]]


def facts_of(legs: Sequence[Leg]) -> list[callstate.LegFacts]:
    """Return what is known of each leg, as the lattice takes it."""
    caller = next((leg for leg in legs if leg.role == LegRole.CALLER), None)
    is_known = is_told(caller)
    return [
        callstate.LegFacts(
            leg.role, leg.status, leg.joined_at is not None, leg.left_at is not None, leg.is_held,
            apart=is_known and leg.role == LegRole.OPERATOR and is_apart(leg.moves, caller.moves),
        )
        for leg in legs
    ]  # fmt: skip


def who_met(legs: Sequence[Leg]) -> list[Leg]:
    """Return the operators' telephones that have been in the room with the caller's."""
    return [leg for leg, facts in zip(legs, facts_of(legs), strict=True) if callstate.has_met(facts)]


def flow_state(contact: Contact) -> str:
    """Return the state that the call flow alone would give.

    Who waited and chooses another language waits on, as she does at the choices that led her there.
    """
    if contact.state == "done":
        return "done"
    if contact.step == "greeting" and contact.queued_at is not None:
        return "choices"
    if contact.claimed_by_id and contact.claimed_until is not None and contact.step in ("waiting", "asked"):
        return "offered"
    return ivr.state_of(contact.step, contact.question)


def move(contact: Contact, legs: Sequence[Leg], *, at: datetime) -> tuple[dict[str, object], Events]:
    """Set a contact's state from its step and its legs; return the changed columns and the lines for its timeline."""
    before, flow = contact.state, flow_state(contact)
    if flow == "offered" and _came_and_went(contact, legs):
        flow = ivr.state_of(contact.step, contact.question)
    after = callstate.settle(flow, facts_of(legs), end_asked=contact.end_asked_at is not None)
    changes: dict[str, object] = {}
    events: Events = []
    if after != before:
        changes |= {"state": after, "changed_at": at}
        _follow(contact, before, after, legs, changes, events, at)
    caller = next((leg for leg in legs if leg.role == "caller"), None)
    is_open = after != "done" or contact.ended_at is None
    if caller is not None and caller.status in callstate.CALL_FINAL and is_open:
        _end(contact, legs, caller, changes, events, at)
    for name, value in changes.items():
        setattr(contact, name, value)
    if after in ("wrap_up", "done"):
        free_named(contact, legs, at=at)
    return changes, events


def _came_and_went(contact: Contact, legs: Sequence[Leg]) -> bool:
    """Tell whether whom a call is offered to has been in its room and is gone, though that was told before she came."""
    hers = [leg for leg in legs if leg.role == LegRole.OPERATOR and leg.user_id == contact.claimed_by_id]
    newest = max(hers, key=lambda leg: leg.pk, default=None)
    return newest is not None and newest.joined_at is not None and not _is_talking(newest)


def settle(contact: Contact, *, at: datetime) -> None:
    """Let a contact's stored state follow what its legs reported."""
    changes, events = move(contact, list(Leg.objects.filter(contact_id=contact.pk)), at=at)
    if changes:
        Contact.objects.filter(pk=contact.pk).update(**changes)
    add_events(contact, events, by="line", at=at)


def _follow(contact: Contact, before: str, after: str, legs: Sequence[Leg], changes: dict, events: Events, at) -> None:
    if after in TALK_STATES and before not in TALK_STATES:
        leg = next(leg for leg in legs if leg.role == "operator" and _is_talking(leg))
        changes |= {"connected_at": contact.connected_at or leg.joined_at, "claimed_until": None}
        events.append(("connected", {"label": leg.label}))
        OperatorState.objects.filter(user_id=leg.user_id).update(state=Presence.ON_CALL, contact=contact, since=at)
    elif after == "held":
        events.append(("held", {}))
    elif before == "held" and after in TALK_STATES:
        events.append(("unheld", {}))
    elif after == "returned":
        priority = min(contact.priority, PRIORITY_RETURNED)
        changes |= {"priority": priority, "claimed_by_id": None, "claimed_until": None, "waits_since": at}
        events.append(("returned", {}))
        _free_operator(contact, at)
        _stop_ringing(contact, legs, at)
    elif after == "waiting" and before in TALK_STATES | {"returned", "offered"}:  # she was gone before the caller came
        changes |= {"claimed_by_id": None, "claimed_until": None, "connected_at": None} | _usual_place(contact)
        _free_operator(contact, at)
        _stop_ringing(contact, legs, at)
    elif after not in MAY_COME and contact.claimed_until is not None:
        changes |= {"claimed_by_id": None, "claimed_until": None}
        hang_up_coming(legs, at)
        _free_operator(contact, at)
    elif after == "wrap_up":
        _wrap_up(contact, at)


def _wrap_up(contact: Contact, at: datetime) -> None:
    """Let its operator write the sheet of a call that is over; whom it names is set free by `free_named`."""
    OperatorState.objects.filter(contact_id=contact.pk).update(state=Presence.WRAP_UP, since=at)


def free_named(contact: Contact, legs: Sequence[Leg], *, at: datetime) -> None:
    """Set free whom a call that is over names, once her own telephone is out of its room: the sheet is the others'.

    Who is still in the room takes no other call from there; the order to hang her up stands (`_close_room`).
    """
    if SHIELDED not in contact.flag_codes:
        return
    rows = OperatorState.objects.filter(contact_id=contact.pk, state=Presence.WRAP_UP)
    talking = {leg.user_id for leg in legs if leg.role == LegRole.OPERATOR and _is_talking(leg)}
    if named := contact.named_among(set(rows.values_list("user_id", flat=True)) - talking):
        let_go(rows.filter(user_id__in=named), at)


def let_go(rows: QuerySet[OperatorState], at: datetime) -> None:
    """Take the contact out of the hands of some operators: each is ready, or has the break that she is owed."""
    for one in rows.select_related("user"):
        after = Presence.DEBRIEF if owes_break(one.user, at) else Presence.READY
        rows.filter(pk=one.pk).update(state=after, contact=None, since=at)


def hang_up_coming(legs: Iterable[Leg], at: datetime) -> None:
    """Hang up the telephones of operators that are not in the room, for nobody waits for them there any more."""
    for leg in legs:
        if leg.role == LegRole.OPERATOR and leg.joined_at is None and leg.status not in callstate.CALL_FINAL:
            order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)


def _is_talking(leg: Leg) -> bool:
    return bool(leg.joined_at) and not leg.left_at and leg.status not in callstate.CALL_FINAL


def _free_operator(contact: Contact, at: datetime) -> None:
    states = OperatorState.objects.filter(contact_id=contact.pk, state__in=[Presence.OFFERED, Presence.ON_CALL])
    states.update(state=Presence.READY, contact=None, since=at)


def outcome_now(contact: Contact, legs: Sequence[Leg]) -> str:
    """Return how a call ended, from what its legs reported and what the caller chose; the same in any order.

    No outcome that was computed before is read: what was known then may have been half of it.
    """
    return callstate.outcome_of(
        contact.step, contact.question,
        "by_phone" if _is_by_phone(contact, legs) else contact.chosen if contact.chosen in CHOSEN else "",
        has_waited=contact.queued_at is not None,
        was_answered=bool(who_met(legs)),
    )  # fmt: skip


def _is_by_phone(contact: Contact, legs: Sequence[Leg]) -> bool:
    """Tell whether a person took the call on a telephone that a document rang: by what those reported.

    What the end of the dial said counts where none of them says that nobody took it.
    """
    rung = [leg for leg in legs if leg.role == LegRole.DUTY]
    if any(callstate.took_call(leg) for leg in rung):
        return True
    return contact.chosen == "by_phone" and all(leg.left_at is None for leg in rung)


def _stop_ringing(contact: Contact, legs: Sequence[Leg], at: datetime) -> None:
    """Ring no third person any more: the call is over, or has no operator."""
    coming = [leg for leg in legs if leg.role in callstate.THIRD and not leg.joined_at]
    for leg in coming:
        if leg.status not in callstate.CALL_FINAL:
            order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)
    rings = ThirdCall.objects.filter(contact_id=contact.pk, state__in=[ThirdState.ASKED, *THIRD_RINGS])
    for person, before in rings.exclude(before="").values_list("person_id", "before"):
        busy = OperatorState.objects.filter(user_id=person, state=Presence.ON_CALL, contact=None)
        busy.update(state=before, since=at)
    rings.update(state=ThirdState.STOPPED, ended_at=at)


def _close_room(legs: Sequence[Leg], at: datetime) -> None:
    """Hang up who is in the room when the caller has left: at once, or in two minutes where a third person is there.

    The third person's telephone too: after a hand-over the room does not end with the operator's.
    """
    facts = facts_of(legs)
    has_operator = any(one.is_in_room for one in facts if one.role == LegRole.OPERATOR)
    goes_on = has_operator and callstate.is_anybody_left(facts)
    for leg in legs:
        is_left = leg.role in callstate.THIRD and leg.joined_at
        if (leg.role == LegRole.OPERATOR or is_left) and leg.status not in callstate.CALL_FINAL:
            key = f"close_room:{leg.pk}" if goes_on else f"hang_up:{leg.pk}"
            order(CommandKind.HANG_UP, leg=leg, key=key, at=at, delay=callstate.GOES_ON if goes_on else 0)


def close_room_now(contact: Contact, at: datetime) -> None:
    """Hang up the telephones in a room that went on without the caller."""
    there = Q(role=LegRole.OPERATOR) | Q(role__in=callstate.THIRD, joined_at__isnull=False, left_at=None)
    for leg in contact.legs.filter(there).exclude(status__in=callstate.CALL_FINAL):
        order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)


def _end(contact: Contact, legs: Sequence[Leg], caller: Leg, changes: dict, events: Events, at) -> None:
    """Note how the call ended; said again when a late report changes it."""
    if contact.step == ivr.READ_BACK:  # a number that nobody said is right
        changes["callback_number"] = None
    is_first = contact.ended_at is None
    outcome, met = outcome_now(contact, legs), who_met(legs)
    reached = min((leg.joined_at for leg in met), default=None)
    if reached != contact.connected_at:
        changes |= {"connected_at": reached, "changed_at": at}
    if not is_first and outcome == contact.outcome:
        return
    stays = (
        callstate.is_missed(outcome)
        or _is_unread(contact, outcome)
        or not STAYS_OPEN.isdisjoint(contact.flags.split())
    )
    missed = stays and not contact.is_rehearsed
    due = sooner(contact, callstate.follow_up_by(at, is_pressing=is_pressing(contact))) if missed else None
    changes |= {
        "ended_at": contact.ended_at or caller.ended_at or at, "outcome": outcome, "is_missed": missed, "due_at": due,
        "claimed_until": None, "changed_at": at,
    }  # fmt: skip
    events.append(("hung_up", {"outcome": outcome}))
    _stop_ringing(contact, legs, at)
    _close_room(legs, at)
    if met:
        give_sheet(contact, legs, changes, at)
    else:
        _take_sheet(contact, changes, at)


def _is_unread(contact: Contact, outcome: str) -> bool:
    """Tell whether it was promised that a person reads what was said by key, and the duty phone alone took the call."""
    return outcome == "by_phone" and contact.cannot_speak


def _usual_place(contact: Contact) -> dict[str, object]:
    """Return the priority of a caller who was not cut off after all, where it was raised for that."""
    return {"priority": PRIORITY} if contact.priority == PRIORITY_RETURNED else {}


def _take_sheet(contact: Contact, changes: dict, at: datetime) -> None:
    """Leave a call that nobody answered to nobody, also where it was thought that somebody had."""
    changes |= {"claimed_by_id": None} | _usual_place(contact)
    OperatorState.objects.filter(contact_id=contact.pk).update(state=Presence.READY, contact=None, since=at)


def give_sheet(contact: Contact, legs: Sequence[Leg], changes: dict, at: datetime) -> None:
    """Leave the sheet of a call that is over to whoever has it; where nobody has, to her who talked last.

    Nobody has it where her telephone's end was told before the caller's: the caller then counted as cut off, and she as
    free. The priority of a caller who was cut off stays only where somebody else came, or was to come, for her.
    Who is busy or away by now has the sheet among the unfinished, under her name.
    """
    _wrap_up(contact, at)
    if contact.claimed_by is not None and contact.hides_from(contact.claimed_by):
        changes["claimed_by_id"] = None  # as where her end was told first: the sheet is the others'
    talks = who_met(legs)
    last = max(talks, key=lambda leg: (leg.joined_at, leg.pk))
    came = sum(
        leg.label.startswith("op-") for leg in talks
    )  # a colleague to whom it was handed came as a third person
    if came > 1 or contact.claimed_by_id not in (None, last.user_id):
        changes["priority"] = min(contact.priority, PRIORITY_RETURNED)
    elif contact.priority == PRIORITY_RETURNED:
        changes["priority"] = PRIORITY
    if contact.claimed_by_id is not None or changes.get("state", contact.state) != "wrap_up":
        return
    if last.user is None or contact.hides_from(last.user):
        return
    changes["claimed_by_id"] = last.user_id
    free = OperatorState.objects.filter(user_id=last.user_id, state=Presence.READY, contact=None)
    free.filter(since__gte=at - MOMENTS).update(state=Presence.WRAP_UP, contact=contact, since=at)
