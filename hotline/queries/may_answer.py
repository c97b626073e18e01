"""Whether a conversation by text is open to somebody to be answered, as a page asks it and as the act asks again."""

from datetime import datetime

from accounts.models import User
from hotline.models import Contact
from hotline.queries.answering import has_unread
from hotline.queries.safety import text_bar
from hotline.rules import is_readable, waits_for_answer


def is_open_to(user: User, contact: Contact, at: datetime) -> bool:
    """Tell whether this person of the desk may open a conversation to answer it: who may read it; anybody while something waits.

    In one that she may not read and where no text may go, only what is unread waits for her.
    """
    if is_readable(user, contact):
        return True
    return waits_for_answer(contact) and (not text_bar(contact, at) or has_unread(contact))
