"""Fixed words of the telephone in the browser: what came of a trial, why no token is given."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TrialResult(TextChoices):
    """What came of trying an operator's browser as a telephone; the first three let it serve."""

    GOOD = "good", _("The browser is your telephone.")
    WEAK = "weak", _("The browser is your telephone. The connection is weak: callers may hear gaps.")
    PRACTICE = "practice", _("The browser is your telephone. Practice: the practice network speaks for you.")
    NO_MICROPHONE = "no_microphone", _("This machine has no microphone that the browser can use.")
    NOT_ALLOWED = "not_allowed", _("The browser was not allowed to use the microphone.")
    NO_CONNECTION = "no_connection", _("The telephone network cannot be reached from here.")
    NO_SOUND = "no_sound", _("No sound comes through: this network lets only web pages pass.")
    BAD_LINE = "bad_line", _("The connection is too bad to talk.")


SERVES = (TrialResult.GOOD, TrialResult.WEAK, TrialResult.PRACTICE)
# Why the browser is given no token now: code -> words.
TOKEN_BARS: dict[str, str] = {
    "off_shift": _("You are off shift. Begin your shift in the console, then try again."),
    "not_set_up": _("No line of your country can be answered in the browser. Use your own telephone."),
    "in_call": _("You are in a call. Try the browser when it is over."),
}
