"""The telephone in the browser: its token, the trial of it, and the call that it makes to us.

It only calls out. Who calls is told by the identity in its token, which we made; which call it joins is told by our own
rows, never by what the browser sends along. Nobody who holds no claim gets into a room.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts import actions as accounts
from accounts.models import User
from hotline import softphone
from hotline.actions.called_back import back_by_browser
from hotline.actions.claims import release_lapsed_claims
from hotline.actions.inbox import Hook
from hotline.actions.joining import refuse, room_place, stored_reply, third_by_browser
from hotline.actions.operators import LEASE, PHONE_LEASE, bring_in, operator_state, take_call, work_in_browser
from hotline.actions.rooms import goodbye, kept
from hotline.actions.second_tries import is_second_try
from hotline.callers import caller_from
from hotline.choices import SERVES, Duty, LegRole, Presence, TrialResult
from hotline.models import BrowserTrial, Contact, Leg, OperatorState
from hotline.queries.legs import locked_contact, locked_legs
from hotline.queries.lines import line_by_id
from hotline.queries.serving import may_serve
from hotline.queries.softphone import IN_CALL, account_for, lines_of, token_bar
from hotline.queries.spoken import cells_of
from hotline.queries.telephones import Reach, line_to_ring_from
from hotline.telephony import twiml
from hotline.telephony.providers import browser_access, is_simulated
from hotline.telephony.tokens import browser_token
from languages import table

TRIAL = timedelta(seconds=90)  # from the asking for a token until the trial call has come


class NoToken(Exception):
    """Raised when a browser is given no token; `code` (hotline.choices.TOKEN_BARS) says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def token_for(*, user: User, at: datetime) -> str:
    """Return a token for an operator who is on shift, good for an hour; "" where the practice network serves her."""
    state, account = operator_state(user, at=at), account_for(lines_of(user))
    if bar := token_bar(state, account):
        raise NoToken(bar)
    access = browser_access(account)
    return "" if is_simulated(account) or access is None else browser_token(access, state.token)


@transaction.atomic
def begin_trial(*, user: User, at: datetime) -> str:
    """Note that an operator tries her browser, and return the token for it: the call that comes now is a trial."""
    token, state = token_for(user=user, at=at), operator_state(user, at=at)
    if state.state in IN_CALL:
        raise NoToken("in_call")
    BrowserTrial.objects.update_or_create(operator=state, defaults={"begun_at": at, "ended_at": None, "result": ""})
    return token


@transaction.atomic
def end_trial(*, user: User, trial: softphone.Trial, at: datetime) -> BrowserTrial:
    """Keep what was measured; where it is good the browser is her telephone now, else it is no more."""
    operator_state(user, at=at)
    state = OperatorState.objects.select_for_update(no_key=True).get(user=user)
    is_practice = is_simulated(account_for(lines_of(user))) and not trial.problem
    result = TrialResult.PRACTICE if is_practice else TrialResult(softphone.judged(trial))
    values = {"ended_at": at, "result": result, "delay": trial.delay, "jitter": trial.jitter, "lost": trial.lost}
    row, _made = BrowserTrial.objects.update_or_create(
        operator=state, defaults=values, create_defaults=values | {"begun_at": at}
    )
    work_in_browser(state, result in SERVES, at)
    return row


def choose_telephone(*, user: User, lost: Contact | None, at: datetime) -> None:
    """Let an operator's own telephone take the place of her browser, at once.

    A call that she took and has not joined rings it; the one whose connection was cut, if she has one, is taken again.
    """
    if not _change_over(user, at) and lost is not None:
        take_call(contact=lost, by=user, at=at)


@transaction.atomic
def _change_over(user: User, at: datetime) -> bool:
    """Set that her telephone rings from now on; tell whether a call that she holds rings it."""
    held = operator_state(user, at=at).contact_id
    contact = locked_contact(held) if held else None
    release_lapsed_claims(at=at, among=Q(pk=held))
    state = OperatorState.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(user=user)
    work_in_browser(state, False, at)
    if contact is None or state.contact_id != contact.pk or state.state != Presence.OFFERED or not state.has_telephone:
        return False
    waits = Contact.objects.filter(pk=contact.pk, claimed_by=user, ended_at=None, state="offered")
    if not waits.update(claimed_until=at + PHONE_LEASE, operator_count=F("operator_count") + 1, changed_at=at):
        return False
    contact.refresh_from_db()
    bring_in(contact, Reach.PHONE, user, at)
    return True


