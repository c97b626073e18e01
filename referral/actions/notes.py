"""Words that staff write about a case: reasons and notes, sealed with the case, never in an event."""

import datetime as dt

from accounts import actions as accounts
from referral.choices import Sensitivity
from referral.models import Case, FactValue


def keep_note(*, case: Case, key: str, text: str, source: str, by, at: dt.datetime) -> FactValue | None:
    """Seal a note with the case; an empty one leaves nothing. The caller has the case locked and its event written."""
    if not text:
        return None
    row = FactValue(
        case=case, key=key, event_number=case.event_count, is_known=True, sensitivity=Sensitivity.PERSONAL,
        source=source, at=at, by=accounts.actor_id(by),
    )  # fmt: skip
    accounts.seal(row, "sealed", text)
    row.save()
    return row
