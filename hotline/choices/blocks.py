"""Why a number is kept out of the queue, and for how long."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

BLOCKED = "blocked"  # the mark on a contact of a blocked number
# What is said in place of the words of that mark (marks.FLAGS) where the call was let in by key, and the lines of its
# timeline that tell so.
LET_IN = _("Number blocked, let in all the same: in danger, or cannot speak")
LETS_IN = ("danger_key", "cannot_speak")


class BlockReason(TextChoices):
    """Why a number is blocked."""

    ABUSE = "abuse", _("Insults or threatens those who answer")
    HOAX = "hoax", _("Calls again and again for fun")
    FLOOD = "flood", _("Keeps the line busy, so that others do not get through")


class BlockLength(IntegerChoices):
    """For how many hours."""

    HOUR = 1, _("1 hour")
    DAY = 24, _("1 day")
    WEEK = 168, _("7 days")
    MONTH = 720, _("30 days")
