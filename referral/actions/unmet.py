"""A need that stands open again, since consent was taken back from the agency that helped with it or was asked."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress

from referral import pathways
from referral.actions import runs
from referral.actions.work import tell
from referral.models import Case, Referral
from referral.queries.sharing import live_lines
from referral.queries.unmet import is_met, recalled_since


def seek_again(*, case: Case, recalled: Iterable[Referral], key: str, by, at: dt.datetime) -> None:
    """Open the steps of requests that were recalled again, so that another agency can be asked.

    Where another agency helps with the same need already, a step that is open only ends.
    """
    for referral in {one.run_id: one for one in recalled}.values():
        number = referral.run.number
        with suppress(pathways.EventRefused):
            if is_met(referral):
                runs.recall_run(case=case, run=number, key=f"{key}:{number}", by=by, at=at)
            else:
                _open_anew(case, number, key, by, at)


def seek_for_reopened(*, case: Case, closed_at: dt.datetime, key: str, by, at: dt.datetime) -> None:
    """Open what consent was taken back for while the case was closed; nothing where no consent is left."""
    if live_lines(case, at).exists():
        seek_again(case=case, recalled=recalled_since(case, closed_at), key=key, by=by, at=at)


def _open_anew(case: Case, number: int, key: str, by, at: dt.datetime) -> None:
    """Open one step again, and tell whoever has the case, where somebody else did it."""
    opened = runs.open_anew(case=case, run=number, key=f"{key}:{number}", by=by, at=at)
    if case.owner_id != getattr(by, "pk", None):
        tell(case=case, run=opened.state.runs[-1].number, rule="opened_anew", role="hotline", at=at)
