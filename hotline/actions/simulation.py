"""Writes of the practice network: what was done on an on-screen phone, what it heard, what became of its call."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from hotline.callers import by_whatsapp
from hotline.choices import ActKind, HeardKind, PhoneState
from hotline.models import Leg, Rehearsal, SimulatorAct, SimulatorCall, SimulatorLine, SimulatorPhone

FIRST_CALLER = "+231770001009"  # who dials when the demo begins, so that somebody waits; no visitor's phone has it
KEPT = timedelta(days=2)
LATE = timedelta(seconds=30)
OPEN = timedelta(seconds=15)  # since a phone asked what is new: it still stands on somebody's screen
OPEN_EVERY = timedelta(seconds=5)
PHONES_AT_ONCE = 200
TEXT_LIMIT = 1_600
TEXTS_ON_A_PHONE = 10  # that came before the phone was put on a screen


class PhoneIsBusy(Exception):
    """Raised when a phone that is in a call is to dial; hang up first."""


class NoCall(Exception):
    """Raised when a key is pressed or a line cut while no call goes on."""


def new_phone(*, number: str, at: datetime, typed: str = "") -> SimulatorPhone:
    """Put a telephone on a screen, with the number typed on it and the last texts to its own; forget those of two days ago.

    All beyond two hundred are forgotten too.
    """
    SimulatorPhone.objects.filter(made_at__lt=at - KEPT).delete()
    Rehearsal.objects.filter(started_at__lt=at - KEPT).delete()
    oldest = SimulatorPhone.objects.order_by("-made_at").values_list("pk", flat=True)[PHONES_AT_ONCE:]
    SimulatorPhone.objects.filter(pk__in=list(oldest)).delete()
    phone = SimulatorPhone.objects.create(number=number, dialled=typed, made_at=at)
    SimulatorLine.objects.bulk_create(
        SimulatorLine(
            phone=phone,
            kind=HeardKind.TEXT,
            text=act.payload["body"][:TEXT_LIMIT],
            at=act.done_at,
            detail=_way(act.payload["to"] == by_whatsapp(number)),
        )
        for act in _texts_to(number, at)
    )
    return phone


def _way(is_whatsapp: bool) -> dict[str, bool]:
    return {"whatsapp": True} if is_whatsapp else {}


def _texts_to(number: str, at: datetime) -> list[SimulatorAct]:
    """Return the last texts that the network brought to a number in two days, oldest first; a withheld number has none."""
    addresses = [number, by_whatsapp(number)]
    texts = SimulatorAct.objects.filter(kind=ActKind.REST, payload__order="message", payload__to__in=addresses)
    brought = texts.filter(done_at__gte=at - KEPT, fault="").order_by("-id")[:TEXTS_ON_A_PHONE] if number else ()
    return list(reversed(brought))


@transaction.atomic
def bring_text(*, number: str, text: str, is_whatsapp: bool, at: datetime) -> None:
    """Put a text, by which way it came, on every phone with a number, so that each of their pages shows it; a withheld number has none."""
    phones = SimulatorPhone.objects.filter(number=number) if number else SimulatorPhone.objects.none()
    keys = list(phones.order_by("-made_at").values_list("pk", flat=True))
    SimulatorLine.objects.bulk_create(
        SimulatorLine(phone_id=key, kind=HeardKind.TEXT, text=text[:TEXT_LIMIT], detail=_way(is_whatsapp), at=at)
        for key in keys
    )
    SimulatorPhone.objects.filter(pk__in=keys).update(changes=F("changes") + 1)


@transaction.atomic
def do(*, phone: SimulatorPhone, kind: str, at: datetime, **payload: str) -> SimulatorAct:
    """Write down what somebody did on a phone; the simulator's process carries it out."""
    row = SimulatorPhone.objects.select_for_update().get(pk=phone.pk)
    in_call, rings = row.state in (PhoneState.DIALLING, PhoneState.LIVE), row.state == PhoneState.RINGING
    if kind == ActKind.DIAL and (in_call or rings):
        raise PhoneIsBusy(row.dialled)
    if kind == ActKind.ANSWER and not rings:
        raise NoCall(row.dialled)
    if (
        not (kind == ActKind.HANG_UP and rings)
        and kind in (ActKind.PRESS, ActKind.SPEAK, ActKind.HANG_UP, ActKind.CUT)
        and not in_call
    ):
        raise NoCall(row.dialled)
    if kind == ActKind.DIAL:
        row.state, row.dialled, row.call_sid = PhoneState.DIALLING, payload["to"], ""
        row.started_at, row.ended_at = at, None
    row.changes = F("changes") + 1
    row.save()
    return SimulatorAct.objects.create(phone=phone, kind=kind, payload=payload, made_at=at)


