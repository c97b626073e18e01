"""What operators do before a call: be ready, and take one. What they do in it: hotline.actions.talking."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.answering import leave_answers
from hotline.actions.claims import release_lapsed_claims
from hotline.actions.orders import order
from hotline.actions.states import facts_of, hang_up_coming
from hotline.actions.timeline import add_events
from hotline.choices import CommandKind, Presence
from hotline.exposure import SHIFT
from hotline.models import BrowserTrial, Contact, Leg, OperatorState
from hotline.queries.exposure import break_until
from hotline.queries.heartbeat import is_silent
from hotline.queries.telephones import Reach, account_of, reach_of

CLOSED_FOR = timedelta(hours=1)
LEASE = timedelta(seconds=20)
PHONE_LEASE = timedelta(seconds=45)


class AlreadyTaken(Exception):
    """Raised when somebody else took the call first; `holder` is that person's name. Take the next one.

    So too, with no name, when the call was hidden from who takes it while she did: nothing of it is said.
    """

    def __init__(self, holder: str):
        super().__init__(holder)
        self.holder = holder


class NotReady(Exception):
    """Raised when an operator takes a call while on another, in wrap-up or away; become ready first."""


class BreakOwed(Exception):
    """Raised when somebody who heard more than her share wants the next call before her break is over; `until` then."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


class NoTelephone(Exception):
    """Raised when an operator takes a call of a live line and has neither a verified telephone nor a browser that serves."""


class NobodyRings(Exception):
    """Raised when an operator takes a call while orders of calls are not carried out: no telephone would ring for her.

    The caller is put through to telephones meanwhile; start the worker.
    """


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
    if row.state == Presence.ON_CALL or (row.state == Presence.OFFERED and _is_claimed(row, at)) or _talks_on(row):
        raise NotReady
    if state == Presence.READY and row.state != Presence.READY and (until := break_until(user, at)):
        raise BreakOwed(until)
    if state == Presence.READY and (row.state == Presence.OFF or is_back(row.seen_at, at)):
        begin_shift(row, at)
    row.state, row.since, row.seen_at, row.contact = Presence(state), at, at, None
    if state == Presence.READY:
        row.missed_offers = 0
    row.save(update_fields=["state", "since", "seen_at", "contact", "missed_offers"])
    accounts.record(by=by, verb="hotline.presence_set", thing=row, at=at, country=user.country_id or "", state=state)
    return row


def is_back(seen_at: datetime | None, at: datetime) -> bool:
    """Tell whether somebody's console was closed so long that she may sit at another desk now."""
    return seen_at is None or at - seen_at > CLOSED_FOR


def begin_shift(state: OperatorState, at: datetime) -> None:
    """Count on a browser no more that was not tried on this shift: it may be another one, without microphone or sound."""
    if state.in_browser and not BrowserTrial.objects.filter(operator=state.pk, ended_at__gt=at - SHIFT).exists():
        work_in_browser(state, False, at)


def work_in_browser(state: OperatorState, in_browser: bool, at: datetime) -> None:
    """Set whether an operator's calls reach her in the browser; on record where it changes."""
    if state.in_browser != in_browser:
        OperatorState.objects.filter(pk=state.pk).update(in_browser=in_browser)
        verb = "operator.browser_used" if in_browser else "operator.browser_left"
        country = state.user.country_id or ""
        accounts.record(by=state.user, verb=verb, thing=state.user, at=at, country=country)


def _talks_on(state: OperatorState) -> bool:
    """Tell whether an operator in wrap-up is still in a room that goes on for a third person without the caller.

    Whom the call names is not let go from its room before her own telephone has left it, whoever else is there.
    """
    if state.state != Presence.WRAP_UP or state.contact is None:
        return False
    legs = list(Leg.objects.filter(contact_id=state.contact_id))
    mine = facts_of([leg for leg in legs if leg.role == "operator" and leg.user_id == state.user_id])
    if any(one.is_in_room for one in mine) and state.contact.hides_from(state.user):
        return True
    facts = facts_of(legs)
    return callstate.is_anybody_left(facts) and any(one.is_in_room for one in facts if one.role == "operator")


def _is_claimed(state: OperatorState, at: datetime) -> bool:
    """Tell whether an operator's telephone may still join the call that she took."""
    rows = Contact.objects.filter(pk=state.contact_id, claimed_by=state.user_id, ended_at__isnull=True)
    return rows.filter(claimed_until__gte=at).exists()


@transaction.atomic
def take_call(*, contact: Contact, by: User, at: datetime) -> Contact:
    """Take a waiting call: one row update decides who has it; the operator's telephone is then rung, or her browser calls.

    The claim runs out if that telephone does not join: after twenty seconds, or 45 where an ordinary telephone has to
    be found, picked up and listened to.
    """
    if is_silent(at):
        raise NobodyRings
    _lock(Q(pk=contact.pk) | _held_by(by))
    if Contact.objects.get(pk=contact.pk).hides_from(by):
        raise AlreadyTaken("–")
    release_lapsed_claims(at=at, among=Q(claimed_by=by) | Q(pk=contact.pk))
    state = operator_state(by, at=at)
    how = reach_of(state, account_of(contact))
    if not how:
        raise NoTelephone
    if not _reserve(state, contact, at):
        raise NotReady
    free = Q(claimed_by__isnull=True) | Q(claimed_until__lt=at, connected_at__isnull=True)
    rows = Contact.objects.filter(
        free, pk=contact.pk, state__in=["waiting", "returned", "offered"], ended_at__isnull=True
    )
    lease = PHONE_LEASE if how == Reach.PHONE else LEASE
    taken = rows.update(
        claimed_by=by, claimed_until=at + lease, state="offered", operator_count=F("operator_count") + 1, changed_at=at
    )
    if not taken:
        held = Contact.objects.select_related("claimed_by").get(pk=contact.pk)
        raise AlreadyTaken(str(held.claimed_by or ""))
    claimed = Contact.objects.get(pk=contact.pk)
    bring_in(claimed, how, by, at)
    return claimed


def _reserve(state: OperatorState, contact: Contact, at: datetime) -> bool:
    """Mark a ready operator as offered this call; two tabs of one operator race here, and one wins."""
    rows = OperatorState.objects.filter(pk=state.pk, state=Presence.READY)
    return bool(rows.update(state=Presence.OFFERED, contact=contact, since=at, seen_at=at))


def bring_in(contact: Contact, how: Reach, by: User, at: datetime) -> Leg:
    """Make the leg of an operator who took a call, and have her telephone rung; a browser calls out by itself.

    A telephone of an earlier try that has not joined is hung up.
    """
    hang_up_coming(contact.legs.all(), at)
    caller = contact.legs.get(role="caller")
    leg = Leg.objects.create(
        contact=contact,
        role="operator",
        user=by,
        account=caller.account,
        label=f"op-{contact.operator_count}",
        made_at=at,
    )
    if how != Reach.BROWSER:
        order(CommandKind.DIAL, leg=leg, key=f"dial:{leg.pk}", at=at)
    add_events(contact, [("claimed", {"label": leg.label})], by=accounts.actor_id(by), at=at)
    accounts.record(by=by, verb="hotline.call_taken", thing=contact, at=at, country=contact.country_id or "")
    return leg
