"""A call that somebody has is written on by nobody else: asked under the lock of its row, by every act that writes."""

from datetime import datetime

from accounts.models import User
from hotline.models import Contact
from hotline.queries.in_hand import holder_of


class InHand(Exception):
    """Raised when a colleague has the call by now; `holder` is that person. Nothing was written: tell her what you know."""

    def __init__(self, holder: User):
        super().__init__(str(holder))
        self.holder = holder


def check_in_hand(contact: Contact, by: User, at: datetime) -> None:
    """Refuse to write on a call that somebody else has; its row is locked."""
    holder = holder_of(contact, by, at)
    if holder is not None:
        raise InHand(holder)
