"""What comes in about a meeting of a group: when it is, how long, where."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from accounts.forms.fields import Day
from training.models import Cohort

AFTER_DEADLINE = dt.timedelta(days=90)  # a group may meet once more when all have finished
AHEAD = dt.timedelta(days=365)  # where no deadline is set


class SessionForm(forms.Form):
    """A meeting: the day and the time by the country's clock, how long, where."""

    day = Day(label=_("Day"), error_messages={"required": _("Choose a day.")})
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Enter a time such as 09:30.")},
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=600, initial=120)
    place = PlainText(label=_("Place"), max_length=150, required=False)

    shorten = forms.BooleanField(label=_("It was shorter"), required=False)

    def __init__(self, *args, cohort: Cohort, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort, self.today = cohort, today
        self.zone = ZoneInfo(cohort.country.time_zone)
        self._shorten = self.fields.pop("shorten")

    def clean_day(self) -> dt.date:
        """Refuse a day on which the group has not begun, and one that is out of all reach; one that stands may stand."""
        day, group = self.cleaned_data["day"], self.cohort
        if "day" not in self.changed_data:
            return day
        if day < group.begins_on:
            words = _("The group begins on %(day)s. Choose this day or a later one, or let the group begin earlier.")
            raise ValidationError(words % {"day": date_format(group.begins_on, "DATE_FORMAT")})
        if day > (last := self._last_day()):
            words = _("A session of this group can be on %(day)s at the latest. Choose an earlier day.")
            if group.due_on:
                words = _(
                    "A session of this group can be on %(day)s at the latest. Choose an earlier day, or give the group a"
                    " later deadline first."
                )
            raise ValidationError(words % {"day": date_format(last, "DATE_FORMAT")})
        return day

    def _last_day(self) -> dt.date:
        """Return the last day that is within reach: of a deadline, where there is one, also of one that is over."""
        group = self.cohort
        if group.due_on:
            return max(group.due_on, self.today) + AFTER_DEADLINE
        return max(group.begins_on, self.today) + AHEAD

    def facts(self) -> dict:
        """Return what the action takes."""
        given = self.cleaned_data
        starts_at = dt.datetime.combine(given["day"], given["time"], self.zone)
        return {"starts_at": starts_at.astimezone(dt.UTC), "minutes": given["minutes"], "place": given["place"]}

    @property
    def is_to_shorten(self) -> bool:
        """Tell whether it was said that the meeting was shorter than people are down for."""
        return bool(self.data.get(self.add_prefix("shorten")))

    def ask_to_shorten(self, why: Exception) -> None:
        """Say for how many it would be too short, and ask whether it was: nobody is asked who shortens nothing."""
        self.add_error("minutes", str(why))
        self.fields["shorten"] = self._shorten
        self.order_fields(["day", "time", "minutes", "shorten"])
