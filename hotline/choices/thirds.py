"""Fixed words of third persons in a call: interpreters, agencies, supervisors."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ThirdState(TextChoices):
    """What became of asking a third person into a call."""

    RINGING = "ringing", _("Ringing")
    ACCEPTED = "accepted", _("Joining")
    JOINED = "joined", _("In the call")
    OVER = "over", _("Has left the call")
    NOBODY = "nobody", _("Nobody answered")
    STOPPED = "stopped", _("Not asked any more")


# While it stands there a telephone may still join.
THIRD_RINGS = (ThirdState.RINGING, ThirdState.ACCEPTED)
# How the legs of each are named in their room (docs/algorithms/call-flow.md), and what callers hear when one comes.
THIRD_LABELS = {"interpreter": "int", "agency": "agency", "supervisor": "sup"}
THIRD_PROMPTS = {"interpreter": "interpreter_joins", "agency": "agency_joins", "supervisor": "joining"}
