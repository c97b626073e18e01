"""The provider's doors: verify, keep, apply, commit, answer. No decisions here; each request is one action.

What is no call is never lost by a fault of ours: it is kept sealed for the worker, or the provider is to tell it again.

A caller never hears an error: whatever fails, the answer is a document that rings the duty phone. The transaction
that failed left nothing; the fault is kept in a second one. What another transaction ended (a deadlock) is no fault: it
is done once more. When we cannot even tell whether a request is the provider's, by a fault of ours, nothing is kept:
the caller hears that document, other requests are to come again.
"""

import logging
from collections import Counter
from collections.abc import Callable
from functools import wraps
from time import monotonic

import structlog
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.actions import once_more
from hotline import actions, callers
from hotline.actions.arrivals import keep_unplaced
from hotline.actions.called_back import STEPS as OF_CALL_BACKS
from hotline.actions.called_back import WAITS as ALONE
from hotline.actions.called_back import say_alone, say_call_back, say_nothing
from hotline.actions.checks import STEPS as OWN_PHONE
from hotline.actions.inbox import LONGEST_STEP, Hook
from hotline.actions.joining import OF_OPERATORS, OF_THIRDS
from hotline.actions.patience import waiting
from hotline.actions.screening import DUTY_STEPS
from hotline.actions.screening import STEPS as ON_SHIFT
from hotline.actions.second_tries import STEP as FROM_BROWSER
from hotline.actions.self_calls import STEPS as OF_SELF
from hotline.actions.self_calls import answer_self, say_own_end
from hotline.actions.softphone import join_by_browser
from hotline.actions.taking_in import keep_for_later
from hotline.actions.voice import trouble_call
from hotline.queries.lines import last_known_line, memory
from hotline.queries.way_out import room_out, way_out
from hotline.telephony import signature, twiml
from hotline.telephony.providers import webhook_secrets

log = logging.getLogger("hotline")
# The database is away (Django's InterfaceError is no DatabaseError): not asked again for this request.
GONE = (OperationalError, InterfaceError)
refusals: Counter[str] = Counter()  # by reason, since they were told
told, MINUTE = {"at": float("-inf")}, 60.0
JOINING = OF_OPERATORS | OF_THIRDS
ANNOUNCED = "announce"
LENGTH_DIGITS = 12  # of a length that a header tells; Python reads no number of thousands of digits
IN_ROOM = frozenset({"wait", "hold", ANNOUNCED})
NO_CALLER = (
    JOINING | OWN_PHONE | ON_SHIFT | DUTY_STEPS | OF_CALL_BACKS | OF_SELF
)  # a telephone of the staff: whatever fails, it is sent away


def hook_door(kind: str):
    """Return a decorator that lets only verified POSTs through, as a Hook; a refusal stores nothing and says nothing.

    A fault of ours while a request is verified, a setting say, is no refusal: it is answered as `_unverified` does.
    """

    def decorate(act):
        @csrf_exempt
        @wraps(act)
        def door(request, step=""):
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            opened, fault = _tried("webhook_unverified", _opened, request, kind, step)
            if fault:
                return _unverified(request, kind, step)
            return opened if isinstance(opened, HttpResponse) else act(opened)

        return door

    return decorate


def _tried(name: str, act: Callable, *values) -> tuple:
    """Return what an act gives, and no fault; or nothing and the fault. Here alone all is caught: a caller hears no error."""
    try:
        return act(*values), None
    except Exception as fault:
        if isinstance(fault, GONE):
            log.warning("database_away")
        else:
            log.exception(name)
        return None, fault


def _waited(act: Callable, *values):
    with waiting():
        return once_more(act, *values)


def _refused(reason: str, status: int = 403) -> HttpResponse:
    refusals[reason] += 1
    _tell_refusals(monotonic())
    return HttpResponse(status=status)


