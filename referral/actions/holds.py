"""A court's hold on a case: while it stands nothing of the case, its calls and its texts is erased."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.actions import runs
from referral.actions.notes import keep_note
from referral.models import Case, CaseEvent
from referral.queries.sendings import sending_of


class HeldAlready(Exception):
    """Raised when a case that is held would be held once more."""


class NotHeld(Exception):
    """Raised when a hold would be lifted that does not stand."""


class HeldAnew(runs.CaseMovedOn):
    """Raised when a hold would be lifted by somebody who did not see that it was set anew meanwhile."""


@transaction.atomic
def hold_case(*, case: Case, reason: str, words: str, key: str, by, at: dt.datetime) -> Case:
    """Keep a case for a court: nothing of it is erased until the hold is lifted. The words are sealed with the case."""
    case = runs.locked_case(case.pk)
    if sending_of(case, key, "hold_set", reason=reason):
        return case
    if case.legal_hold:
        raise HeldAlready(_("This case is held already."))
    return _set(case, True, reason, words, key, by, at)


@transaction.atomic
def lift_hold(*, case: Case, reason: str, words: str, key: str, by, at: dt.datetime, seen: int | None = None) -> Case:
    """Lift the hold on a case: what is due to be erased by then goes within the hour.

    `seen` is the number of events the page showed: a hold that was set since then is another one.
    """
    case = runs.locked_case(case.pk)
    if sending_of(case, key, "hold_lifted", reason=reason):
        return case
    if not case.legal_hold:
        raise NotHeld(_("This case is not held."))
    if seen is not None and CaseEvent.objects.filter(case=case, kind="hold_set", number__gt=seen).exists():
        raise HeldAnew(_("Somebody held this case anew meanwhile. Look, then decide again."))
    return _set(case, False, reason, words, key, by, at)


def _set(case: Case, is_held: bool, reason: str, words: str, key: str, by, at: dt.datetime) -> Case:
    kind = "hold_set" if is_held else "hold_lifted"
    case.legal_hold = is_held
    case.save(update_fields=["legal_hold"])
    runs.note_event(case=case, kind=kind, key=key, by=by, at=at, reason=reason)
    keep_note(case=case, key=f"reason_{kind}", text=words, source=kind, by=by, at=at)
    accounts.record(by=by, verb=f"referral.{kind}", thing=case, at=at, country=case.country_id, reason=reason)
    return case
