"""What people type in this room, with limits and clear messages."""

from accounts.forms.countries import CountryForm, HolidayForm, NumberForm
from accounts.forms.exports import ListForm
from accounts.forms.factors import RemoveFactorsForm
from accounts.forms.fields import FreeText, PlainText
from accounts.forms.offices import OfficeForm
from accounts.forms.officials import ImportConfirmForm, OfficialsForm
from accounts.forms.people import AcceptForm, AuditFilter, InviteForm, PeopleFilter, PersonForm, ProfileForm
from accounts.forms.signin import (
    ActivateForm,
    AddKeyForm,
    ChangePasswordForm,
    ConfirmForm,
    FactorAgainForm,
    FactorForm,
    FirstPasswordForm,
    NewPasswordForm,
    ResetForm,
    SignInForm,
)

__all__ = [
    "OfficeForm",
    "NumberForm",
    "HolidayForm",
    "CountryForm",
    "AcceptForm",
    "ActivateForm",
    "AddKeyForm",
    "AuditFilter",
    "ChangePasswordForm",
    "ConfirmForm",
    "FactorAgainForm",
    "FactorForm",
    "FirstPasswordForm",
    "ImportConfirmForm",
    "InviteForm",
    "ListForm",
    "NewPasswordForm",
    "OfficialsForm",
    "PeopleFilter",
    "PersonForm",
    "PlainText",
    "ProfileForm",
    "RemoveFactorsForm",
    "ResetForm",
    "FreeText",
    "SignInForm",
]