def let_first_caller_go(*, called: str, at: datetime) -> None:
    """Let the demo's first caller hang up where she still waits on the line that a visitor calls now.

    N takes who waits longest, and the demo's steps say that it takes the visitor's own call. Whom an operator took stays.
    """
    is_taken = Q(contact__connected_at__isnull=False) | Q(contact__claimed_by__isnull=False)
    taken = Leg.objects.filter(is_taken, call_sid=OuterRef("call_sid")).exclude(call_sid="")
    calling = SimulatorPhone.objects.filter(number=FIRST_CALLER, dialled=called)
    for phone in calling.filter(~Exists(taken), state__in=[PhoneState.DIALLING, PhoneState.LIVE]):
        do(phone=phone, kind=ActKind.HANG_UP, at=at)


def take_acts(at: datetime, limit: int = 20) -> list[SimulatorAct]:
    """Return what is to be carried out by now, first things first."""
    due = SimulatorAct.objects.filter(Q(due_at=None) | Q(due_at__lte=at), done_at=None)
    return list(due.select_related("phone").order_by(Coalesce("due_at", "made_at"), "id")[:limit])


def claim_act(*, act: SimulatorAct, at: datetime) -> bool:
    """Take an act to carry it out; tell whether nobody else took it, so that two networks never do it twice."""
    return bool(SimulatorAct.objects.filter(pk=act.pk, done_at=None).update(done_at=at))


def note_fault(*, act: SimulatorAct, fault: str) -> None:
    """Keep why an act could not be carried out."""
    SimulatorAct.objects.filter(pk=act.pk).update(fault=fault[:120])


@transaction.atomic
def add_line(
    *, phone: SimulatorPhone, kind: str, at: datetime, text: str = "", language: str = "", detail: dict | None = None
) -> SimulatorLine:
    """Add one line to a phone's transcript and let its page see it."""
    SimulatorPhone.objects.filter(pk=phone.pk).update(changes=F("changes") + 1)
    return SimulatorLine.objects.create(
        phone=phone, kind=kind, text=text[:TEXT_LIMIT], language=language, detail=detail or {}, at=at
    )


@transaction.atomic
def set_call(*, phone: SimulatorPhone, state: str, at: datetime, sid: str = "") -> None:
    """Note what a phone's call has become."""
    values = {"state": state, "changes": F("changes") + 1}
    if sid:
        values["call_sid"] = sid
    if state == PhoneState.ENDED:
        values["ended_at"] = at
    if state == PhoneState.RINGING:
        values |= {"started_at": at, "ended_at": None}
    SimulatorPhone.objects.filter(pk=phone.pk).update(**values)


def know_call(*, sid: str, status: str, phone: SimulatorPhone | None = None, **data) -> None:
    """Keep what the network knows of a call, for whoever asks its REST interface."""
    values = {"status": status} | ({"phone": phone} if phone else {}) | ({"data": data} if data else {})
    SimulatorCall.objects.update_or_create(sid=sid, defaults=values)


def live_calls() -> list[SimulatorCall]:
    """Return the calls that a former process began and nobody ended; calls of operators that are over are forgotten."""
    live = SimulatorCall.objects.filter(status__in=["queued", "initiated", "ringing", "in-progress", "answered"])
    SimulatorCall.objects.filter(phone=None).exclude(pk__in=live.values("pk")).delete()
    return list(live)


def lost_phones() -> list[SimulatorPhone]:
    """Return the phones whose call nobody carries any more: the network was restarted."""
    return list(SimulatorPhone.objects.filter(state__in=[PhoneState.RINGING, PhoneState.LIVE]))


@transaction.atomic
def drop_late_acts(*, at: datetime) -> int:
    """Drop what waited too long for a network that was down, and end the phones that were dialling in vain."""
    is_late = Q(due_at=None, made_at__lt=at - LATE) | Q(due_at__lt=at - LATE)
    late = SimulatorAct.objects.filter(is_late, done_at=None)
    dialling = SimulatorPhone.objects.filter(acts__in=late.filter(kind=ActKind.DIAL), state=PhoneState.DIALLING)
    for phone in dialling.distinct():
        set_call(phone=phone, state=PhoneState.ENDED, at=at)
    return late.update(done_at=at, fault="too late")


def keep_open(*, phone: SimulatorPhone, at: datetime) -> None:
    """Note that a phone stands on a screen now, every five seconds at most: a call to its number rings there."""
    if phone.seen_at is None or at - phone.seen_at > OPEN_EVERY:
        SimulatorPhone.objects.filter(pk=phone.pk).update(seen_at=at)


def phone_to_ring(number: str, *, at: datetime) -> SimulatorPhone | None:
    """Return the newest phone on a screen with a number on which nothing goes on, for a call to it."""
    rows = (
        SimulatorPhone.objects.filter(number=number, seen_at__gt=at - OPEN)
        if number
        else SimulatorPhone.objects.none()
    )
    return rows.filter(state__in=[PhoneState.IDLE, PhoneState.ENDED]).order_by("-made_at").first()
