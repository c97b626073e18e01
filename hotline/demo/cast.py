"""Who takes the calls of a played script: somebody of the line whom no call and no open sheet keeps busy."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from accounts.models import User
from hotline import actions
from hotline.actions.follow_up import wrap_up
from hotline.choices import Closing, Presence, State
from hotline.demo.stage import Stage
from hotline.models import Contact, OperatorState, Shift
from hotline.queries.lines import LineFacts
from hotline.queries.serving import serves

BUSY = frozenset({Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP})


def free_operator(line: LineFacts | None, at: dt.datetime) -> User | None:
    """Return a person of a line who is not busy: on shift before others, ready before away; None when all are."""
    if line is None:
        return None
    shifts = Shift.objects.filter(serves(), line_id=line.id, duty="operator")
    rows = shifts.select_related("user", "user__operator_state").order_by("user__email", "starts_at")
    free = [
        (not shift.starts_at <= at < shift.ends_at, _presence(shift.user) != Presence.READY, shift.user.email, shift.user)
        for shift in rows if _presence(shift.user) not in BUSY
    ]  # fmt: skip
    return min(free, key=lambda one: one[:3])[3] if free else None


def _presence(user: User) -> str:
    state = getattr(user, "operator_state", None)
    return state.state if state else Presence.OFF


@contextmanager
def on_duty(user: User | None, stage: Stage) -> Iterator[None]:
    """Let somebody be ready while a script is played, and then be what she or he was before it."""
    before = _presence(user) if user else Presence.READY
    if before != Presence.READY:
        actions.set_presence(user=user, state=Presence.READY, by=user, at=stage.at)
    yield
    now = OperatorState.objects.filter(user=user, state=Presence.READY)
    if before != Presence.READY and now.exists():
        actions.set_presence(user=user, state=before, by=user, at=stage.at)


def leave(stage: Stage) -> bool:
    """End as people would: the caller hangs up, the operator closes the sheet of the call; tell whether one was open."""
    stage.clear()
    mine = Contact.objects.filter(pk__gt=stage.since.contact, claimed_by=stage.operator, state=State.WRAP_UP)
    sheets = list(mine) if stage.operator else []
    for contact in sheets:
        wrap_up(contact=contact, topic="information", by=stage.operator, at=stage.at, after=Closing.REACHED)
    return bool(sheets)
