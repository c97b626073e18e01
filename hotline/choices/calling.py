"""Fixed words of calling back: where a call stands, and why none may be made."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hotline.choices.contacts import Cover


class CallBackState(TextChoices):
    """Where a call back stands; the first three are open."""

    OPERATOR = "operator", _("The operator's telephone rings")
    PERSON = "person", _("The person's telephone rings")
    TALKING = "talking", _("Somebody picked up")
    REACHED = "reached", _("The person was reached")
    UNSURE = "unsure", _("Ended before it was sure who it was")
    NOT_REACHED = "not_reached", _("Nobody picked up")
    MACHINE = "machine", _("A machine answered; nothing was said")
    STRANGE = "strange", _("A stranger answered; the safety state says no now")
    BLOCKED = "blocked", _("Not called: it was not safe any more")
    CANCELLED = "cancelled", _("Stopped: the safety state changed while it rang")
    NO_OPERATOR = "no_operator", _("The operator's telephone was not answered with key 1 or the PIN")
    FAILED = "failed", _("The network could not call")


# The same states, said to the one who calls.
YOURS: dict[str, str] = {
    CallBackState.OPERATOR: _("Your telephone rings: pick it up and press 1, or enter your PIN"),
    CallBackState.NO_OPERATOR: _("Your telephone was not answered with key 1 or your PIN"),
}
# The same to one whose telephone is the browser.
IN_BROWSER: dict[str, str] = {
    CallBackState.OPERATOR: _("Your browser joins the call: keep the window of its telephone open"),
    CallBackState.NO_OPERATOR: _("Your browser did not join the call"),
}
# The covers of which the recorded phrase speaks; every other one the operator says herself.
SAID_BY_LINE = frozenset({"", Cover.COURSE})
CALL_BACK_OPEN = (CallBackState.OPERATOR, CallBackState.PERSON, CallBackState.TALKING)
# Why a person may not be called back now (hotline.dialling): code -> words.
CALL_BARS: dict[str, str] = {
    "erased": _("This contact was erased."),
    "no_number": _("There is no number to call."),
    "on_the_line": _("This person is on the line now."),
    "not_safe": _("The safety state does not say that we may call this person."),
    "too_old": _("The safety state is older than 30 days. Ask again when the person calls."),
    "no_time": _("This person asked to be called back and did not say when it is safe."),
    "not_now": _("It is outside the hours that are safe for this person."),
    "under_way": _("This person is being called back now."),
    "tries": _("Three tries did not reach this person. Nobody calls again unless the person does."),
    "too_soon": _("The last try is less than an hour ago."),
    "busy": _("You are in a call, or its sheet is open. Finish that first."),
    "no_telephone": _("You have no verified telephone."),
    "silent": _("Calls cannot be rung through now."),
}


class SelfResult(TextChoices):
    """What came of a call of the line to itself."""

    HEARD = "heard", _("The line heard its own steps")
    NO_CALL = "no_call", _("The call did not arrive")
    NO_KEY = "no_key", _("The call arrived, its key was not heard")
    REFUSED = "refused", _("The network refused the call")
