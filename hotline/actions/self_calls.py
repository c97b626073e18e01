"""The line calls itself: every quarter of an hour it hears whether its own number is answered, and its own key.

It is no contact: the call that comes in from one of our own numbers, while one is expected, gets the greeting that every
caller gets, and after the key of the first language the goodbye. Nobody is rung and nothing is counted.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.queries import staff_of
from hotline import callers, callstate, ivr
from hotline.actions import arrivals, inbox
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.voice import flow_line
from hotline.choices import CommandKind
from hotline.choices.calling import SelfResult
from hotline.models import SELF_TOKENS, Command, SelfCall, WebhookEvent
from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import LineFacts, line_by_id, line_called
from hotline.queries.self_calls import last_result, lines_to_call, numbers_of, open_self_calls
from hotline.queries.spoken import cells_of
from hotline.telephony import twiml
from hotline.telephony.base import Provider, ProviderRefused

STEP = "self"
STEPS = frozenset({STEP})
EXPECTED = timedelta(minutes=2)  # a call that was not heard by then is not heard
SECONDS, RECORD_KEPT = 30, 300
NUMBERS = ("From", "To", "ForwardedFrom")
HANG_UP = twiml.document("<Hangup/>")


def call_own_lines(*, at: datetime) -> int:
    """Order a call to each line that can be called, one at a time."""
    rows = [SelfCall(line_id=line.id, account=line.account, made_at=at) for line in lines_to_call(at)]
    for row in rows:
        row.save()
        order(CommandKind.SELF_CALL, key=f"self:{row.token}", at=at, account=row.account, self_call=row.pk)
    return len(rows)


def dial(command: Command, line: Provider, at: datetime) -> None:
    """Call the line's own number, from another one of the account where it has one (confirm on a real account)."""
    row = SelfCall.objects.get(pk=command.arguments["self_call"])
    numbers = numbers_of(line_by_id(row.line_id))
    if row.call_sid or row.result or numbers is None:
        return
    place = f"?t={row.token}"
    try:
        sid = line.dial(
            to=numbers[0], from_=numbers[1], seconds=SECONDS,
            url=f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/{STEP}/{place}{twiml.VOICE_FRAGMENT}",
            status_url=f"{settings.PUBLIC_URL}/hotline/twilio/status/{place}{twiml.STATUS_FRAGMENT}",
        )  # fmt: skip
    except ProviderRefused:
        SelfCall.objects.filter(pk=row.pk).update(result=SelfResult.REFUSED, ended_at=at)
        raise
    SelfCall.objects.filter(pk=row.pk, call_sid="").update(call_sid=sid)


@transaction.atomic
def say_own_end(*, hook: Hook) -> str:
    """Answer the end that calls: wait for the greeting, press the key of the first language, wait for the goodbye."""
    row = SelfCall.objects.filter(account=hook.account, token=int(hook.token or 0)).first()
    line = line_by_id(row.line_id) if row else None
    if row is None or row.result or line is None:
        return _kept(hook, HANG_UP)
    SelfCall.objects.filter(pk=row.pk).update(call_sid=hook.call_sid)
    key = line.languages[0][0]
    return _kept(
        hook, twiml.document('<Pause length="6"/>', f'<Play digits="{key}"/>', '<Pause length="8"/>', "<Hangup/>")
    )


def answer_self(*, hook: Hook) -> str | None:
    """Answer the line's own call as it answers every caller, up to the first key; None for every other call.

    Every call of everybody passes here: who does not call from a number of ours costs no transaction and no statement.
    """
    return _answer_own(hook) if line_called(callers.called_number(hook.value("From"))) is not None else None


@transaction.atomic
def _answer_own(hook: Hook) -> str | None:
    row, line = _own_call(hook)
    if row is None or line is None:
        return None
    if not hook.step:
        SelfCall.objects.filter(pk=row.pk).update(inbound_sid=hook.call_sid, began_at=hook.at)
        turn = ivr.start(ivr.Call(step="greeting"), flow_line(line, hook.at))
        return _kept(
            hook,
            twiml.render(
                turn.heard, twiml.Place(base=settings.PUBLIC_URL, turn=1, caller_id=caller_id(line)), cells_of(line)
            ),
        )
    if hook.step == "language" and hook.value("Digits", 1) == line.languages[0][0]:
        SelfCall.objects.filter(pk=row.pk, heard_at=None).update(heard_at=hook.at)
    return _kept(hook, twiml.document(twiml.spoken(cells_of(line)("goodbye", line.first_language)), "<Hangup/>"))


def _own_call(hook: Hook) -> tuple[SelfCall | None, LineFacts | None]:
    """Return the row of a call of ours that comes in, if it is one."""
    line = arrivals.line_of_hook(hook)
    if line is None:
        return None, None
    rows = SelfCall.objects.select_for_update(of=("self",)).filter(account=hook.account, line_id=line.id)
    if known := rows.filter(inbound_sid=hook.call_sid).first():
        return known, line
    if hook.step:
        return None, None
    return rows.filter(inbound_sid="", result="", made_at__gte=hook.at - EXPECTED).first(), line


