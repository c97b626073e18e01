"""What the worker orders for a call back: its telephones rung, hung up, led to the cover phrase, their records deleted.

What the network reports of them, and what they hear: hotline.actions.called_back.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline import callstate, dialling
from hotline.actions.call_back import OWN, PERSON, close, is_hidden, locked_call_back, order_hang_up
from hotline.actions.called_back import COVERS, PICKED_UP, RINGS
from hotline.actions.circuit import CircuitOpen
from hotline.actions.ringing import PHONE_RING_SECONDS, RING_SECONDS, own_number
from hotline.choices.calling import CallBackState
from hotline.models import CallBack, Command, OperatorState
from hotline.queries.caller_ids import caller_id
from hotline.queries.dialling import facts_of
from hotline.queries.legs import lock_number
from hotline.queries.lines import line_by_id
from hotline.telephony import twiml
from hotline.telephony.base import Provider, ProviderBusy, ProviderDown, ProviderRefused
from hotline.telephony.providers import is_simulated

# What tells that an order to ring was not carried out; after any other fault nobody knows.
NEVER_RANG = (CircuitOpen, ProviderBusy, ProviderRefused)


def ring(command: Command, line: Provider, at: datetime) -> None:
    """Ring the operator's telephone, or the person's, each once; what cannot be rung or opened ends the call back."""
    act = _ring_own if command.arguments["who"] == OWN else _ring_person
    try:
        act(command, line, at)
    except (ProviderRefused, NoSealKey, SealError) as error:
        if isinstance(error, SealError) and not accounts.is_key_away(error):
            accounts.record_unopened(error, by="worker", at=at)
        _fail(command.arguments["call_back"], at)


def _ring_own(command: Command, line: Provider, at: datetime) -> None:
    row = CallBack.objects.select_related("contact").get(pk=command.arguments["call_back"])
    if row.ended_at is not None or row.own_sid or row.by_id is None:
        return
    state = OperatorState.objects.select_related("user").get(user_id=row.by_id)
    to, seconds = f"client:{state.token}", RING_SECONDS
    if state.has_telephone:
        to, seconds = own_number(state, at, by="worker"), PHONE_RING_SECONDS
    elif not is_simulated(row.account):
        raise ProviderRefused("no_telephone")
    sid = line.dial(to=to, seconds=seconds, **_from(row, RINGS, row.own_token))
    CallBack.objects.filter(pk=row.pk, own_sid="").update(own_sid=sid)
    _stop_if_over(row, OWN, at)


def _ring_person(command: Command, line: Provider, at: datetime) -> None:
    """Ring the person if it is safe at this moment, judged under the lock; each row rings once, whatever it meets.

    What certainly never rang is no try; without an answer nobody knows, and it counts.
    """
    with transaction.atomic():
        if command.contact is not None:
            lock_number(command.contact)
        row = locked_call_back(pk=command.arguments["call_back"])
        if row is None or row.ended_at is not None or row.state != CallBackState.PERSON:
            return
        if row.dialled_at is not None:  # an earlier try of this order may have rung: nobody knows
            close(row, CallBackState.FAILED, at)
            return
        if is_hidden(row):
            close(row, CallBackState.CANCELLED, at)
            return
        facts = facts_of(row.contact, at, but=row.pk)
        if code := dialling.why_not(facts):
            close(row, CallBackState.BLOCKED, at, blocked_by=code)
            return
        CallBack.objects.filter(pk=row.pk).update(dialled_at=at, nth=len(facts.dialled) + 1)
        field = "number" if row.contact.callback_number is None else "callback_number"
        number = accounts.reveal(row.contact, field, by="worker", at=at, reason="call back") or ""
    try:
        to = {"to": number, "seconds": PHONE_RING_SECONDS, "detects_machine": True}
        sid = line.dial(**to, **_from(row, PICKED_UP, row.person_token))
    except (ProviderDown, ProviderRefused) as error:
        _fail(row.pk, at, is_try=not isinstance(error, NEVER_RANG))
        return
    CallBack.objects.filter(pk=row.pk, person_sid="").update(person_sid=sid)
    _stop_if_over(row, PERSON, at)


def _stop_if_over(row: CallBack, who: str, at: datetime) -> None:
    """Have a telephone hung up whose call back ended while it was ordered: the order of then met no name of its call."""
    if CallBack.objects.filter(pk=row.pk, ended_at__isnull=False).exists():
        order_hang_up(row, who, at, key=f"hang_up_late:{row.pk}:{who}")


@transaction.atomic
def _fail(key: int, at: datetime, *, is_try: bool = True) -> None:
    """End a call back as failed, unless it ended meanwhile; either way its ring is taken back where it was no try."""
    row = locked_call_back(pk=key)
    if row is None:
        return
    if not is_try:
        row.dialled_at = row.nth = None
        row.save(update_fields=["dialled_at", "nth"])
    if row.ended_at is None:
        close(row, CallBackState.FAILED, at)


def _from(row: CallBack, step: str, token: int) -> dict[str, str]:
    return {
        "from_": caller_id(line_by_id(row.contact.line_id)),
        "url": f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/{step}/?t={token}{twiml.VOICE_FRAGMENT}",
        "status_url": twiml.status_address(settings.PUBLIC_URL, token),
    }


def _sid(command: Command) -> tuple[str, str]:
    if first := command.arguments.get("sid"):  # of a browser's first call, which another took the place of
        return first, ""
    row = CallBack.objects.get(pk=command.arguments["call_back"])
    name = command.arguments["who"]
    return getattr(row, f"{name}_sid"), getattr(row, f"{name}_status")


def hang_up(command: Command, line: Provider, at: datetime) -> None:
    """Hang up one telephone of a call back; a first browser that came late into a room does not end it."""
    sid, status = _sid(command)
    if room_sid := command.arguments.get("room"):
        line.set_room_end(room_sid, sid, ends=False)
    if sid and status not in callstate.CALL_FINAL:
        line.hang_up(sid)


def cover(command: Command, line: Provider, at: datetime) -> None:
    """Lead whoever picked up from the room to the cover phrase."""
    sid, status = _sid(command)
    row = CallBack.objects.get(pk=command.arguments["call_back"])
    if sid and status not in callstate.CALL_FINAL:
        address = f"{settings.PUBLIC_URL}{twiml.VOICE_PATH}/{COVERS}/?t={row.person_token}{twiml.VOICE_FRAGMENT}"
        line.redirect(sid, address)


def delete_record(command: Command, line: Provider, at: datetime) -> None:
    """Delete the provider's record of one of the two calls."""
    sid, _status = _sid(command)
    if sid:
        line.delete_call(sid)
        is_forgotten = command.contact is None or command.contact.erased_at is not None
        if is_forgotten and "who" in command.arguments:
            CallBack.objects.filter(pk=command.arguments["call_back"]).update(
                **{f"{command.arguments['who']}_sid": ""}
            )
