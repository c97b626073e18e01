"""Fixed words of the practice network."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PhoneState(TextChoices):
    """What an on-screen phone is doing."""

    IDLE = "idle", pgettext_lazy("state of a phone", "Ready to dial")
    DIALLING = "dialling", pgettext_lazy("state of a phone", "Dialling")
    RINGING = "ringing", pgettext_lazy("state of a phone", "Ringing")
    LIVE = "live", pgettext_lazy("state of a phone", "On the line")
    ENDED = "ended", pgettext_lazy("state of a phone", "Hung up")


class ActKind(TextChoices):
    """What was done on an on-screen phone, or asked of the practice network."""

    DIAL = "dial", _("Dialled")
    ANSWER = "answer", _("Picked up")
    PRESS = "press", _("Pressed a key")
    SPEAK = "speak", _("Spoke")
    HANG_UP = "hang_up", _("Hung up")
    CUT = "cut", _("The line was cut")
    TEXT = "text", _("Sent a text message")
    REST = "rest", _("An order of the worker")


class HeardKind(TextChoices):
    """What a line of a transcript is."""

    SAID = "said", _("The line said")
    DID = "did", _("You")
    TEXT = "text", _("Text message")
    ROOM = "room", _("In the room")
    ASKED = "asked", _("The network asked the line")
