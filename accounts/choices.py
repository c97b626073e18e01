"""Fixed words of the people's room: roles, hotline days, kinds of public contacts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be; the codes outlive their labels."""

    LEARNER = "learner", _("Learner")
    TRAINER = "trainer", _("Trainer")
    OPERATOR = "operator", _("Hotline operator")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Programme manager")
    TRANSLATOR = "translator", _("Translator")
    INTERPRETER = "interpreter", _("Interpreter")
    FOCAL_POINT = "focal_point", _("Agency focal point")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


# Roles that may open a case, or change what many people read: never without a second factor.
SECOND_FACTOR_ROLES = frozenset(
    {"operator", "supervisor", "manager", "focal_point", "administrator", "translator", "analyst"}
)


class OfficeKind(TextChoices):
    """What kind of place an official works in."""

    COURT = "court", _("Court")
    PROSECUTION = "prosecution", _("Prosecutor's office")
    POLICE = "police", _("Police station")
    BORDER = "border", _("Border post")
    DISTRICT = "district", _("District office")
    CIVIL_PROTECTION = "civil_protection", _("Civil protection")
    AGENCY = "agency", _("Agency")
    OTHER = "other", _("Other office")


class ContactKind(TextChoices):
    """What a public number of a country is for."""

    HOTLINE = "hotline", _("Hotline")
    POLICE = "police", _("Police")
    CHILD = "child", _("Child helpline")
    REFERRAL = "referral", _("Referral contact")
    AMBULANCE = "ambulance", _("Ambulance")
    FIRE = "fire", _("Fire brigade")
    LABOUR = "labour", _("Labour office")
    OTHER = "other", _("Other number")
