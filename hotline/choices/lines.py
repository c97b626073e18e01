"""Fixed words of lines and the people on them, and the keys of a line."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(TextChoices):
    """How a line answers today."""

    NORMAL = "normal", pgettext_lazy("mode of a line", "Normal")
    MESSAGE = "message", _("Messages only")
    NO_QUEUE = "no_queue", _("Nobody new waits")
    FORWARD = "forward", _("Forwarded")
    DRILL = "drill", pgettext_lazy("mode of a line", "Drill")


class FlowState(TextChoices):
    """Whether callers hear a version of a call flow."""

    DRAFT = "draft", pgettext_lazy("call flow", "Draft")
    LIVE = "live", pgettext_lazy("call flow", "Live")
    RETIRED = "retired", pgettext_lazy("call flow", "Earlier")


class OffReason(TextChoices):
    """Why a line is switched off."""

    NUMBER = "number", _("The number ends or moves to somebody else.")
    PEOPLE = "people", _("Nobody can answer for some time.")
    FAULT = "fault", _("Calls do not come in as they should.")
    TRIAL = "trial", _("The trial is over.")
    OTHER = "other", _("For another reason.")


class OnReason(TextChoices):
    """Why a line that was off is switched on."""

    PEOPLE = "people", _("There are people to answer.")
    MENDED = "mended", _("What was wrong is put right.")
    MISTAKE = "mistake", _("It was switched off by mistake.")
    OTHER = "other", _("For another reason.")


class AnswersAs(TextChoices):
    """As whom an operator answers, where callers may ask for a woman or a man; nobody has to say it."""

    NOT_SAID = "", _("Not said")
    WOMAN = "woman", _("A woman")
    MAN = "man", _("A man")


class Presence(TextChoices):
    """What an operator is doing."""

    OFF = "off", pgettext_lazy("operator state", "Off")
    READY = "ready", pgettext_lazy("operator state", "Ready")
    OFFERED = "offered", pgettext_lazy("operator state", "Call coming")
    ON_CALL = "on_call", pgettext_lazy("operator state", "On call")
    WRAP_UP = "wrap_up", pgettext_lazy("operator state", "Wrap-up")
    BREAK = "break", pgettext_lazy("operator state", "Break")
    DEBRIEF = "debrief", pgettext_lazy("operator state", "Debrief")


class Duty(TextChoices):
    """What somebody does on a shift."""

    OPERATOR = "operator", _("Operator")
    INTERPRETER = "interpreter", _("Interpreter")


class SwapState(TextChoices):
    """Where the asking for somebody to take a shift stands."""

    ASKED = "asked", _("Waits for the colleague")
    AGREED = "agreed", _("Waits for a supervisor")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", pgettext_lazy("swap of a shift", "Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


SWAPS_OPEN = [SwapState.ASKED, SwapState.AGREED]


class CheckResult(TextChoices):
    """How the call ended that a telephone was verified by."""

    OPEN = "", _("It rings now")
    VERIFIED = "verified", _("Verified")
    NO_KEY = "no_key", _("Answered, but key 1 was not pressed")
    BUSY = "busy", _("It was busy")
    NO_ANSWER = "no_answer", _("Nobody answered")
    FAILED = "failed", _("It could not be reached")
    LOST = "lost", _("Nothing was heard of the call")
    UNOPENED = "unopened", _("This cannot be opened")
    REPLACED = "replaced", _("Another number was entered, or it was removed")


class LegRole(TextChoices):
    """Whose telephone a leg is."""

    CALLER = "caller", pgettext_lazy("leg of a call", "Caller")
    OPERATOR = "operator", pgettext_lazy("leg of a call", "Operator")
    INTERPRETER = "interpreter", pgettext_lazy("leg of a call", "Interpreter")
    AGENCY = "agency", pgettext_lazy("leg of a call", "Agency")
    SUPERVISOR = "supervisor", pgettext_lazy("leg of a call", "Supervisor")
    COLLEAGUE = "colleague", pgettext_lazy("leg of a call", "Colleague")
    DUTY = "duty", pgettext_lazy("leg of a call", "Duty phone")


# The safety set that the line asks by keys of a person who cannot speak: 1 is no, 2 is yes.
QUESTIONS = {
    "danger": _("Are you in danger now?"),
    "locked_in": _("Are you locked in?"),
    "overheard": _("Is someone listening?"),
    "hurt": _("Are you hurt?"),
    "under_18": _("Are you under 18?"),
    "send_police": _("Do you want the police to come?"),
    "may_text": _("May we send you a text message?"),
}


# Why a file cannot be what a prompt sounds like (hotline.sounds), and how to mend it.
SOUND_FAULTS = {
    "empty": _("The file is empty. Record it again."),
    "large": _("The file is larger than 5 MB. Save it as MP3, or as WAV with 16,000 samples a second."),
    "no_sound": _("The file is no WAV or MP3 sound, whatever its name says. Save it as WAV or MP3."),
    "broken": _("The sound breaks off or holds something else. Save it again as WAV or MP3."),
    "silent": _("Nothing can be heard in this file. Record it again, closer to the microphone."),
    "quiet": _(
        "The voice is too quiet to be lifted without the noise of the room. Record it again, closer to the microphone."
    ),
    "torn": _(
        "The voice is overdriven and sounds torn. Record it again, further from the microphone or with less gain."
    ),
    "length": _("The sound lasts %(seconds)s s; it must last at most %(most)s s, and not be empty."),
    "short": _(
        "Only %(seconds)s s can be heard: too short for these words. Record all of them, or choose the right file."
    ),
}
