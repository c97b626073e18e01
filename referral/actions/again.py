"""A step that is opened by hand: again, or one that the pathway passed by. Nothing else moves by itself."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.actions import runs
from referral.actions.notes import keep_note
from referral.actions.referrals import ReasonNeedsWords
from referral.choices.cases import OpenReason
from referral.models import Case


@transaction.atomic
def open_step(
    *, case: Case, step: str, reason: str, key: str, by, at: dt.datetime, words: str = "", instead_of: int = 0,
    seen: int | None = None,
) -> runs.Advanced:  # fmt: skip
    """Open a step of a case by hand, on the case's own version; its words are sealed with the case.

    `instead_of` is the visit that gives way: the one that followed a request nobody accepted. The same key opens one.
    """
    if reason == OpenReason.OTHER and not words:
        raise ReasonNeedsWords(_("Write the other reason in a few words."))
    opened = runs.advance(
        case=case, kind="opened_by_hand", run=instead_of, value=step, reason=reason, key=key, by=by, at=at, seen=seen
    )
    if opened.is_repeat:
        return opened
    keep_note(case=Case.objects.get(pk=case.pk), key=f"reason_{step}", text=words, source=step, by=by, at=at)
    accounts.record(
        by=by, verb="referral.step_opened", thing=case, at=at, country=case.country_id, step=step, reason=reason
    )
    return opened
