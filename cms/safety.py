"""The safety settings are kept: nobody's change is taken back unseen, translations follow, the audit log tells what changed."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext

from accounts.actions import record
from accounts.chain import actor_id
from accounts.queries.marks import mark
from cms.models import SafetySettings
from cms.queries import KEPT_KEY
from languages import actions as languages
from languages.revisions import Change

FIELDS = ("exit_address", "is_banner_on", "banner_kind", "banner_en")
BANNER = ("is_banner_on", "banner_kind", "banner_en")


class SafetyChangedMeanwhile(Exception):
    """Raised when somebody else saved the safety settings after the form was opened; nothing is written."""

    def __init__(self):
        super().__init__(
            gettext(
                "Somebody else saved this while you had it open, so yours is not saved yet. "
                "Compare both below; save once more to put yours in place of theirs."
            )
        )


def safety_mark(row: SafetySettings) -> str:
    """Return the mark of what the form of the safety settings shows."""
    return mark(*(getattr(row, name) or "" for name in FIELDS))


@transaction.atomic
def keep_safety(*, facts: dict, seen: str, by, at: datetime) -> SafetySettings:
    """Keep where Leave leads and the banner; `seen` is the mark of what the form showed.

    Words of safety have no small changes: whatever changes in the banner puts its translations out of date.
    """
    row = SafetySettings.objects.select_for_update(no_key=True).get(pk=SafetySettings.load().pk)
    if safety_mark(row) != seen:
        raise SafetyChangedMeanwhile
    changed = [name for name in FIELDS if (getattr(row, name) or "") != facts[name]]
    for name in changed:
        setattr(row, name, facts[name])
    row.save()
    languages.follow_source(row, change=Change.MATERIAL, by=actor_id(by), at=at)
    _record(row, changed, by, at)
    transaction.on_commit(lambda: cache.delete(KEPT_KEY))
    return row


def _record(row: SafetySettings, changed: list[str], by, at: datetime) -> None:
    of_banner = [name for name in changed if name in BANNER]
    if of_banner:
        state = {"is_on": row.is_banner_on, "kind": row.banner_kind, "changed": of_banner}
        record(by=by, verb="safety.banner_changed", thing=row, at=at, **state)
    if "exit_address" in changed:
        record(by=by, verb="safety.exit_changed", thing=row, at=at, address=row.exit_address)
