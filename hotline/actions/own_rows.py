"""The one way of an act by a person to a contact: its row, locked, and judged again under the lock.

A page finds a contact that its reader may see; it may be hidden from her before her act begins. Hiding holds the same lock,
so what is asked here stays true until the act is done.
"""

from accounts.models import User
from hotline.models import Contact


class NamesHer(Exception):
    """Raised when a contact was hidden from who acts in it while she did; say nothing of it, not even that it is there."""

    def __init__(self, contact: Contact):
        super().__init__(contact.code)
        self.contact = contact


def check_hers(contact: Contact, by) -> None:
    """Raise NamesHer where a contact, which is locked, is hidden from this person at this moment; from no worker it is."""
    if isinstance(by, User) and contact.hides_from(by):
        raise NamesHer(contact)


def locked_for(contact: Contact, by) -> Contact:
    """Return a contact, locked until the transaction ends, in which somebody acts; NamesHer where it is hidden from her now."""
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("country")
    row = rows.get(pk=contact.pk)
    check_hers(row, by)
    return row
