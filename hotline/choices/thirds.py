"""Fixed words of third persons in a call: interpreters, agencies, colleagues, supervisors."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ThirdState(TextChoices):
    """What became of asking a third person into a call."""

    ASKED = "asked", _("Asked, nothing rings yet")
    RINGING = "ringing", _("Ringing")
    ACCEPTED = "accepted", _("Joining")
    JOINED = "joined", _("In the call")
    OVER = "over", _("Has left the call")
    NOBODY = "nobody", _("Nobody answered")
    STOPPED = "stopped", _("Not asked any more")


class JoinMode(TextChoices):
    """How a supervisor is in a call: heard by all, or by the operator alone. The operator is shown which, before it is so."""

    OPEN = "open", _("Joins openly: everybody hears me")
    COACH = "coach", _("Coaches: only the operator hears me")


class JoinReason(TextChoices):
    """Why a supervisor asks to come into a call."""

    HELP = "help", _("The operator asked for help")
    DANGER = "danger", _("Somebody is in danger")
    NEW = "new", _("The operator is new")
    QUALITY = "quality", _("Quality of the line")
    WISH = "wish", _("The caller asked for a supervisor")


# While it stands there a telephone may still join.
THIRD_RINGS = (ThirdState.RINGING, ThirdState.ACCEPTED)
THIRD_OPEN = (ThirdState.ASKED, *THIRD_RINGS, ThirdState.JOINED)
# How the legs of each are named in their room (docs/algorithms/call-flow.md), and what callers hear when one comes.
THIRD_LABELS = {"interpreter": "int", "agency": "agency", "supervisor": "sup", "colleague": "col"}
THIRD_PROMPTS = {
    "interpreter": "interpreter_joins",
    "agency": "agency_joins",
    "supervisor": "joining",
    "colleague": "joining",
}