@transaction.atomic
def join_by_browser(*, hook: Hook) -> str:
    """Let the browser of the operator who holds a claim into that call's room, of whoever is asked into a colleague's into
    that one's, of whoever calls a person back into hers; say that a trial was heard; send away others.

    Repeat-safe by the inbox. A second browser of the same person finds her leg taken and is sent away; one that tries
    again, once, gets a new leg.
    """
    if stored := stored_reply(hook):
        return stored
    state = _who_calls(hook)
    leg = _leg_of(hook, state) if state else None
    if leg is not None:
        mine = Leg.objects.filter(contact=leg.contact_id, role=LegRole.OPERATOR, user=state.user_id)
        if is_second_try(hook, leg, mine.filter(made_at__gte=state.since)):
            leg = _leg_anew(hook, leg)
    if leg is not None:
        is_hers = leg.call_sid in (None, hook.call_sid) and not leg.contact.hides_from(leg.user)
        if not is_hers or not may_serve(leg.user, Duty.OPERATOR, leg.contact.country_id or ""):
            _record_refusal(hook, state)
            return refuse(hook, leg, leg.user.language)
        Leg.objects.filter(pk=leg.pk).update(call_sid=hook.call_sid)
        return kept(hook, leg, twiml.join_document(room_place(leg)))
    for let_in in (third_by_browser, back_by_browser) if state else ():
        if (reply := let_in(hook=hook, user=state.user)) is not None:
            return reply
    if state is not None and BrowserTrial.objects.filter(operator=state, begun_at__gt=hook.at - TRIAL).exists():
        return kept(hook, None, _trial_words(state.user))
    if state is not None:
        _record_refusal(hook, state)
    return kept(hook, None, goodbye(None, state.user.language if state else table.SOURCE))


def _who_calls(hook: Hook) -> OperatorState | None:
    """Return whose browser calls: of an account by which browsers may call, by the identity that stands in its token."""
    caller = caller_from(hook.value("From"))
    if caller.kind != "client" or not (browser_access(hook.account) or is_simulated(hook.account)):
        return None
    rows = OperatorState.objects.select_related("user")
    return rows.filter(token=caller.value, user__is_active=True).first()


def _leg_of(hook: Hook, state: OperatorState) -> Leg | None:
    """Return the newest leg of the call that this operator holds and has not joined, locked with its contact."""
    rows = locked_legs().filter(account=hook.account, role=LegRole.OPERATOR, user=state.user_id, joined_at=None)
    held = rows.filter(contact=state.contact_id, contact__claimed_by=state.user_id, contact__ended_at=None)
    leg = held.order_by("-pk").first() if state.contact_id else None
    if leg is None or Leg.objects.filter(contact=leg.contact_id, role=LegRole.OPERATOR, pk__gt=leg.pk).exists():
        return None
    leg.user = state.user
    return leg


def _leg_anew(hook: Hook, leg: Leg) -> Leg:
    """Return a new leg in place of one that did not get into the room; what is left of the old call is hung up."""
    contact, user = leg.contact, leg.user
    Contact.objects.filter(pk=contact.pk).update(
        claimed_until=hook.at + LEASE, operator_count=F("operator_count") + 1, changed_at=hook.at
    )
    contact.refresh_from_db()
    return bring_in(contact, Reach.BROWSER, user, hook.at)


def _trial_words(user: User) -> str:
    line = line_to_ring_from(user)
    cells = cells_of(line_by_id(line.pk) if line else None)
    return twiml.trial_document(cells("goodbye", user.language or table.SOURCE))


def _record_refusal(hook: Hook, state: OperatorState) -> None:
    country = state.user.country_id or ""
    accounts.record(by=state.user, verb="operator.browser_refused", thing=state.user, at=hook.at, country=country)
