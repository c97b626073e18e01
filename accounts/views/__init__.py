"""The screens of this room."""

from accounts.views.audit import AuditLog
from accounts.views.demo import DemoPeople
from accounts.views.officials import ImportConfirm, ImportOfficials
from accounts.views.own import Accept, Profile, admin_login
from accounts.views.people import Invite, People, Person, close, invite_again, reopen, revoke, sign_out

__all__ = [
    "Accept",
    "AuditLog",
    "DemoPeople",
    "ImportConfirm",
    "ImportOfficials",
    "Invite",
    "People",
    "Person",
    "Profile",
    "admin_login",
    "close",
    "invite_again",
    "reopen",
    "revoke",
    "sign_out",
]
