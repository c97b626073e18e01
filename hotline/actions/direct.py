"""Telephones that a document rings by itself, while nobody carries out orders: those on shift, one after the other.

The caller is in no room; `hotline.actions.screening` is what whoever picks up hears.
"""

from datetime import datetime

from hotline import ivr
from hotline.actions import ringing
from hotline.choices import LegRole
from hotline.models import Contact, Leg, OperatorState
from hotline.queries.duty import OnDuty
from hotline.queries.lines import LineFacts
from hotline.telephony.base import ProviderRefused


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
