"""Which telephone the worker rings: an operator's for the call that she took, or the one that she wants verified."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline.actions import second_calls
from hotline.choices import CheckResult, LegRole, ThirdState
from hotline.models import Command, Leg, OperatorState, PhoneCheck, ThirdCall
from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import line_by_id
from hotline.queries.telephones import Reach, reach_of
from hotline.telephony import twiml
from hotline.telephony.base import Provider, ProviderRefused

RING_SECONDS = 20
PHONE_RING_SECONDS = 25
THIRD_SECONDS = timedelta(seconds=60)


def dial(command: Command, line: Provider, at: datetime) -> None:
    """Ring the holder of a claim: her own verified telephone with "press 1", else what the practice network answers.

    What stands now counts, not what stood when she took the call: a number that was changed meanwhile does not ring.
    """
    leg = command.leg
    if leg.call_sid or leg.contact.claimed_by_id != leg.user_id or leg.contact.ended_at:
        return
    if Leg.objects.filter(contact_id=leg.contact_id, role=LegRole.OPERATOR, pk__gt=leg.pk).exists():
        return  # the call was taken anew since: that telephone rings
    state = OperatorState.objects.select_related("user").get(user_id=leg.user_id)
    to, step, seconds = f"client:{state.token}", "softphone", RING_SECONDS
    if reach_of(state, leg.account) != Reach.PRACTICE:
        if not state.has_telephone:
            raise ProviderRefused("no_telephone")
        to, step, seconds = own_number(state, at, by="worker"), "whisper", PHONE_RING_SECONDS
    sid = line.dial(
        to=to, from_=caller_id(line_by_id(leg.contact.line_id)), seconds=seconds, url=_voice(step, leg.token),
        status_url=_status(leg.token),
    )  # fmt: skip
    second_calls.note_dialled(leg.pk, sid, at=at)


def dial_third(command: Command, line: Provider, at: datetime) -> None:
    """Ring the telephone of a third person who is still asked; one that was not dialled within the minute is not."""
    leg = command.leg
    rows = ThirdCall.objects.select_related("leg__contact", "agency__organisation")
    third = rows.filter(leg=leg, state=ThirdState.RINGING, asked_at__gt=at - THIRD_SECONDS).first()
    if leg.call_sid or third is None or leg.contact.ended_at:
        return
    sid = line.dial(
        to=_number_of_third(third, at), from_=caller_id(line_by_id(leg.contact.line_id)), seconds=RING_SECONDS,
        url=_voice(leg.role, leg.token), status_url=_status(leg.token),
    )  # fmt: skip
    second_calls.note_dialled(leg.pk, sid, at=at)


def _number_of_third(third: ThirdCall, at: datetime) -> str:
    """Return what rings: an agency's enrolled number, the duty phone, or her own verified telephone.

    On the practice network a colleague or supervisor without one is rung as an operator is.
    """
    if third.role == LegRole.AGENCY:
        try:
            number = (
                accounts.reveal(third.agency, "number", by="worker", at=at, reason="call_agency")
                if third.agency
                else ""
            )
        except (NoSealKey, SealError) as error:
            raise ProviderRefused("unopened") from error
        if not number:
            raise ProviderRefused("no_telephone")
        return number
    if third.leg.user_id is None:
        line = line_by_id(third.leg.contact.line_id)
        return line.duty_phone if line else settings.DUTY_PHONE
    state = OperatorState.objects.select_related("user").get(user_id=third.leg.user_id)
    if third.person_id and reach_of(state, third.leg.account) == Reach.PRACTICE:
        return f"client:{state.token}"
    if not state.has_telephone:
        raise ProviderRefused("no_telephone")
    return own_number(state, at, by="worker")


def own_number(state: OperatorState, at: datetime, *, by: str) -> str:
    """Return her number; one that cannot be opened is not counted on any more, until she enters it again.

    Where only its key is away it does not ring now, and she keeps her verified telephone for when the key is back.
    """
    try:
        return accounts.reveal(state, "phone", by=by, at=at, reason="ring operator") or ""
    except (NoSealKey, SealError) as error:
        if not accounts.is_key_away(error):
            OperatorState.objects.filter(pk=state.pk).update(phone_verified_at=None, uses_phone=False)
        raise ProviderRefused("unopened") from error


def verify(command: Command, line: Provider, at: datetime) -> None:
    """Ring the telephone that a person entered; whoever answers hears which key takes it into use."""
    check = PhoneCheck.objects.select_related("operator__user").get(pk=command.arguments["check"])
    if check.call_sid or check.result or check.operator.phone is None or not check.operator.user.is_active:
        return
    try:
        to = accounts.reveal(check.operator, "phone", by="worker", at=at, reason="verify telephone")
        sid = line.dial(
            to=to or "", from_=caller_id(line_by_id(check.line_id)), seconds=PHONE_RING_SECONDS,
            url=_voice("own-phone", check.token), status_url=_status(check.token),
        )  # fmt: skip
    except (NoSealKey, SealError) as error:
        _close(check, CheckResult.UNOPENED, at)
        raise ProviderRefused("unopened") from error
    except ProviderRefused:
        _close(check, CheckResult.FAILED, at)
        raise
    PhoneCheck.objects.filter(pk=check.pk, call_sid="").update(call_sid=sid)


def _close(check: PhoneCheck, result: str, at: datetime) -> None:
    PhoneCheck.objects.filter(pk=check.pk, result="").update(result=result, ended_at=at)


def _voice(step: str, token: int) -> str:
    return f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/{step}/?t={token}{twiml.VOICE_FRAGMENT}"


def _status(token: int) -> str:
    return f"{settings.PUBLIC_URL}/hotline/twilio/status/?t={token}{twiml.STATUS_FRAGMENT}"
