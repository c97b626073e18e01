"""Reads of invitations: by its link, by its address, and what became of links that a newer letter closed."""

from datetime import datetime

from accounts.models import Invitation, Letter


def letter_key(digest: str) -> str:
    """Return the key of the letter that brought a link."""
    return f"invitation:{digest[:40]}"


def link_mark(invitation: Invitation | None) -> str:
    """Return the mark of the link that an invitation has now; a newer link has another."""
    return invitation.invited_at.isoformat() if invitation else ""


def closed_because(invitation: Invitation, at: datetime) -> str:
    """Return why an invitation no longer opens (used, revoked, expired), or nothing while it does."""
    if invitation.accepted_at:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if at >= invitation.ends_at else ""


def state_of_newer(digest: str, at: datetime) -> str:
    """Return what became of the newer link that took the place of an older one, or nothing for no link of ours.

    It is replaced (the newer one is open), used, revoked or expired.
    """
    receiver = Letter.objects.filter(key=letter_key(digest)).values_list("receiver", flat=True).first()
    if not receiver:
        return ""
    newer = Invitation.objects.filter(user__public_id=receiver.rpartition(":")[2]).first()
    return (closed_because(newer, at) or "replaced") if newer else ""


def is_invited(email: str, at: datetime) -> bool:
    """Tell whether an invitation to this address is open now."""
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None, ends_at__gt=at)
    return waiting.filter(user__email__iexact=email.strip()).exists()
