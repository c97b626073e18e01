"""The e-mail outbox: queue, claim, mark. Sending itself is in accounts.tasks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import Letter

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
CLAIM = timedelta(minutes=2)
KEPT = timedelta(days=30)


def queue_letter(*, key: str, to: str, language: str, subject: str, text: str, at: datetime) -> Letter:
    """Put one e-mail into the outbox; the same key again returns the first letter, so nothing is sent twice."""
    first = {
        "to": to,
        "language": language,
        "subject": " ".join(subject.split())[:120],
        "text": text,
        "queued_at": at,
    }
    letter, _ = Letter.objects.get_or_create(key=key, defaults=first)
    return letter


@transaction.atomic
def claim_letters(*, at: datetime, limit: int = 20) -> list[Letter]:
    """Claim letters that are due, so that no second worker takes them for two minutes."""
    due = Letter.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=at), sent_at=None, failed_at=None)
    letters = list(due.select_for_update(skip_locked=True).order_by("queued_at", "id")[:limit])
    for letter in letters:
        letter.claimed_until = at + CLAIM
        letter.tries += 1
    Letter.objects.bulk_update(letters, ["claimed_until", "tries"])
    return letters


def mark_sent(*, letter: Letter, at: datetime) -> None:
    """Mark a letter as handed to the mail server; it is kept for thirty days."""
    Letter.objects.filter(pk=letter.pk, sent_at=None).update(sent_at=at, claimed_until=None, fault="")


def fail_letter(*, letter: Letter, fault: str, at: datetime) -> None:
    """Put a letter back for a later try, after growing pauses; after the fifth try give it up."""
    row = Letter.objects.filter(pk=letter.pk, sent_at=None)
    if letter.tries > len(PAUSES):
        row.update(failed_at=at, claimed_until=None, fault=fault[:80])
    else:
        row.update(claimed_until=at + PAUSES[letter.tries - 1], fault=fault[:80])


def drop_old_letters(*, at: datetime) -> int:
    """Delete letters that were sent or given up more than thirty days ago; return how many went."""
    over = at - KEPT
    gone, _ = Letter.objects.filter(Q(sent_at__lt=over) | Q(failed_at__lt=over)).delete()
    return gone
