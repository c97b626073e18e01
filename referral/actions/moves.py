"""The one function in which a referral changes its state."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.choices import REFERRAL_MOVES, ReferralState
from referral.models import Referral


class WrongMove(Exception):
    """Raised for a move that the table of states does not list; holds the present state for the screen."""

    def __init__(self, referral: Referral, to: str):
        self.referral = referral
        super().__init__(
            _("This referral stands at “%(now)s” and cannot go to “%(to)s”.")
            % {"now": referral.state_words, "to": ReferralState(to).label}
        )


@transaction.atomic
def move(*, referral: Referral, to: str, by, at: dt.datetime, **columns) -> Referral:
    """Move a referral to another state, as choices.REFERRAL_MOVES allows, and record it."""
    row = (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__country", "case__version", "run", "organisation", "service")
        .get(pk=referral.pk)
    )
    if to not in REFERRAL_MOVES[row.state]:
        raise WrongMove(row, to)
    before, row.state, row.changed_at = row.state, to, at
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    accounts.record(
        by=by, verb="referral.moved", thing=row, at=at, country=row.case.country_id, before=before, after=to,
        case=str(row.case.public_id),
    )  # fmt: skip
    return row
