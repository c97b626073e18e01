"""The sweep: legs and messages that never reported their end are asked for, and what we never heard of is written down."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from hotline import callstate
from hotline.actions import arrivals
from hotline.actions.callbacks import raise_status
from hotline.actions.delivery import settle_text
from hotline.actions.inbox import Hook
from hotline.actions.marks import note_done
from hotline.actions.timeline import add_events
from hotline.callers import call_mark
from hotline.models import Leg, Message, SweepMark
from hotline.queries.marks import noted_at
from hotline.telephony.base import CallFacts, Provider, ProviderDown, ProviderRefused
from hotline.telephony.providers import provider, webhook_secrets

AFTER = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(days=2)
LOOK_BACK = timedelta(days=30)  # where a clock that was wrong set the mark
BATCH = 50


def sweep_open_legs(*, at: datetime) -> int:
    """Ask for the state of every leg and message that is not at its end after ten minutes."""
    legs = Leg.objects.filter(made_at__lt=at - AFTER, call_sid__isnull=False).exclude(status__in=callstate.CALL_FINAL)
    done = sum(_ask_leg(leg, now) for leg, now in accounts.paced(list(legs.select_related("contact")[:BATCH]), at))
    messages = Message.objects.filter(direction="out", sent_at__lt=at - AFTER, sid__isnull=False)
    open_messages = messages.exclude(state__in=callstate.MESSAGE_FINAL).exclude(state="sent")
    return done + sum(_ask_message(message, now) for message, now in accounts.paced(list(open_messages[:BATCH]), at))


def _ask_leg(leg: Leg, at: datetime) -> int:
    try:
        facts = provider(leg.account).call(leg.call_sid)
    except ProviderDown:
        return 0
    except ProviderRefused:
        facts = CallFacts(leg.call_sid, "failed")
    status = callstate.call_status(facts.status)
    if not callstate.is_known(callstate.CALL_ORDER, status) or status not in callstate.CALL_FINAL:
        return 0
    with transaction.atomic():
        locked = (
            Leg.objects.select_for_update(of=("self", "contact"), no_key=True).select_related("contact").get(pk=leg.pk)
        )
        raise_status(locked, status, at=at)
    return 1


def _ask_message(message: Message, at: datetime) -> int:
    try:
        facts = provider(message.account).message(message.sid)
    except (ProviderDown, ProviderRefused):
        return 0
    return settle_text(message.pk, status=facts.status, code=facts.error_code, at=at)


def sweep_account(*, account: str, at: datetime) -> int:
    """Compare the provider's list of calls since the last mark with ours, and write down what we never heard of.

    The mark moves only when the whole list was read.
    """
    since = _swept_until(account, at) - OVERLAP
    line: Provider = provider(account)
    try:
        calls = line.calls_since(since)
    except (ProviderDown, ProviderRefused):
        return 0
    known = set(Leg.objects.filter(account=account, made_at__gte=since - OVERLAP).values_list("call_sid", flat=True))
    found = [facts for facts in calls if facts.sid not in known and facts.direction.startswith("inbound")]
    for facts in found:
        _write_down(account, facts, at)
    note_done("calls", at=at, account=account)
    return len(found)


def _swept_until(account: str, at: datetime) -> datetime:
    """Return up to when the list was compared. After a mark of a wrong clock a month is read anew.

    What we know of is deleted at the provider after two days, so that list is short.
    """
    if sound := noted_at("calls", at, account=account):
        return sound
    was_swept = SweepMark.objects.filter(account=account, kind="calls").exists()
    return at - (LOOK_BACK if was_swept else FIRST_LOOK)


@transaction.atomic
def _write_down(account: str, facts: CallFacts, at: datetime) -> None:
    """Make a contact for a call that the provider knows and we do not."""
    fields = {"CallSid": [facts.sid], "From": [facts.from_], "To": [facts.to], "AccountSid": [account]}
    hook = Hook(kind="sweep", account=account, fields=fields, at=facts.started_at or at)
    if Leg.objects.filter(account=account, call_sid__in=[facts.sid, call_mark(facts.sid)]).exists():
        return
    leg = arrivals.stub(hook)
    add_events(leg.contact, [("stub_made", {"by": "sweep"})], by="worker", at=at)
    raise_status(leg, callstate.call_status(facts.status), at=at)


def swept_accounts() -> list[str]:
    """Return the accounts whose lists are compared."""
    return sorted(webhook_secrets().tokens)
