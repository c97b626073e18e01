"""The sweep: legs and texts that never reported their end are asked for, and what we never heard of is written down."""

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
from hotline.actions import arrivals
from hotline.actions.callbacks import raise_status
from hotline.actions.delivery import COPY_KEPT_UNHEARD, settle_text
from hotline.actions.inbox import Hook
from hotline.actions.marks import note_done
from hotline.actions.timeline import add_events
from hotline.callers import call_mark, caller_from
from hotline.choices import CallerClass
from hotline.models import Leg, Message, SweepMark
from hotline.queries import sweeping
from hotline.queries.legs import locked_legs
from hotline.queries.marks import noted_at
from hotline.telephony.base import CallFacts, MessageFacts, Provider, ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider, provider

log = structlog.get_logger(__name__)
OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(days=2)
LOOK_BACK = timedelta(days=30)  # where a clock that was wrong set the mark
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
    return _settle_leg(leg, facts.status if facts else "failed", at)


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


def _settle_leg(leg: Leg, word: str, at: datetime) -> bool:
    status = callstate.call_status(word)
    if status not in callstate.CALL_FINAL:
        return False
    with transaction.atomic():
        raise_status(locked_legs().get(pk=leg.pk), status, at=at)
    return True


def sweep_account(*, account: str, at: datetime) -> int:
    """Compare the provider's list of calls since the last mark with ours; return how much of it was news.

    What we never heard of is written down, and what is over ends here too. The mark moves only when the whole list was
    read and written down.
    """
    since = _read_until(account, at) - OVERLAP
    line: Provider = provider(account)
    try:
        calls = line.calls_since(since)
    except (ProviderDown, ProviderRefused) as error:
        log.warning("list_not_read", exception=type(error).__name__)
        return 0
    known = set(Leg.objects.filter(account=account, made_at__gte=since - OVERLAP).values_list("call_sid", flat=True))
    unknown = [facts for facts in calls if facts.sid not in known and _is_of_caller(facts)]
    done, is_whole = 0, True
    for facts in unknown:
        with accounts.alone("call_not_written_down", through=accounts.AWAY) as met:
            done += _write_down(account, facts, at)
        is_whole = is_whole and met.error is None
    if is_whole:
        note_done(sweeping.CALLS, at=at, account=account)
    return done + _end_listed(account, calls, at)


def _is_of_caller(facts: CallFacts) -> bool:
    """Tell whether somebody called the line: a browser of the staff calls in too, and is no caller."""
    return facts.direction.startswith("inbound") and caller_from(facts.from_).kind != CallerClass.CLIENT


def _end_listed(account: str, calls: list[CallFacts], at: datetime) -> int:
    """End the legs of which the list says that they are over: after an outage one request tells of a thousand."""
    said = {facts.sid: facts.status for facts in calls}
    legs = [leg for leg in sweeping.open_legs(at).filter(account=account) if leg.call_sid in said]
    paced = (leg for leg, _now in accounts.paced(legs, at))
    return accounts.one_by_one("leg_not_ended", paced, lambda leg: _settle_leg(leg, said[leg.call_sid], at))


def _read_until(account: str, at: datetime) -> datetime:
    """Return up to when the list was compared. After a mark of a wrong clock a month is read anew.

    What we know of is deleted at the provider after two days, so that list is short.
    """
    if sound := noted_at(sweeping.CALLS, at, account=account):
        return sound
    was_read = SweepMark.objects.filter(account=account, kind=sweeping.CALLS).exists()
    return at - (LOOK_BACK if was_read else FIRST_LOOK)


@transaction.atomic
def _write_down(account: str, facts: CallFacts, at: datetime) -> bool:
    """Make a contact for a call that the provider knows and we do not."""
    fields = {"CallSid": [facts.sid], "From": [facts.from_], "To": [facts.to], "AccountSid": [account]}
    hook = Hook(kind="sweep", account=account, fields=fields, at=facts.started_at or at)
    if Leg.objects.filter(account=account, call_sid__in=[facts.sid, call_mark(facts.sid)]).exists():
        return False
    leg = arrivals.stub(hook)
    add_events(leg.contact, [("stub_made", {"by": "sweep"})], by="worker", at=at)
    raise_status(leg, callstate.call_status(facts.status), at=at)
    return True
