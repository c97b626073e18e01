"""What operators do with calls: be ready, take, hold, take back, shut the microphone, end."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.answering import leave_answers, release_lapsed_answers
from hotline.actions.orders import order
from hotline.actions.standby import lead_out_soon
from hotline.actions.timeline import add_events, note
from hotline.choices import CommandKind, Presence
from hotline.models import Command, Contact, Leg, OperatorState
from hotline.queries.contacts import lapsed_claims
from hotline.queries.heartbeat import is_silent
from hotline.queries.legs import locked_contact
from hotline.queries.telephones import needs_telephone

LEASE = timedelta(seconds=20)
PHONE_LEASE = timedelta(seconds=45)
MISSED_OFFERS = 2


class AlreadyTaken(Exception):
    """Raised when somebody else took the call first; `holder` is that person's name. Take the next one."""

    def __init__(self, holder: str):
        super().__init__(holder)
        self.holder = holder


class NotReady(Exception):
    """Raised when an operator takes a call while on another, in wrap-up or away; become ready first."""


class NoTelephone(Exception):
    """Raised when an operator without a verified telephone takes a call of a live line: nothing of hers could ring."""


class NobodyRings(Exception):
    """Raised when an operator takes a call while orders of calls are not carried out: no telephone would ring for her.

    The caller is put through to telephones meanwhile; start the worker.
    """


class NotInRoom(Exception):
    """Raised when an act needs the call to be in conversation and it is not, or not any more."""


def operator_state(user: User, *, at: datetime) -> OperatorState:
    """Return what an operator is doing, making the row at first use."""
    defaults = {"since": at, "token": f"op_{secrets.token_hex(8)}"}
    return OperatorState.objects.get_or_create(user=user, defaults=defaults)[0]


def _lock(contacts: Q) -> None:
    """Lock all contacts that an act may change, in one order, before the row of what its operator is doing."""
    list(Contact.objects.select_for_update(no_key=True).filter(contacts).order_by("pk").values_list("pk"))


def _held_by(user: User) -> Q:
    return Q(claimed_by=user, claimed_until__isnull=False)


@transaction.atomic
def set_presence(*, user: User, state: str, by: User, at: datetime) -> OperatorState:
    """Set what an operator is doing; while a call is held, only the call itself changes it."""
    operator_state(user, at=at)
    _lock(_held_by(user))
    release_lapsed_claims(at=at, among=Q(claimed_by=user))
    if state != Presence.READY:
        leave_answers(by=user, at=at)
    row = OperatorState.objects.select_for_update(no_key=True).get(user=user)
    if row.state == Presence.ON_CALL or (row.state == Presence.OFFERED and _is_claimed(row, at)):
        raise NotReady
    row.state, row.since, row.seen_at, row.contact = Presence(state), at, at, None
    if state == Presence.READY:
        row.missed_offers = 0
    row.save(update_fields=["state", "since", "seen_at", "contact", "missed_offers"])
    accounts.record(by=by, verb="hotline.presence_set", thing=row, at=at, country=user.country_id or "", state=state)
    return row


def _is_claimed(state: OperatorState, at: datetime) -> bool:
    """Tell whether an operator's telephone may still join the call that she took."""
    rows = Contact.objects.filter(pk=state.contact_id, claimed_by=state.user_id, ended_at__isnull=True)
    return rows.filter(claimed_until__gte=at).exists()


@transaction.atomic
def take_call(*, contact: Contact, by: User, at: datetime) -> Contact:
    """Take a waiting call: one row update decides who has it; the operator's telephone is then rung.

    The claim runs out if that telephone does not join: after twenty seconds, or 45 where an ordinary telephone has to
    be found, picked up and listened to.
    """
    if is_silent(at):
        raise NobodyRings
    _lock(Q(pk=contact.pk) | _held_by(by))
    release_lapsed_claims(at=at, among=Q(claimed_by=by) | Q(pk=contact.pk))
    state = operator_state(by, at=at)
    if not state.has_telephone and needs_telephone(contact):
        raise NoTelephone
    if not _reserve(state, contact, at):
        raise NotReady
    free = Q(claimed_by__isnull=True) | Q(claimed_until__lt=at, connected_at__isnull=True)
    rows = Contact.objects.filter(
        free, pk=contact.pk, state__in=["waiting", "returned", "offered"], ended_at__isnull=True
    )
    lease = PHONE_LEASE if state.has_telephone else LEASE
    taken = rows.update(
        claimed_by=by, claimed_until=at + lease, state="offered", operator_count=F("operator_count") + 1, changed_at=at
    )
    if not taken:
        held = Contact.objects.select_related("claimed_by").get(pk=contact.pk)
        raise AlreadyTaken(str(held.claimed_by or ""))
    claimed = Contact.objects.get(pk=contact.pk)
    _ring(claimed, state, by, at)
    return claimed


def _reserve(state: OperatorState, contact: Contact, at: datetime) -> bool:
    """Mark a ready operator as offered this call; two tabs of one operator race here, and one wins."""
    rows = OperatorState.objects.filter(pk=state.pk, state=Presence.READY)
    return bool(rows.update(state=Presence.OFFERED, contact=contact, since=at, seen_at=at))