def _tell_refusals(now: float) -> None:
    """Log, once a minute at most, how many requests this process refused since it last said so; nothing of any of them."""
    if now - told["at"] < MINUTE:
        return
    told["at"] = now
    structlog.get_logger("hotline").warning("webhooks_refused", count=refusals.total())
    refusals.clear()


def _opened(request, kind: str, step: str) -> Hook | HttpResponse:
    meta = request.META
    sent = meta.get("HTTP_X_TWILIO_SIGNATURE", "")
    if not sent:
        return _refused("no signature")
    length = meta.get("CONTENT_LENGTH") or "0"
    is_number = length.isascii() and length.isdigit() and len(length) <= LENGTH_DIGITS
    if not is_number or int(length) > signature.MAX_BODY:
        return _refused("too large", 413)
    if request.body.count(b"&") >= signature.MAX_FIELDS:
        return _refused("too many fields", 413)
    verdict = signature.verify(_wire(request), secrets=webhook_secrets(), public_url=settings.PUBLIC_URL)
    if not verdict.genuine:
        return _refused("not genuine")
    return _hook(request, kind, step, verdict)


def _wire(request) -> signature.Wire:
    meta = request.META
    return signature.Wire(
        raw_uri=meta.get("RAW_URI", ""), path=request.path, query=meta.get("QUERY_STRING", ""), body=request.body,
        content_type=meta.get("CONTENT_TYPE", ""), signature=meta.get("HTTP_X_TWILIO_SIGNATURE", ""),
        settings=meta.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS", ""),
    )  # fmt: skip


def _unverified(request, kind: str, step: str) -> HttpResponse:
    """Answer a request of which a fault of ours keeps us from telling whose it is; nothing of it is stored.

    A caller is sent to the duty phone of the number that the request names, else of the installation; whatever else
    the provider tells, it is asked to tell again.
    """
    if kind != "voice":
        return _unavailable()
    hook, fault = _tried("webhook_unread", _said, request, kind, step)
    if fault:  # its body cannot be read either
        hook = Hook(kind=kind, account="", fields={}, at=timezone.now(), step=step)
    _tried("lines_unread", _waited, memory)
    return _document(_way_out(hook), degraded=True)


def _said(request, kind: str, step: str) -> Hook:
    return _hook(request, kind, step, signature.unverified(_wire(request)))


def _hook(request, kind: str, step: str, verdict: signature.Verdict) -> Hook:
    turn = request.GET.get("t", "")
    number = int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 20 else 0
    fields = dict(verdict.fields)
    if token := request.META.get("HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"):
        fields["IdempotencyToken"] = [signature.ODD.sub("", token)[:60]]
    at = request.META.get("fanal.clock") or timezone.now()
    return Hook(
        kind=kind, account=verdict.account, fields=fields, at=at, step=step[:LONGEST_STEP],
        turn=min(number, 2**63 - 1), token=str(number) if number and number < 2**63 else "",
        cleaned=verdict.cleaned or len(step) > LONGEST_STEP,
    )  # fmt: skip


