"""The people, their countries and offices, the keys of what is sealed, and the audit log."""

from accounts.models.people import Invitation, User, UserManager, moved
from accounts.models.places import Country, Holiday, Office, PublicContact
from accounts.models.post import GIVEN_UP, Letter, RateCount
from accounts.models.records import AuditEntry, AuditHead, DataKey, ErasedOwner
from accounts.models.seconds import SecondYes

__all__ = [
    "GIVEN_UP",
    "AuditEntry",
    "AuditHead",
    "Country",
    "DataKey",
    "ErasedOwner",
    "Holiday",
    "Invitation",
    "Letter",
    "Office",
    "PublicContact",
    "RateCount",
    "SecondYes",
    "User",
    "UserManager",
    "moved",
]
