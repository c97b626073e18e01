"""The roster: the week, the proof of the coming days, shifts, and how a line answers today."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.models import User
from accounts.rules import allowed
from hotline.actions import rosters
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.forms.roster import ModeForm, ShiftForm
from hotline.models import Line, Shift
from hotline.queries import forget_lines
from hotline.queries.rosters import line_weeks, monday_of, people_for_shifts
from hotline.rules import RULES
from hotline.views.access import line_for, tell_meanwhile

FAULTS = {
    "ends_before_it_starts": gettext_lazy("The shift ends before it begins."),
    "too_long": gettext_lazy("One person would work more than 16 hours that day."),
    "overlaps": gettext_lazy("This person has another shift at that time."),
}
FAR = dt.timedelta(days=800)


class Roster(FormView):
    """The week of each line, its holes, its settings; a supervisor adds and removes shifts."""

    template_name = "hotline/roster.html"
    form_class = ShiftForm

    def setup(self, request, *args, **kwargs):
        """Read which week is shown."""
        super().setup(request, *args, **kwargs)
        today = timezone.localdate()
        asked = _day(request.GET.get("week", "")) or today
        self.today = today
        self.monday = monday_of(asked if abs(asked - today) < FAR else today)

    def get_form_kwargs(self):
        """Return the lines and people that the form offers."""
        lines = Line.objects.filter(country_id=self.request.user.country_id, is_active=True).select_related("country")
        return super().get_form_kwargs() | {
            "lines": lines, "people": people_for_shifts(self.request.user), "today": self.today,
        }  # fmt: skip

    def get_initial(self):
        """Return the day that is filled in before anything is chosen."""
        return {"day": max(self.today, self.monday), "begins": "08:00", "ends": "16:00"}

    def get_context_data(self, **kwargs):
        """Return the week of each line."""
        week = dt.timedelta(days=7)
        return super().get_context_data(**kwargs) | {
            "weeks": line_weeks(self.request.user, self.monday, at=timezone.now()),
            "monday": self.monday,
            "sunday": self.monday + dt.timedelta(days=6),
            "before": self.monday - week,
            "after": self.monday + week,
            "may_edit": allowed(self.request.user, RULES, "edit_roster", self.request.user),
            "may_set_mode": allowed(self.request.user, RULES, "set_mode", self.request.user),
            "mode_form": ModeForm(),
        }

    def form_valid(self, form):
        """Put somebody on the roster, or say why she or he cannot stand there."""
        data = form.cleaned_data
        line = line_for(self.request.user, data["line"], "edit_roster")
        person = User.objects.get(public_id=data["person"])
        starts_at, ends_at = form.span
        try:
            rosters.add_shift(
                line=line, user=person, duty=data["duty"], starts_at=starts_at, ends_at=ends_at,
                by=self.request.user, at=timezone.now(),
            )  # fmt: skip
        except rosters.ShiftRefused as refused:
            for fault in refused.faults:
                form.add_error("begins", FAULTS[fault.code])
            return self.form_invalid(form)
        except rosters.PersonCannotServe:
            form.add_error("duty", _("This person does not have the role for this duty."))
            return self.form_invalid(form)
        return redirect(week_url(data["day"]))


def _day(value: str) -> dt.date | None:
    """Return a day as written in an address, or None for what is none."""
    try:
        return parse_date(value)
    except ValueError:
        return None


def week_url(day: dt.date) -> str:
    """Return the address of the week of a day."""
    return f"{reverse('hotline:roster')}?week={monday_of(day).isoformat()}"


@require_POST
def remove_shift(request, shift):
    """Take a shift off the roster."""
    rows = Shift.objects.select_related("line__country", "user").filter(line__country_id=request.user.country_id)
    row = get_object_or_404(rows, pk=shift)
    if not allowed(request.user, RULES, "edit_roster", row.line):
        raise Http404
    day = timezone.localdate(row.starts_at)
    rosters.remove_shift(shift=row, by=request.user, at=timezone.now())
    messages.success(request, _("The shift of %(name)s is off the roster.") % {"name": row.user.get_short_name()})
    return redirect(week_url(day))


@require_POST
def set_mode(request, line):
    """Change how a line answers today."""
    row = line_for(request.user, line, "set_mode")
    form = ModeForm(request.POST)
    if form.is_valid():
        mode, seen = form.cleaned_data["mode"], request.POST.get("seen")
        try:
            rosters.set_mode(line=row, mode=mode, seen=seen, by=request.user, at=timezone.now())
        except SavedMeanwhile as other:
            tell_meanwhile(request, other)
        forget_lines()
    else:
        messages.error(request, _("Choose how the line answers."))
    return redirect("hotline:roster")
