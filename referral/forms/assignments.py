"""Forms of who fills a role of the pathway."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms.fields import CHOOSE, Day
from languages.text import beside
from referral.forms.fields import AreaField

DESKS = (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)


class _ServiceField(forms.ModelChoiceField):
    def label_from_instance(self, service):
        """Return the agency and its service."""
        return beside(service.organisation, service, get_language())


class DeskForm(forms.Form):
    """The role in this house whose people are told of what the role must do."""

    staff_role = forms.ChoiceField(label=_("People of this house"), required=False)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, role, **kwargs):
        super().__init__(*args, initial={"staff_role": role.staff_role, "seen": role.seen}, **kwargs)
        nobody = _("As usual: %(role)s") % {"role": role.usual} if role.usual else _("Nobody of this house")
        choices = [(desk.value, desk.label) for desk in DESKS]
        if role.staff_role and role.staff_role not in DESKS:
            choices.append((role.staff_role, Role(role.staff_role).label))
        self.fields["staff_role"].choices = [("", nobody), *choices]


class AssignmentForm(forms.Form):
    """A service that fills a role, where, and when."""

    service = _ServiceField(label=_("Service"), queryset=None, to_field_name="public_id", empty_label=CHOOSE[1])
    area = AreaField(empty_label=_("whole country"))
    position = forms.IntegerField(
        label=_("Order"), help_text=_("Of services that fit a person equally well, the lower number stands first."),
        min_value=0, max_value=999, required=False,
    )  # fmt: skip
    valid_from = Day(label=_("Valid from"), required=False)
    valid_until = Day(label=_("Valid until"), required=False)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, role, services, country, **kwargs):
        self.next = max((row.position for row in role.services), default=0) + 1
        super().__init__(*args, initial={"position": self.next, "seen": role.seen}, **kwargs)
        self.fields["service"].queryset = services
        self.fields["area"].ask_in(country)

    def clean_position(self):
        """Return the order; who says none comes last."""
        told = self.cleaned_data["position"]
        return self.next if told is None else told

    def clean(self):
        """Refuse a last day before the first."""
        told = super().clean()
        first, last = told.get("valid_from"), told.get("valid_until")
        if first and last and first > last:
            self.add_error("valid_until", _("This day lies before the first day."))
        return told
