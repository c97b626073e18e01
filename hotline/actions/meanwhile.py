"""What is told when two people change the same thing: nothing is written over unseen."""

from hotline.models import Contact


class SavedMeanwhile(Exception):
    """Raised when somebody saved another value since the page was opened; look at it, then choose again.

    `by` is the public id of who saved it; `theirs` and `mine` are the two values in words.
    """

    def __init__(self, *, by: str, theirs: object, mine: object):
        super().__init__(f"{by} saved another value meanwhile.")
        self.by, self.theirs, self.mine = by, theirs, mine


def last_by(contact: Contact, kind: str) -> str:
    """Return who last left a line of this kind in the timeline of a contact; "" when nobody did."""
    return contact.events.filter(kind=kind).order_by("-at", "-id").values_list("by", flat=True).first() or ""
