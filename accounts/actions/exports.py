"""Lists of people that leave the house as files: recorded with every id in them, and not more often than anybody needs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.actions.audit import record
from accounts.actions.limits import count_attempt, opens_again
from accounts.models import AuditEntry, User

DAY = 86_400
EXPORTS_A_DAY = 5
IDS_AN_ENTRY = 500
ROW_LIMIT = 10_000  # what a spreadsheet opens well; more is refused, never cut


class TooManyExports(Exception):
    """Raised when somebody took out more lists in 24 hours than anybody needs; `opens_at` says when the next may be."""

    def __init__(self, opens_at: datetime):
        super().__init__()
        self.opens_at = opens_at


class TooManyRows(Exception):
    """Raised when a list is longer than a file holds; `rows` says how long. Choose fewer."""

    def __init__(self, rows: int):
        super().__init__()
        self.rows = rows


def refuse_long(rows: int) -> None:
    """Raise `TooManyRows` where a list is longer than a file holds; asked with a count, before a row of it is read."""
    if rows > ROW_LIMIT:
        raise TooManyRows(rows)


@transaction.atomic
def export_list(*, verb: str, ids: Sequence[str], by: User, at: datetime, reason: str) -> AuditEntry:
    """Record that a list was exported: of whom or what, and why; return the first entry."""
    refuse_long(len(ids))
    use = {"key": f"lists:{by.pk}", "seconds": DAY, "at": at}
    if not count_attempt(limit=EXPORTS_A_DAY, **use):
        raise TooManyExports(opens_again(**use))
    facts = {"reason": reason, "count": len(ids)}
    entries = [
        record(
            by=by, verb=verb, at=at, country=by.country_id or "", ids=list(ids[first : first + IDS_AN_ENTRY]), **facts
        )
        for first in range(0, max(len(ids), 1), IDS_AN_ENTRY)
    ]
    return entries[0]
