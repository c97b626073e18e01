"""The PIN of an operator's own telephone: set, asked for, judged. Digits are kept nowhere, in no row and no inbox.

Whoever is forced to answer enters the other one: what she hears is the same, and those who supervise get a letter.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from accounts.queries import staff_of
from hotline.actions.inbox import Hook
from hotline.actions.operators import operator_state
from hotline.actions.telephones import tell
from hotline.models import Contact, OperatorState, TelephonePin
from hotline.queries.lines import LineFacts
from hotline.queries.sheets import speech_with
from hotline.queries.spoken import caller_language, cells_of
from hotline.telephony import twiml
from referral.queries.unserved import keepers_of

PURPOSE = "hotline.pin"
LETTER = "forced_pin"
RIGHT, FORCED, WRONG, NONE = "right", "forced", "wrong", "none"


@transaction.atomic
def set_pin(*, user: User, pin: str, forced: str, by: User, at: datetime) -> None:
    """Keep a PIN of four to six digits, and one of as many for when she is forced to answer ("" for none)."""
    state = operator_state(user, at=at)
    values = {
        "digest": _digests(state, pin)[0], "forced_digest": _digests(state, forced)[0] if forced else "", "length": len(pin),
        "set_at": at,
    }  # fmt: skip
    TelephonePin.objects.update_or_create(operator=state, defaults=values)
    tell("pin_set", state, by=by, at=at)


@transaction.atomic
def remove_pin(*, user: User, by: User, at: datetime) -> None:
    """Forget a person's PIN: her telephone asks for key 1 again."""
    state = operator_state(user, at=at)
    if TelephonePin.objects.filter(operator=state).delete()[0]:
        tell("pin_removed", state, by=by, at=at)


def _digests(state: OperatorState, pin: str) -> list[str]:
    return accounts.indexes_of(f"{state.token}:{pin}", PURPOSE)


def heard_first(contact: Contact) -> tuple[str, ...]:
    """Return what whoever is rung for a call hears first: that the person cannot talk freely, where it is so."""
    return () if speech_with(contact).is_free else ("not_free",)


def question(
    pin: TelephonePin | None, place: twiml.Place, line: LineFacts | None, languages: tuple[str, str], to: str,
    prompt: str = "whisper", before: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return what an operator's own telephone hears first: what calls, and the PIN or key 1 it waits for.

    `languages`: hers, and the caller's, "" where none was chosen. `prompt`: what is said where no PIN is set; who has one and
    is asked into a call of somebody else hears that, and is asked for her PIN. `before`: prompts that come first, to their end.
    """
    cells, (language, caller) = cells_of(line), languages
    if pin is not None:
        prompt = "join_pin" if prompt == "join_whisper" else "whisper_pin"
    said_in = cells(prompt, language).language
    spoken, digits = caller_language(caller, line, said_in), pin.length if pin else 1
    return twiml.whisper_document(place, cells, language, spoken, to, prompt, digits=digits, before=before)


def words_after(
    pin: TelephonePin | None, place: twiml.Place, line: LineFacts | None, language: str, before: Sequence[str]
) -> str:
    """Return what is said to who has a PIN once it was entered: what others hear before their key."""
    return twiml.said(place, cells_of(line), language, before) if pin else ""


def question_again(pin: TelephonePin, place: twiml.Place, cells: twiml.Cells, language: str, to: str) -> str:
    """Return what is heard after a wrong PIN: enter it again."""
    return twiml.pin_again_document(place, cells, language, to, pin.length)


def verdict(hook: Hook, pin: TelephonePin | None) -> str:
    """Return what was entered: the right PIN or key 1, the one of who is forced, a wrong one, or nothing."""
    entered = hook.value("Digits", 10)
    if pin is None:
        return RIGHT if entered[:1] == "1" else NONE
    if not entered:
        return NONE
    digests = _digests(pin.operator, entered)
    if pin.digest in digests:
        return RIGHT
    return FORCED if pin.forced_digest and pin.forced_digest in digests else WRONG


def without_digits(hook: Hook) -> Hook:
    """Return a request without what was entered, as it is kept."""
    return replace(hook, fields={name: value for name, value in hook.fields.items() if name != "Digits"})


def tell_forced(pin: TelephonePin, *, at: datetime) -> None:
    """Write to those who supervise that an operator answered under force; nothing of it stands where she works."""
    person = pin.operator.user
    accounts.record(by=person, verb="operator.pin_forced", thing=person, at=at, country=person.country_id or "")
    supervisors = [one for one in staff_of(person.country_id or "", "supervisor") if one != person]
    for one in supervisors or keepers_of(person.country_id or ""):
        _write(one, person, at)


def _write(receiver: User, person: User, at: datetime) -> None:
    with translation.override(receiver.language):
        subject = _("Somebody needs help")
        text = _(
            "%(name)s answered a call with the PIN that means: I am forced. Do not call or write to her telephone. Call"
            " the police, or do what you agreed for this.\n%(address)s"
        ) % {"name": person, "address": settings.PUBLIC_URL + reverse("hotline:board")}
    accounts.queue_letter(
        key=f"{LETTER}:{person.public_id}:{receiver.public_id}:{at:%Y%m%d%H%M%S%f}", to=receiver.email, language=receiver.language,
        subject=subject, text=text, at=at, receiver=receiver,
    )  # fmt: skip
