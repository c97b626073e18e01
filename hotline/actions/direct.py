"""Telephones that a document rings by itself: the duty phone; and those on shift while nobody carries out orders.

The caller is in no room; `hotline.actions.screening` is what whoever picks up hears. Each is a leg of the contact from
the first ring on, known by the number in its address.
"""

from datetime import datetime

from hotline import callstate, ivr
from hotline.actions import ringing
from hotline.actions.inbox import Hook
from hotline.callers import call_mark
from hotline.choices import LegRole
from hotline.models import Contact, Leg, OperatorState
from hotline.models.rows import Writing
from hotline.queries.duty import OnDuty
from hotline.queries.lines import LineFacts
from hotline.telephony.base import ProviderRefused


def ring_duty(contact: Contact, turn: ivr.Turn, *, account: str, number: int, at: datetime, write: Writing) -> dict:
    """Return what the document of a turn, which has this `number`, needs to ask the duty phone for key 1; {} where it rings none."""
    if not any(isinstance(item, ivr.Dial) and item.nth is None and not item.number for item in turn.heard):
        return {}
    leg = Leg(contact=contact, role=LegRole.DUTY, account=account, label=f"{callstate.ASKED}{number}", made_at=at)
    write.insert(leg, once=("contact_id", "label"))
    return {"phone_token": leg.token}


def rung_duty(contact: Contact) -> dict:
    """Return the same for a document that rings the duty phone once more in the turn at which its contact stands."""
    rows = contact.legs.filter(role=LegRole.DUTY, label=f"{callstate.ASKED}{contact.turn}")
    token = rows.values_list("token", flat=True).first() if contact.step == "duty" else None
    return {"phone_token": token} if token else {}


def has_nobody_taken(hook: Hook, contact: Contact) -> bool:
    """Tell whether the telephone whose dial is over was picked up and nobody took the call there. One query, then only."""
    if contact.step != "duty" or hook.step not in ("duty", "left"):
        return False
    leg = contact.legs.filter(role=LegRole.DUTY, label=f"{callstate.ASKED}{contact.turn}").first()
    if leg is not None:
        return not callstate.took_call(leg)
    return callstate.is_short(hook.value("DialCallStatus", 20), hook.whole("DialCallDuration"))


def note_untaken(hook: Hook) -> None:
    """Note on the telephone whose dial is over that nobody took the call there; its own end may tell so too."""
    sids = [hook.value("DialCallSid", 34), call_mark(hook.value("DialCallSid", 34))]
    rows = Leg.objects.filter(account=hook.account, call_sid__in=sids, role=LegRole.DUTY, left_at=None)
    rows.update(left_at=hook.at)


def ring(
    contact: Contact, line: LineFacts | None, turn: ivr.Turn, changes: dict, *, at: datetime
) -> dict[str, object]:
    """Return what a document needs to ring the telephone that a turn asks for: nothing where it asks for none.

    The telephone becomes a leg of the contact. A number that cannot be opened is passed by: the flow goes on to the next.
    """
    nth = next((item.nth for item in turn.heard if isinstance(item, ivr.Dial)), None)
    if line is None or nth is None:
        return {}
    people = OnDuty(line, at, contact).telephones(contact.language or line.first_language)
    state = OperatorState.objects.select_related("user").filter(user_id__in=people[nth : nth + 1]).first()
    try:
        number = ringing.own_number(state, at, by="line") if state else ""
    except ProviderRefused:
        number = ""
    if not number:
        return {}
    count = contact.operator_count + 1
    changes["operator_count"] = count
    leg = Leg.objects.create(
        contact=contact, role=LegRole.OPERATOR, user=state.user, account=line.account, label=f"op-{count}", made_at=at
    )
    return {"phone": number, "phone_token": leg.token}
