"""The screens of this room."""

from accounts.views.audit import AuditLog
from accounts.views.countries import (
    Countries,
    Country,
    Number,
    holiday_add,
    holiday_remove,
    number_checked,
    number_remove,
)
from accounts.views.demo import DemoPeople
from accounts.views.exports import export_officials
from accounts.views.factors import RemoveFactors
from accounts.views.letters import Letters, letter_again, letter_off, letters_again
from accounts.views.offices import Office, Offices, office_close, office_reopen
from accounts.views.officials import ImportConfirm, ImportOfficials
from accounts.views.own import Accept, Profile, admin_login
from accounts.views.people import Invite, People, Person, close, invite_again, reopen, revoke, sign_out

__all__ = [
    "Office",
    "Offices",
    "office_close",
    "office_reopen",
    "Letters",
    "letter_again",
    "letter_off",
    "letters_again",
    "number_remove",
    "number_checked",
    "holiday_remove",
    "holiday_add",
    "Number",
    "Country",
    "Countries",
    "Accept",
    "export_officials",
    "AuditLog",
    "DemoPeople",
    "ImportConfirm",
    "ImportOfficials",
    "Invite",
    "People",
    "Person",
    "Profile",
    "RemoveFactors",
    "admin_login",
    "close",
    "invite_again",
    "reopen",
    "revoke",
    "sign_out",
]
