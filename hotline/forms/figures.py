"""Which line and days the figures are told of."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE, Day

HTCDS_REASONS = {
    "report": _("Report to a partner or donor"),
    "research": _("Research"),
    "statistics": _("National statistics"),
}
LONGEST = dt.timedelta(days=3 * 366)


class FiguresFilter(forms.Form):
    """A line of the country or all of them, and a first and a last day."""

    line = forms.ChoiceField(label=_("Line"), required=False)
    since = Day(label=_("From"), required=False)
    until = Day(label=_("Until"), required=False)

    def __init__(self, *args, today: dt.date, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["line"].choices = [("", _("All lines")), *((str(line.public_id), line.number) for line in lines)]

    def clean(self):
        """Refuse a period that is wholly to come, ends before it begins, or is longer than three years up to today."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and since > self.today:
            self.add_error("since", _("This day has not come yet. Choose today or an earlier one."))
        elif since and until and until < since:
            self.add_error("until", _("The last day lies before the first one."))
        elif since and min(until or self.today, self.today) - since > LONGEST:
            self.add_error("since", _("Choose three years at most."))
        return data

    def show(self, first: dt.date, last: dt.date) -> None:
        """Let the fields, and what is sent with them, be the period that is counted."""
        self.data = self.data.copy()
        self.data["since"], self.data["until"] = first.isoformat(), last.isoformat()


class HtcdsForm(forms.Form):
    """The quarter of a file of records, one of those that are over, and why it is taken out."""

    quarter = forms.ChoiceField(label=_("Quarter"))
    reason = forms.ChoiceField(label=_("Reason"), choices=[CHOOSE, *HTCDS_REASONS.items()])

    def __init__(self, *args, quarters=(), **kwargs):
        super().__init__(*args, auto_id="records_%s", **kwargs)  # beside another form
        self.fields["quarter"].choices = quarters


class QuarterFilter(forms.Form):
    """A country and one of its quarters that are over."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    quarter = forms.ChoiceField(label=_("Quarter"), required=False)

    def __init__(self, *args, countries=(), quarters=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [(one.code, one.name) for one in countries]
        self.fields["quarter"].choices = quarters
