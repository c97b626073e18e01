"""Lists of the provider set beside ours: calls, texts and recorded messages of which no request ever reached us.

What we never heard of is written down as if its request came now, under the same key, so nothing is written twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts import actions as accounts
from hotline import callstate
from hotline.actions import arrivals
from hotline.actions.callbacks import raise_status, receive_status
from hotline.actions.circuit import provider
from hotline.actions.inbox import Hook
from hotline.actions.marks import note_done
from hotline.actions.receiving import receive_message
from hotline.actions.self_calls import is_lost_end
from hotline.actions.sweeping import settle_leg
from hotline.actions.timeline import add_events
from hotline.callers import call_mark, caller_from
from hotline.choices import CallerClass
from hotline.models import Leg, Message, Recording, SweepMark
from hotline.queries import sweeping
from hotline.queries.marks import noted_at
from hotline.queries.self_calls import own_sids
from hotline.telephony.base import CallFacts, MessageFacts, Provider, ProviderDown, ProviderRefused, RecordingFacts

log = structlog.get_logger(__name__)
OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(days=2)  # also how far back everything is compared once a day, whatever the marks say
LOOK_BACK = timedelta(days=30)  # where a clock that was wrong set the mark
WHOLE_EVERY = timedelta(days=1)


def sweep_account(*, account: str, at: datetime) -> int:
    """Compare the provider's lists since their last marks with ours; return how much of it was news.

    A mark moves only when its whole list was read and written down. Once a day all lists are compared 48 hours back.
    """
    line: Provider = provider(account)
    whole_at = noted_at(sweeping.WHOLE, at, account=account)
    is_whole_day = whole_at is None or at - whole_at >= WHOLE_EVERY
    done, are_read = 0, True
    for kind, compare in COMPARED.items():
        since = _read_until(kind, account, at) - OVERLAP
        found, is_read = _compare(compare, account, line, min(since, at - FIRST_LOOK) if is_whole_day else since, at)
        done, are_read = done + found, are_read and is_read
        if is_read:
            note_done(kind, at=at, account=account)
    if is_whole_day and are_read:
        note_done(sweeping.WHOLE, at=at, account=account)
    return done


def _compare(compare: Callable, account: str, line: Provider, since: datetime, at: datetime) -> tuple[int, bool]:
    try:
        return compare(account, line, since, at)
    except (ProviderDown, ProviderRefused) as error:
        log.warning("list_not_read", exception=type(error).__name__)
        return 0, False


def _calls(account: str, line: Provider, since: datetime, at: datetime) -> tuple[int, bool]:
    """Write down the calls we never heard of, and end those of which the list says that they are over."""
    calls = line.calls_since(since)
    known = set(Leg.objects.filter(account=account, made_at__gte=since - OVERLAP).values_list("call_sid", flat=True))
    known |= own_sids(account, [facts.sid for facts in calls])
    unknown = [facts for facts in calls if facts.sid not in known and _is_of_caller(facts)]
    done, is_whole = _one_by_one(unknown, lambda facts: _write_down(account, facts, at))
    return done + _end_listed(account, calls, at), is_whole


def _is_of_caller(facts: CallFacts) -> bool:
    """Tell whether somebody called the line: a browser of the staff calls in too, and is no caller."""
    return facts.direction.startswith("inbound") and caller_from(facts.from_).kind != CallerClass.CLIENT


def _texts(account: str, line: Provider, since: datetime, at: datetime) -> tuple[int, bool]:
    """Keep the texts to the lines that never came here, with their files."""
    listed = {one.sid: one for one in line.messages_since(since) if one.direction == "inbound"}
    known = Message.objects.filter(account=account, sid__in=list(listed)).values_list("sid", flat=True)
    unknown = [listed[sid] for sid in listed.keys() - set(known)]
    return _one_by_one(
        sorted(unknown, key=lambda one: one.made_at or at), lambda one: _take_text(account, line, one, at)
    )


def _sounds(account: str, line: Provider, since: datetime, at: datetime) -> tuple[int, bool]:
    """Keep the recorded messages of which no report came, so that they are fetched."""
    listed = {one.sid: one for one in line.recordings_since(since) if one.status == "completed"}
    known = Recording.objects.filter(account=account, sid__in=list(listed)).values_list("sid", flat=True)
    unknown = [listed[sid] for sid in sorted(listed.keys() - set(known))]
    return _one_by_one(unknown, lambda one: _take_sound(account, one, at))


COMPARED = {sweeping.CALLS: _calls, sweeping.MESSAGES: _texts, sweeping.SOUNDS: _sounds}


def _one_by_one(rows: list, write: Callable[..., bool]) -> tuple[int, bool]:
    """Write rows down, each for itself; return how many were news, and whether each could be written."""
    done, is_whole = 0, True
    for row in rows:
        with accounts.alone("not_written_down", through=accounts.AWAY) as met:
            done += write(row)
        is_whole = is_whole and met.error is None
    return done, is_whole


def _take_text(account: str, line: Provider, facts: MessageFacts, at: datetime) -> bool:
    files = line.files_of(facts.sid) if facts.files else []
    place = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Messages/{facts.sid}/Media"
    fields = {
        "MessageSid": [facts.sid], "AccountSid": [account], "From": [facts.from_], "To": [facts.to],
        "Body": [facts.body], "NumMedia": [str(len(files))],
    } | {f"MediaUrl{number}": [f"{place}/{sid}"] for number, sid in enumerate(files)}  # fmt: skip
    receive_message(hook=Hook(kind="sweep", account=account, fields=fields, at=facts.made_at or at, found_at=at))
    return Message.objects.filter(account=account, sid=facts.sid).exists()


def _take_sound(account: str, facts: RecordingFacts, at: datetime) -> bool:
    fields = {
        "RecordingSid": [facts.sid], "CallSid": [facts.call_sid], "AccountSid": [account],
        "RecordingStatus": [facts.status], "RecordingDuration": [str(facts.seconds)],
    }  # fmt: skip
    receive_status(hook=Hook(kind="sweep", account=account, fields=fields, at=facts.made_at or at, found_at=at))
    return Recording.objects.filter(account=account, sid=facts.sid).exists()


def _end_listed(account: str, calls: list[CallFacts], at: datetime) -> int:
    """End the legs of which the list says that they are over: after an outage one request tells of a thousand."""
    said = {facts.sid: facts.status for facts in calls}
    legs = [leg for leg in sweeping.open_legs(at).filter(account=account) if leg.call_sid in said]
    paced = (leg for leg, _now in accounts.paced(legs, at))
    return accounts.one_by_one("leg_not_ended", paced, lambda leg: settle_leg(leg, said[leg.call_sid], at))


def _read_until(kind: str, account: str, at: datetime) -> datetime:
    """Return up to when a list was compared. After a mark of a wrong clock a month is read anew.

    What we know of is deleted at the provider after two days, so that list is short.
    """
    if sound := noted_at(kind, at, account=account):
        return sound
    was_read = SweepMark.objects.filter(account=account, kind=kind).exists()
    return at - (LOOK_BACK if was_read else FIRST_LOOK)


@transaction.atomic
def _write_down(account: str, facts: CallFacts, at: datetime) -> bool:
    """Make a contact for a call that the provider knows and we do not."""
    fields = {"CallSid": [facts.sid], "From": [facts.from_], "To": [facts.to], "AccountSid": [account]}
    hook = Hook(kind="sweep", account=account, fields=fields, at=facts.started_at or at, found_at=at)
    if Leg.objects.filter(account=account, call_sid__in=[facts.sid, call_mark(facts.sid)]).exists():
        return False
    if is_lost_end(account=account, from_=facts.from_, to=facts.to, sid=facts.sid, at=hook.at):
        return False
    leg = arrivals.stub(hook)
    add_events(leg.contact, [("stub_made", {"by": "sweep"})], by="worker", at=at)
    raise_status(leg, callstate.call_status(facts.status), at=at)
    return True
