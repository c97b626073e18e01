"""The e-mail outbox: queue, claim, mark. Sending itself is in accounts.tasks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, QuerySet

from accounts.actions.audit import record
from accounts.actions.keys import key_ring, open_for_house, seal_for_house
from accounts.chain import thing_id
from accounts.choices import KEY_AWAY
from accounts.models import GIVEN_UP, Letter
from accounts.sealing import KeyAway, SealError, is_sealed

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
CLAIM = timedelta(minutes=2)
KEPT = timedelta(days=30)
# A letter whose key is away is looked at again after each pause, and given up when its words have long lost their sense.
KEY_PAUSE, KEY_WAIT = timedelta(minutes=10), timedelta(days=14)
KILLED = "killed"
FIRST = ("public_id", "receiver", "country_id", "to", "language", "subject", "text", "queued_at")


@dataclass(frozen=True)
class LetterWords:
    """What is opened of a letter: its address and its text; both empty once it was sent."""

    to: str
    text: str


def queue_letter(
    *, key: str, to: str, language: str, subject: str, text: str, at: datetime, receiver: models.Model | None = None
) -> Letter:
    """Put one e-mail into the outbox, sealed; the same key again returns the first letter, so nothing is sent twice.

    `receiver` is the row of whom it goes to (a person, a contact of an agency): its id and country stay when the rest
    is gone.
    """
    known = Letter.objects.filter(key=key).first()
    if known is not None:
        return known
    words = {"to": to, "language": language, "subject": subject, "text": text}
    letter = new_letter(key=key, at=at, receiver=receiver, **words)
    first = {name: getattr(letter, name) for name in FIRST}
    return Letter.objects.get_or_create(key=key, defaults=first)[0]


def new_letter(
    *, key: str, to: str, language: str, subject: str, text: str, at: datetime, receiver: models.Model | None
) -> Letter:
    """Return one e-mail for the outbox, sealed and not yet written: for those who write many at once."""
    subject = " ".join(subject.split())[:120]
    letter = Letter(key=key, receiver=thing_id(receiver), language=language, subject=subject, queued_at=at)
    letter.country_id = getattr(receiver, "country_id", None)
    seal_for_house(letter, "to", to)
    seal_for_house(letter, "text", text)
    return letter


def open_letter(letter: Letter) -> LetterWords:
    """Return the address and the text of a letter, for the worker that sends it and for the demo's own page.

    Both are sealed with one key: when one opens, what does not is damaged; when none opens it may be the key.
    """
    key_ring().keys("*")
    try:
        to = open_for_house(letter, "to")
    except SealError as error:
        if _may_be_the_key(letter):
            raise KeyAway(str(error)) from error
        raise
    return LetterWords(to or "", open_for_house(letter, "text") or "")


def _may_be_the_key(letter: Letter) -> bool:
    """Tell, of a letter whose address does not open, whether neither does its text, both being sealed values."""
    if not all(value is not None and is_sealed(value.raw) for value in (letter.to, letter.text)):
        return False
    try:
        open_for_house(letter, "text")
    except SealError:
        return True
    return False


def due_letters(at: datetime) -> QuerySet[Letter]:
    """Return the letters that are due and nobody is sending."""
    return Letter.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=at), sent_at=None, failed_at=None)


@transaction.atomic
def claim_letters(*, at: datetime, limit: int = 20) -> list[Letter]:
    """Claim letters that are due, so that no second worker takes them for two minutes."""
    due = due_letters(at)
    letters = list(due.select_for_update(skip_locked=True).order_by("queued_at", "id")[:limit])
    for letter in letters:
        letter.claimed_until = at + CLAIM
        letter.tries += 1
    Letter.objects.bulk_update(letters, ["claimed_until", "tries"])
    return letters


def mark_sent(*, letter: Letter, at: datetime) -> None:
    """Mark a letter as handed to the mail server and empty it; for thirty days the row says that it was sent."""
    row = Letter.objects.filter(pk=letter.pk, sent_at=None)
    row.update(sent_at=at, claimed_until=None, fault="", **_emptied())


@transaction.atomic
def fail_letter(*, letter: Letter, fault: str, at: datetime, for_good: bool = False) -> None:
    """Put a letter back for a later try, after growing pauses; after the fifth, or `for_good`, give it up and empty it.

    A letter given up is recorded; the case page and the work list tell of those with a link for an agency
    (referral.tasks), the list of lost letters of all others (accounts.queries.letters).
    """
    row = Letter.objects.filter(pk=letter.pk, sent_at=None, failed_at=None)
    if not for_good and letter.tries <= len(PAUSES):
        row.update(claimed_until=at + PAUSES[letter.tries - 1], fault=fault[:80])
    elif row.update(failed_at=at, claimed_until=None, fault=fault[:80], **_emptied()):
        facts = {"country": letter.country_id or "", "receiver": letter.receiver, "fault": fault[:80]}
        record(by="worker", verb="letter.given_up", thing=letter, at=at, **facts)


def gave_up_killed(*, letter: Letter, at: datetime) -> bool:
    """Give up a claimed letter that killed its worker in each of its tries, which are counted at the claim; tell whether."""
    if letter.tries <= len(PAUSES) + 1:
        return False
    fail_letter(letter=letter, fault=KILLED, at=at, for_good=True)
    return True


def hold_letter(*, letter: Letter, at: datetime) -> None:
    """Put a letter back whose key is away: nothing is emptied and no try is counted; after its usual life it is given up.

    So a wrong FANAL_SEAL_KEYS loses nothing, and a key that was taken out for good leaves no letter waiting for ever.
    """
    if at - letter.queued_at >= KEY_WAIT:
        fail_letter(letter=letter, fault="SealError", at=at, for_good=True)
        return
    row = Letter.objects.filter(pk=letter.pk, sent_at=None, failed_at=None)
    row.update(claimed_until=at + KEY_PAUSE, tries=max(letter.tries - 1, 0), fault=KEY_AWAY)


def _emptied() -> dict[str, None]:
    """Return what empties a letter; the demo keeps its letters, sealed, because its page shows them."""
    return {} if settings.KEEPS_LETTERS else {"to": None, "text": None}


def settle_letters(*, letters: QuerySet[Letter], at: datetime) -> int:
    """Note that nothing hangs any more on some letters that were given up; return how many were open."""
    return letters.filter(GIVEN_UP).update(settled_at=at)


def drop_old_letters(*, at: datetime) -> int:
    """Delete letters that were sent or given up more than thirty days ago; return how many went."""
    over = at - KEPT
    gone, _ = Letter.objects.filter(Q(sent_at__lt=over) | Q(failed_at__lt=over)).delete()
    return gone
