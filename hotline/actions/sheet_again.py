"""A sheet that its operator closed a moment ago, with the wrong letter say, is hers to write on again."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.answering import ANSWERING
from hotline.actions.follow_up import StillOnTheLine
from hotline.actions.in_hand import check_in_hand
from hotline.actions.operators import NotReady, operator_state
from hotline.actions.own_rows import locked_for
from hotline.actions.timeline import note
from hotline.choices import ContactKind, Presence, State
from hotline.models import Contact, OperatorState
from hotline.queries.closed_sheets import changed_since, closing_of, is_hers
from hotline.queries.console import BUSY_STATES
from hotline.queries.dialling import open_call_back


class NotHersNow(Exception):
    """Raised when a sheet is not closed, was closed by somebody else, anew or too long ago; open the contact and look."""


class ChangedSince(Exception):
    """Raised when somebody else did something in a contact since its sheet was closed; look at its timeline first.

    `by` is the public id of that person, `kind` the code of the line in the timeline.
    """

    def __init__(self, by: str, kind: str):
        super().__init__(kind)
        self.by, self.kind = by, kind


@transaction.atomic
def reopen_sheet(*, contact: Contact, seen: str, by: User, at: datetime) -> Contact:
    """Open a sheet again that this operator closed, within ten minutes and while she has nothing else at hand.

    `seen` is the mark of the closing that is taken back (`closing_of`): a newer one stays. It is as it was before that: no
    topic, in wrap-up with her. An outcome that was chosen with the closing goes with it; somebody to whom it was handed on,
    and a call that was promised, stay in the list of missed contacts, for they may have been told of it by now. What is
    open already, by her, stays as it is.
    """
    row = locked_for(contact, by)
    check_in_hand(row, by, at)
    if row.state == State.WRAP_UP and row.claimed_by_id == by.pk:
        return row
    closing = closing_of(row)
    if not is_hers(row, closing, by, at) or seen != str(closing.pk):
        raise NotHersNow(row.code)
    if open_call_back(row) is not None:
        raise StillOnTheLine(row.code)
    other = changed_since(row, closing, by)
    if other is not None:
        raise ChangedSince(other.by, other.kind)
    _take_up(row, by, at)
    if row.closed_at == closing.at:
        row.closing, row.closed_at = "", None
    row.topic, row.state, row.wrapped_up_at = "", State.WRAP_UP, None
    if row.step == State.DONE:
        row.step = State.WRAP_UP  # a report of the network that comes late closes no sheet
    row.save()
    note(row, "sheet_reopened", by=by, at=at)
    accounts.record(by=by, verb="hotline.sheet_reopened", thing=row, at=at, country=row.country_id or "")
    return row


def _take_up(row: Contact, by: User, at: datetime) -> None:
    """Give the sheet to who closed it: of a call her console holds it, of what no telephone brought she has it open."""
    held = OperatorState.objects.select_for_update(no_key=True).get(pk=operator_state(by, at=at).pk)
    if held.state in BUSY_STATES:
        raise NotReady
    if row.kind == ContactKind.CALL:
        OperatorState.objects.filter(pk=held.pk).update(state=Presence.WRAP_UP, contact=row, since=at, seen_at=at)
    else:
        row.claimed_until = at + ANSWERING