def _ring(contact: Contact, state: OperatorState, by: User, at: datetime) -> None:
    for old in contact.legs.filter(role="operator", joined_at__isnull=True):
        if old.status not in callstate.CALL_FINAL:
            order(CommandKind.HANG_UP, leg=old, key=f"hang_up:{old.pk}", at=at)
    caller = contact.legs.get(role="caller")
    leg = Leg.objects.create(
        contact=contact,
        role="operator",
        user=by,
        account=caller.account,
        label=f"op-{contact.operator_count}",
        made_at=at,
    )
    order(CommandKind.DIAL, leg=leg, key=f"dial:{leg.pk}", at=at)
    add_events(contact, [("claimed", {"label": leg.label})], by=accounts.actor_id(by), at=at)
    accounts.record(by=by, verb="hotline.call_taken", thing=contact, at=at, country=contact.country_id or "")


def operator_leg(contact: Contact, by: User) -> Leg:
    """Return the leg of this operator that is in the room."""
    rows = contact.legs.filter(role="operator", user=by, joined_at__isnull=False, left_at__isnull=True)
    leg = rows.exclude(status__in=callstate.CALL_FINAL).order_by("-id").first()
    if leg is None:
        raise NotInRoom
    return leg


def caller_leg(contact: Contact) -> Leg:
    """Return the caller's leg, in the room with an operator: not while a question is asked by keys."""
    leg = contact.legs.get(role="caller")
    if leg.status in callstate.CALL_FINAL or not leg.room_sid or contact.step == "asked":
        raise NotInRoom
    return leg


@transaction.atomic
def hold(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the caller to be put on hold; it is on hold once the provider's callback says so."""
    contact = locked_contact(contact.pk)
    operator_leg(contact, by)
    leg = caller_leg(contact)
    order(CommandKind.HOLD, leg=leg, key=f"hold:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)
    note(contact, "hold_asked", by=by, at=at)


@transaction.atomic
def unhold(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the caller to be taken back."""
    contact = locked_contact(contact.pk)
    operator_leg(contact, by)
    leg = caller_leg(contact)
    order(CommandKind.UNHOLD, leg=leg, key=f"unhold:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)
    note(contact, "unhold_asked", by=by, at=at)


@transaction.atomic
def mute(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the operator's own microphone to be shut."""
    contact = locked_contact(contact.pk)
    leg = operator_leg(contact, by)
    order(CommandKind.MUTE, leg=leg, key=f"mute:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)


@transaction.atomic
def unmute(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the operator's own microphone to be opened."""
    contact = locked_contact(contact.pk)
    leg = operator_leg(contact, by)
    order(CommandKind.UNMUTE, leg=leg, key=f"unmute:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)


@transaction.atomic
def end_call(*, contact: Contact, by: User, at: datetime) -> None:
    """End a conversation: the operator's leg is hung up, the room ends with it, and the caller hears a goodbye.

    Asked for again, it is ordered anew only where the order was given up.
    """
    leg = operator_leg(contact, by)
    Contact.objects.filter(pk=contact.pk).update(end_asked_at=at)
    given_up = Command.objects.filter(leg=leg, kind=CommandKind.HANG_UP, failed_at__isnull=False).count()
    order(CommandKind.HANG_UP, leg=leg, key=f"end:{leg.pk}:{given_up}" if given_up else f"end:{leg.pk}", at=at)
    _end_question(contact, at)
    end_without_worker(at=at)
    note(contact, "end_asked", by=by, at=at)
    accounts.record(by=by, verb="hotline.call_ended", thing=contact, at=at, country=contact.country_id or "")


def _end_question(contact: Contact, at: datetime) -> None:
    """Lead a caller who is asked by keys to the goodbye: she is in no room that would end for her."""
    caller = contact.legs.filter(role="caller").first()
    if contact.step == "asked" and caller is not None:
        key = f"end_question:{contact.pk}:{contact.turn}"
        order(CommandKind.REDIRECT, leg=caller, key=key, at=at, step="queue", turn=contact.turn)


def end_without_worker(*, at: datetime) -> None:
    """Let this process hang up what was ended, should the worker be silent; whoever looks at such a call asks again."""
    if is_silent(at):
        lead_out_soon()


def release_lapsed_claims(*, at: datetime, among: Q | None = None) -> int:
    """Put back to the head of the queue the calls whose operator's telephone did not join in time, and to the texts
    those whose answerer's console is closed.

    The worker does so each second; so does everybody who looks at the console or acts there, should it be silent.
    """
    lapsed = lapsed_claims(at).filter(among or Q())
    return (_release(lapsed, at) if lapsed.exists() else 0) + release_lapsed_answers(at=at, among=among)


@transaction.atomic
def _release(lapsed: QuerySet[Contact], at: datetime) -> int:
    released = 0
    for contact in lapsed.select_for_update(no_key=True).order_by("pk"):
        was_answered = contact.connected_at is not None
        rows = Contact.objects.filter(pk=contact.pk, state="offered", claimed_until__lt=at)
        if not rows.update(
            claimed_by=None, claimed_until=None, state="returned" if was_answered else "waiting", changed_at=at
        ):
            continue
        released += 1
        add_events(contact, [("claim_lapsed", {})], by="worker", at=at)
        _miss(contact, at)
    return released


def _miss(contact: Contact, at: datetime) -> None:
    """Hang up the telephone that did not join; after two missed offers the operator is away."""
    for leg in contact.legs.filter(role="operator", joined_at__isnull=True):
        if leg.status not in callstate.CALL_FINAL:
            order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)
    for row in OperatorState.objects.filter(contact=contact, state=Presence.OFFERED):
        row.missed_offers += not is_silent(at)  # no telephone of hers rang then
        row.state = Presence.OFF if row.missed_offers >= MISSED_OFFERS else Presence.READY
        row.contact, row.since = None, at
        row.save(update_fields=["missed_offers", "state", "contact", "since"])
