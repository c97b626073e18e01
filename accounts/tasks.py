"""What the worker does for this room: send letters, wrap keys anew, drop what is over."""

import hashlib
import smtplib
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from accounts import actions
from accounts.sealing import KeyAway, NoSealKey, SealError

log = structlog.get_logger(__name__)

BATCH = 20

# What a mail server that is away, slow or unwilling looks like.
REFUSED = (OSError, smtplib.SMTPException)
# What no later try can mend: words that were damaged (a key that is away comes back), an address that no mail server can be told.
NEVER = (SealError, UnicodeError)


def send_letters(at: datetime) -> int:
    """Send the letters that are due, each on its own; what fails comes back after a pause, five times at most.

    Each is claimed just before it goes, and a batch ends by the clock: no claim runs out while a slow mail server has
    the letters before it. One connection carries the batch.
    """
    if not actions.due_letters(at).exists():
        return 0
    done, office = 0, _Office()
    for _turn, now in actions.paced(range(BATCH), at):
        letter = next(iter(actions.claim_letters(at=now, limit=1)), None)
        if letter is None:
            break
        done += _send_one(letter, office, now)
    office.close()
    return done


def _send_one(letter, office, at: datetime) -> bool:
    """Send one claimed letter, or put it back; tell whether it went."""
    if actions.gave_up_killed(letter=letter, at=at):
        return False
    with actions.alone(
        "letter_failed", known=(*REFUSED, KeyAway, NoSealKey), subject=letter.pk, tries=letter.tries
    ) as met:
        office.send(_message(letter))
    if actions.is_key_away(met.error):
        actions.hold_letter(letter=letter, at=at)
        return False
    if met.error is not None:
        for_good = isinstance(met.error, NEVER)
        actions.fail_letter(letter=letter, fault=type(met.error).__name__, at=at, for_good=for_good)
        return False
    actions.mark_sent(letter=letter, at=timezone.now())
    return True


class _Office:
    """The mail server during one batch: one connection, and once it does not let us in, not asked again."""

    def __init__(self):
        timeout = {"timeout": settings.EMAIL_TIMEOUT} if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else {}
        self.connection = get_connection(**timeout)
        self.fault: Exception | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one message over; after a fault the next one gets a connection of its own."""
        if self.fault is not None:
            raise self.fault
        try:
            self.connection.open()
        except REFUSED as error:
            self.fault = error
            raise
        message.connection = self.connection
        try:
            message.send()
        except REFUSED:
            self.close()
            raise

    def close(self) -> None:
        """End the connection; a server that is gone by then has said all it had to say."""
        try:
            self.connection.close()
        except REFUSED as error:
            log.info("mail_server_left", exception=type(error).__name__)


def _message(letter) -> EmailMessage:
    """Return the message of a letter, opened; the same letter always has the same message id."""
    name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers = {
        "Content-Language": letter.language,
        "Message-ID": f"<{name}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    words = actions.open_letter(letter)
    return EmailMessage(letter.subject, words.text, None, [words.to], headers=headers)


def rewrap_keys(at: datetime) -> int:
    """Seal anew what stands under an older key of the installation: data keys, second factors, letters; in batches."""
    kinds = (actions.rewrap_keys, actions.reseal_factors, actions.reseal_letters)
    return sum(reseal(by="worker", at=at) for reseal in kinds)


def drop_old_rows(at: datetime) -> int:
    """Delete counts of windows that are over, letters older than thirty days, and sessions that are over."""
    return actions.drop_old_counts(at=at) + actions.drop_old_letters(at=at) + actions.drop_sessions(at=at)


def fill_calendars(at: datetime) -> int:
    """Fill this and next year's holidays where a country has none yet."""
    return actions.fill_all_holidays(by="worker", at=at)


LETTER_JOBS = [send_letters]
HOUSE_JOBS = [rewrap_keys, drop_old_rows, fill_calendars]
JOBS = [*LETTER_JOBS, *HOUSE_JOBS]
