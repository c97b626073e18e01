"""What comes in about a meeting of a group: when it is, how long, where."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from accounts.forms.fields import Day
from accounts.models import Country


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

    def __init__(self, *args, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(country.time_zone)
        self._shorten = self.fields.pop("shorten")

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
