"""What the worker does for this room: send letters, wrap keys anew, drop what is over."""

import hashlib
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from accounts import actions
from accounts.sealing import SealError

log = structlog.get_logger(__name__)

# What no later try can mend: words that cannot be opened, an address that no mail server can be told.
NEVER = (SealError, UnicodeError)


def send_letters(at: datetime) -> int:
    """Send the letters that are due, each on its own; what fails comes back after a pause, five times at most."""
    done = 0
    for letter in actions.claim_letters(at=at):
        try:
            _send(letter)
        except Exception as error:  # noqa: BLE001 -- whatever one letter meets, the next ones go out
            for_good = isinstance(error, NEVER)
            actions.fail_letter(letter=letter, fault=type(error).__name__, at=at, for_good=for_good)
            write = log.error if for_good else log.warning
            write("letter_failed", letter=letter.pk, tries=letter.tries, exception=type(error).__name__)
        else:
            actions.mark_sent(letter=letter, at=timezone.now())
            done += 1
    return done


def _send(letter) -> None:
    """Hand one letter to the mail server, with a time-out; the same letter always has the same message id."""
    timeout = {"timeout": settings.EMAIL_TIMEOUT} if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else {}
    name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers = {
        "Content-Language": letter.language,
        "Message-ID": f"<{name}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    words = actions.open_letter(letter)
    EmailMessage(
        letter.subject, words.text, None, [words.to], connection=get_connection(**timeout), headers=headers
    ).send()


def rewrap_keys(at: datetime) -> int:
    """Seal anew what stands under an older key of the installation: data keys, second factors, letters; in batches."""
    kinds = (actions.rewrap_keys, actions.reseal_factors, actions.reseal_letters)
    return sum(reseal(by="worker", at=at) for reseal in kinds)


def drop_old_rows(at: datetime) -> int:
    """Delete counts of windows that are over and letters older than thirty days."""
    return actions.drop_old_counts(at=at) + actions.drop_old_letters(at=at)


def fill_calendars(at: datetime) -> int:
    """Fill this and next year's holidays where a country has none yet."""
    return actions.fill_all_holidays(by="worker", at=at)


JOBS = [send_letters, rewrap_keys, drop_old_rows, fill_calendars]