@transaction.atomic
def is_lost_end(*, account: str, from_: str, to: str, sid: str, at: datetime) -> bool:
    """Tell whether a call of which no request came is the end that comes in of a call of ours: the web was down.

    It came from one of our numbers to another, when one was expected there. It is no missed caller.
    """
    line = line_called(callers.called_number(to))
    if line is None or line.account != account or line_called(callers.called_number(from_)) is None:
        return False
    rows = SelfCall.objects.select_for_update(of=("self",)).filter(account=account, line_id=line.id)
    if rows.filter(inbound_sid=sid).exists():
        return True
    near = rows.filter(inbound_sid="", made_at__range=(at - 2 * EXPECTED, at + EXPECTED))
    row = near.exclude(result=SelfResult.REFUSED).order_by("-made_at").first()
    if row is None:
        return False
    SelfCall.objects.filter(pk=row.pk).update(inbound_sid=sid)
    if row.result:
        order(CommandKind.DELETE_CALL, key=f"self_found:{row.pk}", at=at, account=account, self_call=row.pk)
    return True


@transaction.atomic
def note_self_status(*, hook: Hook) -> bool:
    """Keep what the carrier reports of either end of a call of ours; return False of any other call."""
    is_own = bool(hook.token) and int(hook.token) in SELF_TOKENS
    if not is_own and line_called(callers.called_number(hook.value("From"))) is None:
        return False
    rows = SelfCall.objects.filter(account=hook.account)
    row = rows.filter(Q(token=int(hook.token or 0)) | Q(inbound_sid=hook.call_sid) | Q(call_sid=hook.call_sid)).first()
    if not is_own and row is None:
        return False
    status = callstate.call_status(hook.value("CallStatus", 20))
    _keep(hook, f"{hook.account}:{hook.call_mark}:{status}:{hook.value('SequenceNumber', 12)}:self", "")
    return True


def settle_self_calls(*, at: datetime) -> int:
    """Draw the results of the calls that were heard, or are not heard any more; tell of the first that was not."""
    return accounts.one_by_one("self_call_not_settled", open_self_calls(), lambda row: _settle(row, at))


@transaction.atomic
def _settle(row: SelfCall, at: datetime) -> bool:
    row = SelfCall.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.result or (row.heard_at is None and at - row.made_at < EXPECTED):
        return False
    before = last_result(row.line_id)
    row.result = SelfResult.HEARD if row.heard_at else SelfResult.NO_KEY if row.began_at else SelfResult.NO_CALL
    row.ended_at = at
    row.save(update_fields=["result", "ended_at"])
    order(
        CommandKind.DELETE_CALL, key=f"self_record:{row.pk}", at=at, delay=RECORD_KEPT, account=row.account,
        self_call=row.pk,
    )  # fmt: skip
    if row.result != SelfResult.HEARD and before in ("", SelfResult.HEARD):
        _tell(row, at)
    return True


def _tell(row: SelfCall, at: datetime) -> None:
    """Write to those who supervise a line that people call: call it, and have it mended."""
    line = row.line
    if line.is_practice:
        return
    for person in staff_of(line.country, "supervisor", "manager"):
        with translation.override(person.language):
            text = _(
                "%(country)s: the line called itself and did not hear its own steps. Call %(number)s yourself from another"
                " telephone. If it does not answer, tell whoever looks after the server."
            ) % {"country": line.country.name, "number": line.number}
            subject = _("Your line did not answer its own call")
            text = f"{text}\n{settings.PUBLIC_URL}{reverse('hotline:line', args=[line.public_id])}"
        accounts.queue_letter(
            key=f"self_call:{row.pk}:{person.public_id}", to=person.email, language=person.language, subject=subject,
            text=text, at=at, receiver=person,
        )  # fmt: skip


def delete_records(command: Command, line: Provider) -> None:
    """Delete the provider's records of both ends."""
    row = SelfCall.objects.get(pk=command.arguments["self_call"])
    for sid in filter(None, (row.inbound_sid, row.call_sid)):
        line.delete_call(sid)


def _keep(hook: Hook, key: str, reply: str) -> WebhookEvent | None:
    bare = replace(hook, fields={name: value for name, value in hook.fields.items() if name not in NUMBERS})
    return inbox.keep(bare, key, scope="*", contact=None, leg=None, reply=reply)


def _kept(hook: Hook, reply: str) -> str:
    """Keep a request with its document; a repeat gets the document that was kept."""
    key = f"{hook.account}:{hook.call_mark}:{hook.step or 'start'}:{hook.turn}:self"
    return reply if _keep(hook, key, reply) else inbox.said_to(key)
