"""What is said before a list of people leaves the house: in which format, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import LIST_REASONS, FileKind


class ListForm(forms.Form):
    """The format of a list of people, and why it is taken out."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Format"), choices=FileKind.choices)
    reason = forms.ChoiceField(
        label=_("Why you export the list"),
        choices=[("", _("Choose")), *LIST_REASONS],
        error_messages={"required": _("Choose why you export the list.")},
    )
