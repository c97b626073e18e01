"""The sweep: legs and texts that never reported their end are asked for; what we never heard of: comparing.py."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts import actions as accounts
from hotline import callstate
from hotline.actions.callbacks import raise_status
from hotline.actions.called_back import settle_own_call
from hotline.actions.circuit import provider
from hotline.actions.delivery import COPY_KEPT_UNHEARD, settle_text
from hotline.models import Leg, Message
from hotline.queries import sweeping
from hotline.queries.dialling import call_backs_to_ask
from hotline.queries.legs import locked_legs
from hotline.telephony.base import MessageFacts, ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider

log = structlog.get_logger(__name__)
BATCH, ENOUGH = 200, 2
GONE = frozenset({"20404", "404"})
# Of what nobody can ask any more, because its account was left or its secret is refused: how long it may still go on.
LONGEST_CALL = timedelta(hours=4)  # the carrier's own limit
LONGEST_WAY = COPY_KEPT_UNHEARD
Facts = TypeVar("Facts")
NOT_ASKED = (ProviderDown, ProviderRefused, NoSuchProvider)


@dataclass(frozen=True)
class Turn:
    """What one turn of asking did: how many rows are settled, and whether others wait that can be asked at once."""

    settled: int
    goes_on: bool


def sweep_open_rows(*, at: datetime) -> Turn:
    """Ask for each leg and text that is not at its end after ten minutes, as many as a turn takes; each stands alone.

    Where nobody answers at all, the provider is away: the others wait for the pause of the sweep.
    """
    kinds = ((sweeping.open_legs(at), _ask_leg), (sweeping.open_texts(at), _ask_text))
    heard = [is_settled for rows, ask in kinds for is_settled in _ask_each(rows, ask, at)]
    goes_on = bool(heard) and any(sweeping.due(rows, at).exists() for rows, _ask in kinds)
    return Turn(settled=sum(heard), goes_on=goes_on)


def ask_call_backs(*, at: datetime) -> int:
    """Ask for the operator's call of each call back in which somebody talks: nobody is left alone in a room for longer than
    that, whatever was not reported.
    """
    settled = 0
    for row in call_backs_to_ask(at)[:BATCH]:
        with accounts.alone("call_back_not_asked", known=NOT_ASKED, through=accounts.AWAY, subject=row.pk):
            facts = _answer(lambda row=row: provider(row.account).call(row.own_sid), is_over=False)
            settled += settle_own_call(key=row.pk, status=facts.status if facts else "failed", at=at)
    return settled


def _ask_each(rows: QuerySet, ask: Callable[..., bool], at: datetime) -> list[bool]:
    """Ask for the rows that are due, one by one; return of each about which something is known whether it is settled.

    That it was asked for is noted first: whatever it meets, those behind it have their turn before it comes again. An
    account that did not answer twice in a row is left until the next turn.
    """
    heard, in_vain = [], Counter()
    for row, now in accounts.paced(sweeping.in_turn(rows, at, most=BATCH), at):
        if in_vain[row.account] == ENOUGH:
            continue
        with accounts.alone("row_not_asked", known=NOT_ASKED, through=accounts.AWAY, subject=row.pk) as met:
            type(row).objects.filter(pk=row.pk).update(asked_at=now)
            heard.append(ask(row, now))
        in_vain[row.account] = in_vain[row.account] + 1 if isinstance(met.error, ProviderDown) else 0
    return heard


def _ask_leg(leg: Leg, at: datetime) -> bool:
    facts = _answer(lambda: provider(leg.account).call(leg.call_sid), is_over=leg.made_at < at - LONGEST_CALL)
    return settle_leg(leg, facts.status if facts else "failed", at)


def _ask_text(message: Message, at: datetime) -> bool:
    is_over = message.sent_at < at - LONGEST_WAY
    facts = _answer(lambda: provider(message.account).message(message.sid), is_over=is_over)
    facts = facts or MessageFacts(message.sid, "failed", error_code="unheard")
    return settle_text(message.pk, status=facts.status, code=facts.error_code, at=at)


def _answer(ask: Callable[[], Facts], *, is_over: bool) -> Facts | None:
    """Return what the provider knows; None where it knows nothing, or nobody can ask it and it must be over by now."""
    try:
        return ask()
    except (ProviderRefused, NoSuchProvider) as error:
        if getattr(error, "code", "") not in GONE and not is_over:
            raise
        return None


def settle_leg(leg: Leg, word: str, at: datetime) -> bool:
    """Raise a leg to the end that the provider tells; return False where it tells none."""
    status = callstate.call_status(word)
    if status not in callstate.CALL_FINAL:
        return False
    with transaction.atomic():
        raise_status(locked_legs().get(pk=leg.pk), status, at=at)
    return True
