"""What stands under every table that leaves the house as a file: who took it out, when and why; when it may be again."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User


def export_mark(
    *,
    by: User,
    at: datetime,
    entry: AuditEntry,
    reason: str = "",
    counted_at: datetime | None = None,
    left_out: Iterable[str] = (),
) -> list[list[str]]:
    """Return the last rows of an exported table, after an empty one: who, when, why, and where the audit log tells it.

    `counted_at` is when numbers that were made ahead were counted. Both name the zone, in which the table's own days are.
    `left_out` says, a sentence a row, who is in none of the numbers.
    """
    rows = [[], [_("Exported by"), str(by)], [_("Exported on"), _to_the_second(at)]]
    if counted_at:
        rows.insert(1, [_("Counted on"), _to_the_second(counted_at)])
    rows[1:1] = [[_("Left out of the numbers"), words] for words in left_out]
    if reason:
        rows.append([_("Why it was exported"), reason])
    return [*rows, [_("Entry in the audit log"), str(entry.seq)]]


def _to_the_second(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S} {timezone.get_current_timezone_name()}"


def clock_words(at: datetime) -> str:
    """Return a moment as day and time by the clock of the page's country."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
