"""The form of an office."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import OfficeKind
from accounts.forms.fields import CHOOSE, Day, PlainText
from accounts.officials import office_name

MOST_STAFF = 100_000


class OfficeForm(forms.Form):
    """An office, new or to be corrected; `seen` is the mark of what the form showed."""

    name = PlainText(
        label=_("Name"), max_length=150, help_text=_("As its people call it. A file of officials names it the same.")
    )
    kind = forms.ChoiceField(label=_("Kind of office"), choices=[CHOOSE, *OfficeKind.choices])
    area = PlainText(label=_("Region"), max_length=100, required=False)
    staff_count = forms.IntegerField(
        label=_("Officials who work here"),
        min_value=0,
        max_value=MOST_STAFF,
        required=False,
        help_text=_("How many there are, with or without an account. Leave it empty if nobody has counted."),
    )
    staff_counted_on = Day(label=_("Counted on"), required=False, help_text=_("Empty means today."))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def clean_name(self):
        """Return the name with single spaces, as it is kept."""
        return office_name(self.cleaned_data["name"])

    def clean_staff_counted_on(self):
        """Return the day; one to come is refused."""
        day = self.cleaned_data["staff_counted_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is still to come. Choose the day of the count."), code="future")
        return day

    def clean(self):
        """Let a count without a day be of today, and no count have no day."""
        cleaned = super().clean()
        if cleaned.get("staff_count") is None:
            cleaned["staff_counted_on"] = None
        elif "staff_counted_on" in cleaned:
            cleaned["staff_counted_on"] = cleaned["staff_counted_on"] or timezone.localdate()
        return cleaned
