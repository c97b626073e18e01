"""What reports and lists are narrowed by."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Day, PlainText
from accounts.models import Country
from training.queries.readiness import LAPSING, NOBODY


class ReportFilter(forms.Form):
    """Filters that the reports share: a country, a course."""

    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), required=False, empty_label=_("All countries")
    )
    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, *args, countries, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = countries
        self.fields["course"].choices = [("", _("All courses")), *courses]


class CompletionFilter(ReportFilter):
    """Filters of the completion report."""

    months = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[
            ("", _("From the beginning")),
            ("3", _("Last 3 months")),
            ("6", _("Last 6 months")),
            ("12", _("Last 12 months")),
        ],
    )
    group = forms.ChoiceField(
        label=_("Group by"), required=False, choices=[("office", _("Office")), ("country", _("Country"))]
    )


class CourseReportFilter(ReportFilter):
    """Filters of a report on one course: the first, where none is chosen."""

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, courses=courses, **kwargs)
        self.fields["course"].choices = courses


class ReadinessFilter(ReportFilter):
    """Filters of the report on readiness: also a day that is past, and which offices are looked for."""

    day = Day(label=_("As it was on"), required=False, help_text=_("Empty means now."))
    show = forms.ChoiceField(
        label=_("Offices"),
        required=False,
        choices=[
            ("", _("All offices")),
            (NOBODY, _("Nobody is current")),
            (LAPSING, _("Somebody lapses within 90 days")),
        ],
    )

    def clean_day(self):
        """Return the day; one that has not come cannot be told."""
        day = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier one."))
        return day


class CertificateFilter(forms.Form):
    """Filters of the list of certificates."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    code = PlainText(
        label=_("Code or name"),
        required=False,
        max_length=150,
        help_text=_("A part of the account's name, or the whole name as it is printed."),
    )

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [("", _("All courses")), *courses]
