"""The form that brings a service into a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE


class ServiceForm(forms.Form):
    """Which service, and that the caller said yes to speaking with it."""

    agency = forms.ChoiceField(
        label=_("Service"), help_text=_("Only numbers that stand in the directory, each change behind two people.")
    )
    agreed = forms.BooleanField(
        label=_("The caller has said yes to speaking with this service."),
        error_messages={"required": _("Ask the caller first. Without a yes nobody is rung.")},
    )
    how = forms.ChoiceField(choices=[("stay", ""), ("leave", "")], required=False, widget=forms.HiddenInput)

    def __init__(self, *args, agencies=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [CHOOSE, *((str(one.public_id), one.organisation.name) for one in agencies)]
