"""The number that a caller types to be called back on: read, sealed, and found again for a key that the end overtook."""

import phonenumbers

from accounts import actions as accounts
from accounts import sealing
from accounts.fields import Sealed
from hotline import callers, ivr
from hotline.actions import arrivals, inbox
from hotline.models import Contact, WebhookEvent

WITHOUT_EFFECT = ("second_answer", "not_now")  # the marks of requests that moved nothing


def typed_number(digits: str, contact: Contact) -> str:
    """Return the number that a caller typed for a call back, in E.164, or ""."""
    typed = digits.rstrip("#")
    return callers.e164(f"+{typed[2:]}" if typed.startswith("00") else typed, contact.country_id or "")


def sealed_number(digits: str, contact: Contact) -> str | None:
    """Return the number that a caller typed, sealed; None for what is no number, and for a contact that a replay erased
    while the call went on.
    """
    number = typed_number(digits, contact)
    if not number or contact.erased_at is not None:
        return None
    key = accounts.data_key(contact.public_id, contact.seal_scope)
    return sealing.seal(number, key, f"{arrivals.CONTACT_TABLE}.callback_number", str(contact.public_id))


def find_again(contact: Contact) -> None:
    """Put the number that was read back last into a contact in memory, where the report of the end overtook the key.

    With that report the number was forgotten, since nobody had said that it is right; but who pressed a key pressed it
    before the end. It is taken from the request with which it was typed, and is written down only with a Yes (`turns`).
    """
    if contact.step != ivr.READ_BACK or contact.ended_at is None or contact.callback_number is not None:
        return
    asked = WebhookEvent.objects.filter(contact_id=contact.pk, step="callback", turn__lt=contact.turn)
    for row in asked.filter(payload__isnull=False).order_by("-turn", "-pk"):
        if set(WITHOUT_EFFECT) & set(row.flags.split()):
            continue
        digits = _digits(row)
        if ivr.is_number(digits):
            sealed = sealed_number(digits, contact)
            contact.callback_number = Sealed(sealed) if sealed else None
            return


def _digits(row: WebhookEvent) -> str:
    try:
        return inbox.opened(row).get("Digits", [""])[0]
    except (sealing.SealError, sealing.NoSealKey):
        return ""


def as_dialled(number: str, contact: Contact) -> str:
    """Return a number as it is dialled in the country of the contact."""
    parsed = phonenumbers.parse(number)
    if parsed.country_code != phonenumbers.country_code_for_region(contact.country_id or ""):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
