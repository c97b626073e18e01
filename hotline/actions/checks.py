"""The verification call: what its telephone hears, what the network reports of it, and what the worker makes of that.

It is no contact: nothing here touches one, joins a room, or keeps the number. A request only notes what it told; the
worker draws the result, so no order of arrival changes it.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hotline import callstate, ivr
from hotline.actions import inbox
from hotline.actions.inbox import Hook
from hotline.actions.telephones import delete_record, tell
from hotline.choices import CheckResult
from hotline.models import CHECK_TOKENS, OperatorState, PhoneCheck
from hotline.queries.lines import line_by_id
from hotline.queries.spoken import cells_of
from hotline.telephony import twiml
from languages import table

ASKED, ANSWERED = "own-phone", "own-phone-key"
STEPS = frozenset({ASKED, ANSWERED})
NUMBERS = ("From", "To", "ForwardedFrom")
HANG_UP = twiml.document("<Hangup/>")


def is_of_check(hook: Hook) -> bool:
    """Tell whether a request speaks of a verification call: its number is no leg's."""
    return bool(hook.token) and int(hook.token) in CHECK_TOKENS


@transaction.atomic
def say_check(*, hook: Hook) -> str:
    """Answer a step of a verification call: which key to press, then goodbye; a repeat gets the same document."""
    check = _check_of(hook)
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token}"
    if not _is_this_call(check, hook):
        return _kept(hook, check, key, HANG_UP)
    if hook.step == ASKED:
        PhoneCheck.objects.filter(pk=check.pk).update(call_sid=hook.call_sid)
        return _kept(hook, check, key, _question(check))
    if inbox.keep(_bare(hook), key, **_where(check), reply=(reply := _goodbye(check))) is None:
        return inbox.said_to(key)
    answer = "one" if hook.value("Digits", 2) == "1" else "none"
    PhoneCheck.objects.filter(pk=check.pk, answer="").update(answer=answer, call_sid=hook.call_sid)
    return reply


@transaction.atomic
def receive_check_status(*, hook: Hook) -> None:
    """Note what the carrier reports of a verification call: the greatest status, and when it ended."""
    check = _check_of(hook)
    status = callstate.call_status(hook.value("CallStatus", 20))
    tail = hook.value("SequenceNumber", 12) or hook.value("IdempotencyToken", 60)
    key = f"{hook.account}:{hook.call_mark}:{status}:{tail}:{hook.token}"
    if inbox.keep(_bare(hook), key, **_where(check), reply="") is None or not _is_call(check, hook):
        return
    greatest = callstate.greater(callstate.CALL_ORDER, check.status, status)
    changes: dict[str, object] = {"status": greatest, "call_sid": check.call_sid or hook.call_sid}
    if greatest in callstate.CALL_FINAL and check.ended_at is None:
        changes["ended_at"] = hook.at
    PhoneCheck.objects.filter(pk=check.pk).update(**changes)


@transaction.atomic
def settle_check(*, key: int, at: datetime) -> bool:
    """Draw the result of a verification call; key 1 takes the telephone into use, unless it was changed meanwhile."""
    holder = PhoneCheck.objects.filter(pk=key).values("operator_id")[:1]
    states = OperatorState.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    state = states.get(pk=holder)
    check = PhoneCheck.objects.select_for_update().get(pk=key)
    result = callstate.check_result(
        check.answer, check.status, (at - check.ended_at).total_seconds() if check.ended_at else -1.0,
        (at - check.made_at).total_seconds(),
    )  # fmt: skip
    if check.result or not result:
        return False
    if result == CheckResult.VERIFIED and state.phone is not None:
        state.phone_verified_at, state.uses_phone = at, True
        state.save(update_fields=["phone_verified_at", "uses_phone"])
        tell("phone_verified", state, by=state.user, at=at)
    PhoneCheck.objects.filter(pk=key).update(result=result, ended_at=check.ended_at or at)
    delete_record(check, at=at)
    return True


def _check_of(hook: Hook) -> PhoneCheck | None:
    rows = PhoneCheck.objects.select_for_update(of=("self",)).select_related("operator__user")
    return rows.filter(account=hook.account, token=int(hook.token)).first() if is_of_check(hook) else None


def _is_call(check: PhoneCheck | None, hook: Hook) -> bool:
    return check is not None and check.call_sid in ("", hook.call_sid)


def _is_this_call(check: PhoneCheck | None, hook: Hook) -> bool:
    """Tell whether a request belongs to the call that rings for a check which is still open."""
    return _is_call(check, hook) and not check.result


def _question(check: PhoneCheck) -> str:
    """Return the words, said twice, and the wait for a key: whoever takes a mobile to the ear late hears them too."""
    line, says = line_by_id(check.line_id), (ivr.Say("own_phone", check.operator.user.language),) * 2
    gather = ivr.Gather(ANSWERED, says, seconds=8)
    return twiml.render((gather,), twiml.Place(base=settings.PUBLIC_URL, turn=check.token), cells_of(line))


def _goodbye(check: PhoneCheck) -> str:
    cell = cells_of(line_by_id(check.line_id))("goodbye", check.operator.user.language or table.SOURCE)
    return twiml.document(twiml.spoken(cell), "<Hangup/>")


def _where(check: PhoneCheck | None) -> dict:
    return {"scope": (check.operator.user.country_id if check else None) or "*", "contact": None, "leg": None}


def _bare(hook: Hook) -> Hook:
    """Return the request without the numbers in it: the inbox keeps none of an operator's."""
    return replace(hook, fields={name: value for name, value in hook.fields.items() if name not in NUMBERS})


def _kept(hook: Hook, check: PhoneCheck | None, key: str, reply: str) -> str:
    if inbox.keep(_bare(hook), key, **_where(check), reply=reply) is None:
        return inbox.said_to(key)
    return reply
