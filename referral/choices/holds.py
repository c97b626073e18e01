"""Why a case is kept for a court, and why it is kept no longer: codes that stay in its history."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoldReason(TextChoices):
    """Why nothing of a case may be erased."""

    COURT = "court", _("A court asked for it")
    INQUIRY = "inquiry", _("Police or a prosecutor asked for it")
    CLAIM = "claim", _("The person claims a right with it")


class LiftReason(TextChoices):
    """Why a case is kept no longer."""

    OVER = "over", _("The proceedings are over")
    NO_NEED = "no_need", _("Whoever asked needs it no longer")
    MISTAKE = "hold_mistake", _("It was held by mistake")
