"""What somebody has is written on by nobody else: asked under the lock of its row, by every act that writes."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hotline.actions.answering import ANSWERING
from hotline.actions.own_rows import locked_for
from hotline.choices import OFFLINE, State
from hotline.models import Contact
from hotline.queries.answering import keeper_of
from hotline.queries.in_hand import holder_of
from hotline.rules import is_talking


class InHand(Exception):
    """Raised when a colleague has the call, or writes the sheet, by now; `holder` is that person.

    Nothing was written: tell her what you know.
    """

    def __init__(self, holder: User, contact: Contact):
        super().__init__(str(holder))
        self.holder, self.contact = holder, contact


def check_in_hand(contact: Contact, by: User, at: datetime) -> None:
    """Refuse to write on what somebody else has; its row is locked.

    The sheet of what no telephone brought is hers who writes on it, from then on; of a case, where she owns it or has the sheet.
    """
    holder = holder_of(contact, by, at)
    if holder is not None:
        raise InHand(holder, contact)
    _keep(contact, by, at)


def _may_keep(contact: Contact, by: User) -> bool:
    """Tell whether a sheet becomes hers who writes on it: who has it may read it, so of a case it is its owner's, or stays hers.

    Whoever reads a case for an hour, with a reason, writes on its sheet and has nothing of it afterwards.
    """
    return contact.case_id is None or contact.case.owner_id == by.pk or is_talking(by, contact)


@transaction.atomic
def open_sheet(*, contact: Contact, by: User, at: datetime) -> Contact:
    """Let the sheet of a visit, letter or report be hers who opens it, where nobody has it; return the contact as it is then."""
    row = locked_for(contact, by)
    if holder_of(row, by, at) is None:
        _keep(row, by, at)
    return row


def _keep(contact: Contact, by: User, at: datetime) -> None:
    if contact.kind not in OFFLINE or contact.state != State.WRAP_UP or not _may_keep(contact, by):
        return
    if keeper_of(contact, at) != by:
        contact.changed_at = at  # the consoles show who has it
    contact.claimed_by, contact.claimed_until = by, at + ANSWERING
    contact.save(update_fields=["claimed_by", "claimed_until", "changed_at"])
