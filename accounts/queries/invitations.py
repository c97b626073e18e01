"""Reads of invitations: by its link, by its address, and what became of links that a newer letter closed."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Invitation, Letter, User


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


@dataclass(frozen=True)
class Standing:
    """How an invitation stands: why its link is closed, what the letter that brought it met, whether that is given up."""

    closed: str
    fault: str = ""
    is_lost: bool = False

    @property
    def is_opened(self) -> bool:
        """Tell whether she has her account: she used the link, or never needed one."""
        return self.closed == "used"

    @property
    def is_waiting(self) -> bool:
        """Tell whether she has not used her link and nobody closed it."""
        return self.closed in {"", "expired"}


def standing_of(person: User, at: datetime) -> Standing:
    """Return how the invitation of a person stands, and its letter; who never had one needs none."""
    invitation = Invitation.objects.filter(user=person).first()
    if invitation is None:
        return Standing("used")
    closed = closed_because(invitation, at)
    letter = Letter.objects.filter(key=letter_key(invitation.digest), sent_at=None).first()
    if letter is None:
        return Standing(closed)
    return Standing(closed, letter.fault, is_lost=letter.failed_at is not None)
