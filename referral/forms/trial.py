"""The form of a what-if: facts, answers of the steps, the start."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import refuse_far_days
from referral import pathways
from referral.queries import publishing, runs

NOT_KNOWN = ("", pgettext_lazy("answer", "not known"))
STOP = "stop"


class TrialForm(forms.Form):
    """Everything invented; nothing is written."""

    start = forms.DateTimeField(
        label=_("The report comes in at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[refuse_far_days],
    )

    def __init__(self, *args, pathway: pathways.Pathway, language: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.pathway = pathway
        self.fact_names, self.step_names = [], []
        for key, fact in pathway.facts.items():
            self._add_fact(key, fact, language)
        for key, step in pathway.steps.items():
            if step["kind"] in pathways.HUMAN:
                self._add_step(key, step, language)

    def _add_fact(self, key: str, fact: dict, language: str) -> None:
        label = str(runs.words(fact.get("label", key), language))
        name = f"fact_{key}"
        if fact["type"] == "bool":
            choices = [NOT_KNOWN, ("yes", _("yes")), ("no", _("no"))]
            field = forms.ChoiceField(label=label, choices=choices, required=False)
        elif fact["type"] == "int":
            field = forms.IntegerField(label=label, min_value=0, max_value=100_000, required=False)
        elif fact["type"] == "datetime":
            field = forms.DateTimeField(
                label=label, required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
                validators=[refuse_far_days],
            )  # fmt: skip
        else:
            labels = fact.get("choice_labels", {})
            choices = [(code, str(runs.words(labels.get(code, code), language))) for code in fact.get("choices", ())]
            field = forms.ChoiceField(label=label, choices=[NOT_KNOWN, *choices], required=False)
        self.fields[name] = field
        self.fact_names.append((key, name))

    def _add_step(self, key: str, step: dict, language: str) -> None:
        outcomes = pathways.outcomes_of(self.pathway, key)
        choices = [(code, publishing.outcome_words(code)) for code in outcomes] or [("", _("done"))]
        name, after = f"answer_{key}", f"after_{key}"
        self.fields[name] = forms.ChoiceField(
            label=str(runs.words(step["title"], language)),
            choices=[*choices, (STOP, _("nobody acts"))],
            required=False,
        )
        self.fields[after] = forms.IntegerField(label=_("after hours"), min_value=0, max_value=8760, required=False)
        self.step_names.append((key, name, after))

    @property
    def fact_fields(self):
        """Return the bound fields of the facts."""
        return [self[name] for _key, name in self.fact_names]

    @property
    def step_fields(self):
        """Return the bound fields of the steps, answer and time."""
        return [(self[name], self[after]) for _key, name, after in self.step_names]

    def facts(self) -> dict:
        """Return the facts that are known."""
        found = {}
        for key, name in self.fact_names:
            value = self.cleaned_data.get(name)
            if value in (None, ""):
                continue
            kind = self.pathway.facts[key]["type"]
            found[key] = (
                value == "yes"
                if kind == "bool"
                else value.isoformat()
                if kind == "datetime"
                else [value]
                if kind == "multi"
                else value
            )
        return found

    def answers(self) -> dict:
        """Return how each step is answered; None where nobody acts."""
        found = {}
        for key, name, after in self.step_names:
            told = self.cleaned_data.get(name)
            hours = dt.timedelta(hours=self.cleaned_data.get(after) or 0)
            if told == STOP:
                found[key] = None
            elif told or hours:
                found[key] = pathways.Answer(told or "", hours)
        return found
