"""Which provider serves an account."""

from django.conf import settings

from hotline.telephony import signature
from hotline.telephony.base import Provider
from hotline.telephony.browser import BrowserAccess, accesses_from
from hotline.telephony.practice import PracticeProvider
from hotline.telephony.twilio import TwilioProvider

SIMULATED_ACCOUNT = "AC" + "0" * 32


class NoSuchProvider(LookupError):
    """Raised when an order names an account for which no secret is set; set TWILIO_AUTH_TOKEN for it."""


def is_simulated(account: str) -> bool:
    """Tell whether an account is the simulator's: never in production, and never a real account's SID."""
    return settings.SIMULATOR and account == SIMULATED_ACCOUNT


def webhook_secrets() -> signature.Secrets:
    """Return the accounts of this installation and the secrets of their webhooks."""
    return signature.secrets_from(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_SHARED_KEY)


def browser_access(account: str) -> BrowserAccess | None:
    """Return by what browsers may call on an account, or None where that is not set up; TWILIO_VOICE_APP says so."""
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_VOICE_APP", "TWILIO_VOICE_KEY", "TWILIO_VOICE_SECRET")
    return accesses_from(*(getattr(settings, name) for name in names)).get(account)


def provider(account: str) -> Provider:
    """Return the provider of an account."""
    if is_simulated(account):
        return PracticeProvider(account)
    tokens = webhook_secrets().tokens.get(account)
    if settings.TWILIO_API_KEY and settings.TWILIO_API_SECRET:
        return TwilioProvider(account, settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET)
    if not tokens:
        raise NoSuchProvider(f"No secret is set for the account {account[:6]}….")
    return TwilioProvider(account, account, tokens[0])
