"""Rows below a step's form: who is told when it is late, further deadlines, the ways out of it."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import CHOOSE
from referral.choices import Basis, DeadlineType, EscalationAction, Outcome, TimeUnit
from referral.forms.conditions import ConditionFields
from referral.forms.fields import PlainTextField
from referral.forms.shown import RowsShown
from referral.models import Step

EMPTY = ("", pgettext_lazy("nothing chosen", "none"))


def anchors_of(step: Step) -> list:
    """Return from what a deadline of a step may be counted."""
    dates = [(f"fact:{fact.key}", fact.label_en) for fact in step.pathway.fact_rows.filter(type="datetime")]
    ends = [(f"step:{other.key}", other.title_en) for other in step.pathway.step_rows.exclude(pk=step.pk)]
    return [
        ("step_start", _("the start of this step")),
        ("case_opened", _("the opening of the case")),
        (_("a date that was told"), dates),
        (_("the end of another step"), ends),
    ]


class EscalationForm(forms.Form):
    """Who is told when a step is late."""

    offset = forms.IntegerField(
        label=_("Percent of the time after the deadline"), min_value=-90, max_value=500, initial=0,
        help_text=_("0 at the deadline, 50 half the time later, -20 a reminder before it."),
    )  # fmt: skip
    to = forms.ChoiceField(label=_("Role"))
    action = forms.ChoiceField(label=_("What"), choices=EscalationAction.choices, initial=EscalationAction.NOTIFY)

    def __init__(self, *args, roles: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [EMPTY, *roles]


class BaseEscalations(RowsShown, forms.BaseFormSet):
    """The escalations of a step; each share of time and act once."""

    def clean(self):
        """Refuse a rule that stands twice; a row that is not whole speaks for itself."""
        if any(self.errors):
            return
        rows = [(row["offset"], row["action"]) for row in self.rows]
        if len(set(rows)) < len(rows):
            raise ValidationError(_("The same escalation stands twice. Remove one of them."))

    @property
    def rows(self) -> list[dict]:
        """Return the filled rows, earliest first."""
        found = [
            {
                "offset": form.cleaned_data["offset"],
                "to": form.cleaned_data["to"],
                "action": form.cleaned_data["action"],
            }
            for form in self.forms
            if getattr(form, "cleaned_data", {}).get("to") and not form.cleaned_data.get("DELETE")
        ]
        return sorted(found, key=lambda row: row["offset"])

    @property
    def standing(self) -> list[dict]:
        """Return the rows that stand, earliest first."""
        return sorted(self.initial, key=lambda row: row["offset"])

    @property
    def differs(self) -> bool:
        """Tell whether what was sent, if it is whole, differs from what stands."""
        return self.is_valid() and self.rows != self.standing


Escalations = formset_factory(EscalationForm, formset=BaseEscalations, extra=1, can_delete=True, max_num=8)


class WindowForm(ConditionFields):
    """A further deadline of a step that counts only under a condition."""

    amount = forms.IntegerField(label=_("Time"), min_value=1, max_value=1000, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=TimeUnit.choices, initial=TimeUnit.HOURS)
    anchor = forms.ChoiceField(label=_("Counted from"))
    deadline_type = forms.ChoiceField(
        label=_("Meaning"), choices=DeadlineType.choices, initial=DeadlineType.WINDOW_CLOSES
    )
    basis = forms.ChoiceField(label=_("Rests on"), choices=Basis.choices, initial=Basis.DEFAULT)
    reference = PlainTextField(label=_("Reference"), max_length=300, required=False)

    field_order = ["amount", "unit", "anchor", "deadline_type", "basis", "reference"]

    def __init__(self, *args, step: Step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["anchor"].choices = anchors_of(step)

    def clean(self):
        """Ask for the reference of a decision."""
        cleaned = super().clean()
        if cleaned.get("basis") == Basis.DECIDED and not cleaned.get("reference"):
            self.add_error("reference", _("Say which body decided it, when, and in which document."))
        return cleaned


class BaseConditions(RowsShown, forms.BaseFormSet):
    """Rows that each carry a condition. `whens` are the present ones, by number."""

    def __init__(self, *args, whens: list | None = None, **kwargs):
        self.whens = whens or []
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index):
        """Give each row its present condition."""
        kwargs = super().get_form_kwargs(index)
        when = self.whens[index] if index is not None and index < len(self.whens) else None
        return kwargs | {"when": when}

    @property
    def standing(self) -> list[dict]:
        """Return the rows that stand, each with its condition."""
        return [row | {"when": when} for row, when in zip(self.initial, self.whens, strict=True)]


class BaseWindows(BaseConditions):
    """The further deadlines of a step."""

    @property
    def rows(self) -> list[dict]:
        """Return the filled rows."""
        names = ("amount", "unit", "anchor", "deadline_type", "basis", "reference", "when")
        told = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return [{name: row.get(name) for name in names} for row in told if row.get("amount") and not row.get("DELETE")]

    @property
    def differs(self) -> bool:
        """Tell whether what was sent, if it is whole, differs from what stands."""
        return self.is_valid() and self.rows != self.standing


Windows = formset_factory(WindowForm, formset=BaseWindows, extra=1, can_delete=True, max_num=6)


class WayForm(ConditionFields):
    """One way out of a step: where to, on which outcome, when."""

    to_step = forms.ModelChoiceField(label=_("On to"), queryset=Step.objects.none(), empty_label=CHOOSE[1])
    outcome = forms.ChoiceField(label=_("On the outcome"), required=False)
    on_unknown = forms.BooleanField(label=_("Also when it was asked and is not known"), required=False)

    field_order = ["to_step", "outcome"]

    def __init__(self, *args, step: Step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_step"].queryset = step.pathway.step_rows.exclude(pk=step.pk)
        own = [(code, code.replace("_", " ")) for code in step.outcomes.split() if code not in Outcome.values]
        self.fields["outcome"].choices = [EMPTY, *Outcome.choices, *own]


class BaseWays(BaseConditions):
    """The ways out of a step, in order."""

    @property
    def rows(self) -> list[dict]:
        """Return the filled rows, in order."""
        names = ("to_step", "outcome", "when", "on_unknown")
        return [
            {name: form.cleaned_data.get(name) for name in names}
            for form in self.ordered_forms
            if form.cleaned_data.get("to_step")
        ]

    @property
    def plain_rows(self) -> list[dict]:
        """Return the rows as they stand in the step: where to by its key."""
        return [row | {"to_step": row["to_step"].pk} for row in self.rows]


Ways = formset_factory(WayForm, formset=BaseWays, extra=1, can_delete=True, can_order=True, max_num=20)
