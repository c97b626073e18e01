"""Rows that a case's own data key seals: they can be opened no longer once the case is erased."""

import uuid


class SealedWithCase:
    """A row of a case, sealed by the case's data key."""

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals this row: the case's."""
        return self.case.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.case.country_id
