"""One text to a person of the programme, for another room: it says nothing of anybody, and whoever said STOP gets none."""

from datetime import datetime

from django.conf import settings

from hotline.actions.arrivals import current_index
from hotline.actions.circuit import provider
from hotline.actions.delivery import COPY_KEPT_UNHEARD, handed_since
from hotline.actions.notices import line_of
from hotline.actions.orders import order
from hotline.callers import Caller
from hotline.choices import CommandKind
from hotline.queries.stopping import is_opposed
from hotline.telephony import twiml
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider

SENT, LATER, NEVER = "sent", "later", "never"


def send_plain_text(*, country: str, number: str, body: str, at: datetime, first_at: datetime, is_again: bool) -> str:
    """Send a text from the line of a country; return "sent", "later" where the carrier is away, or "never".

    `is_again`: an earlier try, since `first_at`, may have gone through unheard; then the carrier's list is asked first.
    The carrier's copy is deleted within the day.
    """
    line = line_of(country)
    index = current_index(Caller("phone", number))
    if line is None or is_opposed(line.id, index):
        return NEVER
    try:
        sid = _sent_before(line.account, number, body, first_at) if is_again else ""
        if not sid:
            status = f"{settings.PUBLIC_URL}/hotline/twilio/message-status/{twiml.STATUS_FRAGMENT}"
            sender = line.sender or line.number
            sid = provider(line.account).send_message(to=number, from_=sender, body=body, status_url=status)
    except ProviderDown:
        return LATER
    except (ProviderRefused, NoSuchProvider):
        return NEVER
    delay = COPY_KEPT_UNHEARD.total_seconds()
    order(CommandKind.DELETE_MESSAGE, key=f"plain:{sid}", at=at, delay=delay, account=line.account, sid=sid)
    return SENT


def _sent_before(account: str, number: str, body: str, since: datetime) -> str:
    handed = handed_since(provider(account), since)
    return next((one.sid for one in handed if one.to == number and one.body == body), "")
