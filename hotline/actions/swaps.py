"""Writes of swaps: a person asks a colleague to take a shift, the colleague agrees, a supervisor approves."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.choices import SWAPS_OPEN, SwapState
from hotline.models import Absence, Shift, Swap
from hotline.queries.serving import may_serve
from hotline.roster import shift_faults


class SwapRefused(Exception):
    """Raised when a swap cannot be asked, answered or approved; `code` says why (hotline.views.absences.WHY)."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def ask_swap(*, shift: Shift, to: User, by: User, at: datetime) -> Swap:
    """Ask a colleague to take a shift of one's own that is to come; one asking at a time for each shift."""
    row = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("line__country")
    shift = row.filter(pk=shift.pk, user=by).first()
    if shift is None:
        raise SwapRefused("changed")
    _judge(shift, to, at)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(shift=shift, asked_by=by, to=to, asked_at=at, changed_at=at)
    except IntegrityError as error:
        raise SwapRefused("asked") from error
    _record("hotline.swap_asked", swap, by, at)
    return swap


@transaction.atomic
def answer_swap(*, swap: Swap, agrees: bool, by: User, at: datetime) -> Swap:
    """Agree to take a colleague's shift, or refuse it; the roster changes only when a supervisor approves."""
    swap = _locked(swap)
    if swap.to_id != by.pk or swap.state != SwapState.ASKED:
        raise SwapRefused("changed")
    if agrees:
        _judge(swap.shift, by, at)
    return _set(swap, SwapState.AGREED if agrees else SwapState.REFUSED, by, at)


@transaction.atomic
def withdraw_swap(*, swap: Swap, by: User, at: datetime) -> Swap:
    """Take one's asking back, as long as nobody approved it."""
    swap = _locked(swap)
    if swap.asked_by_id != by.pk or swap.state not in SWAPS_OPEN:
        raise SwapRefused("changed")
    return _set(swap, SwapState.WITHDRAWN, by, at)


@transaction.atomic
def decide_swap(*, swap: Swap, approves: bool, by: User, at: datetime) -> Swap:
    """Give the shift to who agreed to take it, or refuse; nobody approves what she asked for or takes herself."""
    swap = _locked(swap)
    if swap.state != SwapState.AGREED:
        raise SwapRefused("changed")
    if approves and by.pk in (swap.asked_by_id, swap.to_id):
        raise SwapRefused("own")
    if approves:
        if swap.shift.user_id != swap.asked_by_id:
            raise SwapRefused("changed")
        User.objects.select_for_update(no_key=True).get(pk=swap.to_id)
        _judge(swap.shift, swap.to, at)
        Shift.objects.filter(pk=swap.shift_id).update(user=swap.to)
    return _set(swap, SwapState.APPROVED if approves else SwapState.REFUSED, by, at)


def _locked(swap: Swap) -> Swap:
    rows = Swap.objects.select_for_update(of=("self", "shift"), no_key=True)
    found = rows.select_related("shift__line__country", "to", "asked_by").filter(pk=swap.pk).first()
    if found is None:
        raise SwapRefused("changed")
    return found


def _judge(shift: Shift, to: User, at: datetime) -> None:
    """Raise where a person cannot take a shift: it has begun, she lacks the role, works already, or is away."""
    if shift.starts_at <= at:
        raise SwapRefused("begun")
    if to.pk == shift.user_id or not to.is_active or not may_serve(to, shift.duty, shift.line.country_id):
        raise SwapRefused("role")
    others = Shift.objects.filter(user=to).values_list("starts_at", "ends_at")
    if shift_faults(shift.starts_at, shift.ends_at, others, ZoneInfo(shift.line.country.time_zone)):
        raise SwapRefused("works")
    if Absence.objects.filter(user=to, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at).exists():
        raise SwapRefused("away")


def _set(swap: Swap, state: SwapState, by: User, at: datetime) -> Swap:
    swap.state, swap.changed_at = state, at
    swap.save(update_fields=["state", "changed_at"])
    _record(f"hotline.swap_{state}", swap, by, at)
    return swap


def _record(verb: str, swap: Swap, by: User, at: datetime) -> None:
    line = swap.shift.line
    accounts.record(
        by=by, verb=verb, thing=swap.asked_by, at=at, country=line.country_id, line=str(line.public_id),
        to=str(swap.to.public_id), starts=swap.shift.starts_at.isoformat(),
    )  # fmt: skip