def _document(text: str, *, degraded: bool = False) -> HttpResponse:
    response = HttpResponse(text, content_type="text/xml; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if degraded:
        response["X-Fanal-Degraded"] = "1"
    return response


def _flow(hook: Hook) -> str:
    if hook.step == ANNOUNCED:  # asked for by a room, which is no call
        return actions.say_who_joins(hook=hook)
    if not hook.call_sid:
        memory()  # the duty phone of the line that was called
        return keep_unplaced(hook=hook, reply=_way_out(hook))
    if hook.step in OF_SELF:
        return say_own_end(hook=hook)
    if (own := answer_self(hook=hook)) is not None:
        return own
    if not hook.step:
        return actions.receive_call(hook=hook)
    if hook.step == "wait":
        return actions.say_wait(hook=hook)
    if hook.step == "hold":
        return actions.say_hold(hook=hook)
    if hook.step in OF_THIRDS:
        return actions.join_third(hook=hook)
    if hook.step == FROM_BROWSER and not hook.token:
        return join_by_browser(hook=hook)
    if hook.step in JOINING:
        return actions.join_room(hook=hook)
    if hook.step in ON_SHIFT:
        return actions.answer_phone(hook=hook)
    if hook.step in DUTY_STEPS:
        return actions.answer_duty(hook=hook)
    if hook.step == ALONE:
        return say_alone(hook=hook)
    if hook.step in OF_CALL_BACKS:
        return say_call_back(hook=hook)
    if hook.step in OWN_PHONE:
        return actions.say_check(hook=hook)
    return actions.advance_call(hook=hook)


def _trouble(hook: Hook) -> str:
    is_no_contact = not hook.call_sid or hook.step in NO_CALLER | IN_ROOM | {ALONE}
    return _way_out(hook) if is_no_contact else trouble_call(hook=hook)


@hook_door("voice")
def voice(hook: Hook) -> HttpResponse:
    """Answer the first request of a call, or a step of one."""
    for act in (_flow, _trouble):
        text, fault = _tried("voice_trouble", _waited, act, hook)
        if fault is None:
            return _document(text)
        if isinstance(fault, GONE):
            break
    return _document(_way_out(hook), degraded=True)


def _way_out(hook: Hook) -> str:
    """Return the document that needs neither flow nor database: words, the duty phone, then other numbers."""
    if hook.step == ANNOUNCED:
        return twiml.document('<Pause length="1"/>')
    if hook.step == ALONE:
        return say_nothing(hook)
    if hook.step in DUTY_STEPS:
        return twiml.EMPTY  # connects at once: a person can help although she cannot be asked for a key
    if hook.step in NO_CALLER:
        return twiml.document("<Hangup/>")
    called = callers.called_number(hook.value("To"))
    line = last_known_line(called)
    if hook.step in IN_ROOM:
        again = twiml.address(twiml.Place(base=settings.PUBLIC_URL, turn=hook.turn), hook.step)
        return room_out(line, step=hook.step, again=again)
    called = "" if hook.value("Direction").startswith("outbound") else called  # then `To` is who was rung
    return way_out(line, called=called, account=hook.account)


def _unavailable() -> HttpResponse:
    response = HttpResponse(status=503)
    response["Retry-After"] = "5"
    return response


def _twice(act: Callable, hook: Hook):
    """Do it again when a twin wrote the same row first: now it is found; or when another transaction ended it."""
    try:
        return once_more(act, hook=hook)
    except IntegrityError:
        return once_more(act, hook=hook)


def _taken(act: Callable, hook: Hook) -> str | None:
    """Return what an act answers; None where the provider is to tell again, for nothing could be kept.

    The provider tries three times within seconds and then never more, and a fault of ours would meet it each time. So the
    request is kept for the worker, sealed, and answered as if it were taken in; only what is not kept is asked for again.
    """
    text, fault = _tried("not_taken_in", _twice, act, hook)
    if fault is None:
        return text or ""
    if isinstance(fault, GONE):
        return None
    _kept, lost = _tried("not_kept_either", _twice, keep_for_later, hook)
    return None if lost else twiml.EMPTY


@hook_door("status")
def status(hook: Hook) -> HttpResponse:
    """Keep a status callback of a call, a conference or a recording; 503 makes the provider send it again."""
    return _unavailable() if _taken(actions.receive_status, hook) is None else HttpResponse(status=204)


@hook_door("message")
def message(hook: Hook) -> HttpResponse:
    """Keep a text message; 503 makes the provider send it again."""
    text = _taken(actions.receive_message, hook)
    return _unavailable() if text is None else _document(text)


@hook_door("message-status")
def message_status(hook: Hook) -> HttpResponse:
    """Keep what became of a text message that we sent."""
    return _unavailable() if _taken(actions.receive_message_status, hook) is None else HttpResponse(status=204)
