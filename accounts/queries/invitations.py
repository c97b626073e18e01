"""Reads of invitations: by its link, by its address, and of links that a newer letter closed."""

from datetime import datetime

from accounts.models import Invitation, Letter


def letter_key(digest: str) -> str:
    """Return the key of the letter that brought a link."""
    return f"invitation:{digest[:40]}"


def is_replaced(digest: str) -> bool:
    """Tell whether a link was once sent and a newer letter to the same person replaced it."""
    receiver = Letter.objects.filter(key=letter_key(digest)).values_list("receiver", flat=True).first()
    if not receiver or Invitation.objects.filter(digest=digest).exists():
        return False
    return Invitation.objects.filter(user__public_id=receiver.rpartition(":")[2]).exists()


def is_invited(email: str, at: datetime) -> bool:
    """Tell whether an invitation to this address is open now."""
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None, ends_at__gt=at)
    return waiting.filter(user__email__iexact=email.strip()).exists()
