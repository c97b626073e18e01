"""The form with which staff begin a rehearsal."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hotline.queries.lines import line_by_id
from hotline.rehearsing import MIXED, MOST, SCENARIOS, scenarios_of

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
        self.plans = {str(line.public_id): facts.plan for line in lines if (facts := line_by_id(line.pk)) is not None}
        offered = {name for plan in self.plans.values() for name in scenarios_of(plan)}
        if self.plans:
            field = self.fields["scenario"]
            field.choices = [(name, said) for name, said in field.choices if name == MIXED or name in offered]

    def clean(self):
        """Refuse what callers of this line cannot do: its flow does not offer it."""
        given = super().clean()
        plan, scenario = self.plans.get(given.get("line", "")), given.get("scenario", MIXED)
        if plan is not None and scenario != MIXED and scenario not in scenarios_of(plan):
            refused = self.fields["scenario"].error_messages["invalid_choice"]
            self.add_error("scenario", ValidationError(refused, params={"value": WORDS[scenario]}))
        return given
