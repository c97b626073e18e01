"""The telephone on which calls reach an operator: entered, verified by a call, changed, removed.

A number that was not verified never rings for a caller. Each act is recorded, without the number, and told to the
person by letter, so that nobody turns her calls to another telephone unseen.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions as accounts
from accounts.models import User
from accounts.sealing import NoSealKey, SealError
from hotline.actions.operators import operator_state
from hotline.actions.orders import order
from hotline.choices import CheckResult, CommandKind
from hotline.models import OperatorState, PhoneCheck, TelephonePin
from hotline.queries.telephones import line_to_ring_from

LETTER = "own_telephone"
OWN = ("public_id", "phone", "phone_verified_at", "uses_phone")
CALLS_AN_HOUR, HOUR = 3, 3600
RECORD_KEPT = 300.0  # seconds: the call is over by then
WHAT = {
    "phone_set": gettext_lazy("A telephone number was entered for your shifts. It rings once a call has verified it."),
    "phone_verified": gettext_lazy("A telephone was verified for your shifts. The calls that you take ring it now."),
    "phone_removed": gettext_lazy("The telephone for your shifts was removed."),
    "pin_set": gettext_lazy("A PIN was set for your telephone. Calls on your shifts ask for it in place of key 1."),
    "pin_removed": gettext_lazy("The PIN of your telephone was removed. Calls on your shifts ask for key 1 again."),
    "pin_refused": gettext_lazy("A wrong PIN was entered three times on your telephone, and the call was given back."),
}


class TooManyCalls(Exception):
    """Raised when a person, or a number, was rung three times within the hour; wait an hour."""


class NoLine(Exception):
    """Raised when the person's country has no line from which her telephone could be rung; have one set up first."""


class NoNumber(Exception):
    """Raised when a number is to be rung and none is entered, or it cannot be opened; enter it again."""


@transaction.atomic
def set_telephone(*, user: User, number: str, by: User, at: datetime) -> OperatorState:
    """Keep a person's number (E.164), sealed and unverified, and have it rung; the number that is verified stays so."""
    state = _locked(user, at)
    known = _opened(state, by, at) if state.phone is not None else None
    if known == number:
        return state if state.has_telephone else _ring(state, number, by, at)
    _close_open(state, at)
    _wipe(state, by, at, is_key_kept=known != "")
    accounts.seal(state, "phone", number)
    state.save(update_fields=OWN)
    tell("phone_set", state, by=by, at=at)
    return _ring(state, number, by, at)


@transaction.atomic
def ring_again(*, user: User, by: User, at: datetime) -> OperatorState:
    """Ring the number that is entered once more; while a call goes on, that one counts."""
    state = _locked(user, at)
    number = _opened(state, by, at) if state.phone is not None else ""
    if not number:
        raise NoNumber
    return state if state.has_telephone else _ring(state, number, by, at)


@transaction.atomic
def remove_telephone(*, user: User, by: User | str, at: datetime) -> bool:
    """Wipe a person's number: the row is emptied and what sealed it destroyed; tell whether there was one."""
    state = _locked(user, at)
    if state.phone is None:
        return False
    _close_open(state, at)
    _wipe(state, by, at)
    state.save(update_fields=OWN)
    TelephonePin.objects.filter(operator=state).delete()
    tell("phone_removed", state, by=by, at=at)
    return True


@transaction.atomic
def answer_as(*, user: User, who: str, at: datetime) -> None:
    """Keep as whom a person answers, where callers may ask for a woman or a man; "" where she does not say it."""
    operator_state(user, at=at)
    if OperatorState.objects.filter(user=user).exclude(answers_as=who).update(answers_as=who):
        accounts.record(by=user, verb="operator.answers_as", thing=user, at=at, country=user.country_id or "")


def tell(what: str, state: OperatorState, *, by: User | str, at: datetime) -> None:
    """Record what became of a telephone, and write to the person; the number stands in neither."""
    person = state.user
    accounts.record(by=by, verb=f"operator.{what}", thing=person, at=at, country=person.country_id or "")
    if not person.is_active:
        return
    with translation.override(person.language):
        subject = _("The telephone for your shifts")
        text = _(
            "%(what)s\n\nIf this was not you, change your password and tell an administrator at once.\n%(address)s"
        ) % {"what": WHAT[what], "address": settings.PUBLIC_URL + reverse("hotline:telephone")}
    accounts.queue_letter(
        key=f"{LETTER}:{what}:{person.public_id}:{at:%Y%m%d%H%M%S%f}", to=person.email, language=person.language,
        subject=subject, text=text, at=at, receiver=person,
    )  # fmt: skip


def _locked(user: User, at: datetime) -> OperatorState:
    operator_state(user, at=at)
    return OperatorState.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(user=user)


def _opened(state: OperatorState, by: User, at: datetime) -> str:
    """Return the number that is kept, or "" where it cannot be opened: any other takes its place."""
    try:
        return accounts.reveal(state, "phone", by=by, at=at, reason="own telephone") or ""
    except (NoSealKey, SealError):
        return ""


def _wipe(state: OperatorState, by: User | str, at: datetime, *, is_key_kept: bool = False) -> None:
    """Empty what is kept of a number; its key goes too where it is removed, or opens nothing any more."""
    state.phone, state.phone_verified_at, state.uses_phone = None, None, False
    if not is_key_kept:
        accounts.destroy_key(owner=state.seal_owner, by=by, at=at)
        state.public_id = uuid.uuid4()


def _close_open(state: OperatorState, at: datetime) -> None:
    """End the verification call that goes on; key 1 there means nothing any more."""
    for check in state.checks.filter(result=""):
        PhoneCheck.objects.filter(pk=check.pk, result="").update(result=CheckResult.REPLACED, ended_at=at)
        order(CommandKind.HANG_UP, key=f"check_over:{check.pk}", at=at, account=check.account, check=check.pk)
        delete_record(check, at=at)


def delete_record(check: PhoneCheck, *, at: datetime) -> None:
    """Order the deletion of the provider's record of a verification call, which has the number."""
    key = f"check_record:{check.pk}"
    order(CommandKind.DELETE_CALL, key=key, at=at, delay=RECORD_KEPT, account=check.account, check=check.pk)


def _ring(state: OperatorState, number: str, by: User, at: datetime) -> OperatorState:
    """Order one verification call; a second click while it goes on orders none."""
    if state.checks.filter(result="").exists():
        return state
    line = line_to_ring_from(state.user)
    if line is None:
        raise NoLine
    for key in (f"own_telephone:{state.user.public_id}", f"own_telephone:{number}"):
        if not accounts.count_attempt(key=key, limit=CALLS_AN_HOUR, seconds=HOUR, at=at):
            raise TooManyCalls
    check = PhoneCheck.objects.create(operator=state, line=line, account=line.account, made_at=at)
    order(CommandKind.VERIFY, key=f"verify:{check.pk}", at=at, account=line.account, check=check.pk)
    return state
