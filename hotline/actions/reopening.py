"""What makes a follow-up open anew, whoever or whatever opens it."""

from datetime import datetime

from hotline.callstate import follow_up_by
from hotline.choices import ContactKind, State
from hotline.models import Contact
from hotline.queries.needs import is_pressing


def opened(contact: Contact, at: datetime) -> dict[str, object]:
    """Return the values of a contact whose follow-up opens now: due as of a new one, a conversation by text not done."""
    due = {"due_at": follow_up_by(at, is_pressing=is_pressing(contact))}
    state = {"state": State.ENDED} if contact.kind == ContactKind.MESSAGE else {}
    return {"is_missed": True, "closed_at": None, "closing": ""} | due | state
