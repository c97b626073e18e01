"""Rows that a contact's own data key seals: they can be opened no longer once the contact is erased."""


class SealedWithContact:
    """A row of a contact, sealed by the contact's data key."""

    @property
    def seal_owner(self):
        """Return whose data key seals this row: the contact's."""
        return self.contact.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.contact.seal_scope
