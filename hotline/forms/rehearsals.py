"""The form with which staff begin a rehearsal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.rehearsing import MIXED, MOST, SCENARIOS

WORDS = {
    "asks": _("Asks for advice and waits for a person"),
    "danger": _("In danger: presses the danger key"),
    "danger_cut": _("In danger, and the line is cut"),
    "cannot_speak": _("Cannot speak: answers by keys"),
    "gives_up": _("Gives up after a minute"),
    "says_nothing": _("Waits, says nothing, and hangs up"),
    "line_cut": _("The line is cut after two minutes"),
    "message": _("Leaves a recorded message"),
    "call_back": _("Asks to be called back"),
}


class RehearsalForm(forms.Form):
    """Which line is called, what the callers do, how many call, and whether the network is a bad one."""

    line = forms.ChoiceField(label=_("Practice line"))
    scenario = forms.ChoiceField(
        label=_("What the callers do"),
        choices=[(MIXED, _("Each something else")), *((name, WORDS[name]) for name in SCENARIOS)],
    )
    callers = forms.IntegerField(label=_("How many call"), min_value=1, max_value=MOST, initial=1)
    is_rough = forms.BooleanField(
        label=_("A bad network: its reports come late, twice and in another order"), required=False
    )

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(str(line.public_id), f"{line.number} {line.name}") for line in lines]
