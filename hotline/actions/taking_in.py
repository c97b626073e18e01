"""What a fault of ours kept from being taken in: the request stays in the inbox, sealed, until the worker takes it in."""

from datetime import datetime

from django.db import transaction

from hotline.actions import arrivals, inbox
from hotline.actions.callbacks import receive_message_status, receive_status
from hotline.actions.inbox import Hook
from hotline.actions.receiving import receive_message
from hotline.models import WebhookEvent
from hotline.queries.untaken import UNTAKEN, untaken

ACTS = {"message": receive_message, "message-status": receive_message_status, "status": receive_status}


@transaction.atomic
def keep_for_later(*, hook: Hook) -> None:
    """Keep a request that could not be taken in, with nothing done of it; sent again it is the same one.

    Raises what the database or the seal keys raise: then nothing is kept, and the provider is to tell again.
    """
    line = arrivals.line_of_hook(hook)
    scope = line.country if line else "*"
    key = inbox.worded_key(hook, f"{UNTAKEN}{hook.account}:{hook.kind}:", scope=scope)
    inbox.keep(hook, key, scope=scope, contact=None, leg=None, reply="")


@transaction.atomic
def take_in(*, key: int, at: datetime) -> bool:
    """Take in a request that was kept, as of when it came; return False when another one did. Raises what stops it again."""
    row = untaken().select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        return False
    ACTS[row.kind](hook=_hook(row, at))
    row.delete()
    return True


def _hook(row: WebhookEvent, at: datetime) -> Hook:
    return Hook(
        kind=row.kind, account=row.account, fields=inbox.opened(row), at=row.received_at, step=row.step, turn=row.turn,
        token=str(row.turn) if row.turn else "", cleaned="odd_text" in row.flags.split(), taken_at=at,
    )  # fmt: skip
