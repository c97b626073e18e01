"""The roster: the week, the proof of the coming days, shifts, and how a line answers today."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import User
from accounts.queries import admits
from accounts.rules import allowed
from hotline.actions import rosters
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.choices import Mode
from hotline.forms.roster import ModeForm, ShiftForm
from hotline.models import Line, Shift
from hotline.queries import forget_lines
from hotline.queries.absences import swaps_asked_of
from hotline.queries.flows import forward_numbers, forward_numbers_of
from hotline.queries.rosters import line_weeks, monday_of, people_for_shifts
from hotline.roster import Fault
from hotline.rules import RULES
from hotline.views.access import line_for, tell_meanwhile
from languages.clocks import short_day

FAULTS = {
    "ends_before_it_starts": gettext_lazy("The shift ends before it begins."),
    "too_long": gettext_lazy("A shift lasts no more than 16 hours."),
    "too_much_that_day": gettext_lazy("One person would work more than 16 hours on %(day)s."),
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
        week, at = dt.timedelta(days=7), timezone.now()
        weeks, may_set = (
            line_weeks(self.request.user, self.monday, at=at),
            allowed(self.request.user, RULES, "set_mode", self.request.user),
        )
        if may_set:
            _offer_modes([one.line for one in weeks])
        return super().get_context_data(**kwargs) | {
            "weeks": weeks,
            "at": at,
            "asked_of_me": swaps_asked_of(self.request.user, at).count(),
            "monday": self.monday,
            "sunday": self.monday + dt.timedelta(days=6),
            "before": self.monday - week,
            "after": self.monday + week,
            "may_edit": allowed(self.request.user, RULES, "edit_roster", self.request.user),
            "may_set_mode": may_set,
            "may_see_trained": admits("hotline:trained", self.request.user),
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
            for words in dict.fromkeys(_told(fault) for fault in refused.faults):
                form.add_error("begins", words)
            return self.form_invalid(form)
        except rosters.PersonCannotServe:
            form.add_error("duty", _("This person does not have the role for this duty."))
            return self.form_invalid(form)
        said = _("%(name)s is on the roster on %(day)s, from %(begins)s to %(ends)s.") % {
            "name": person.get_short_name(),
            "day": short_day(data["day"]),
            "begins": time_format(timezone.localtime(starts_at), "H:i"),
            "ends": time_format(timezone.localtime(ends_at), "H:i"),
        }
        messages.success(self.request, said)
        return redirect(week_url(data["day"]))


def _told(fault: Fault) -> str:
    """Return why a shift is refused, in words; a day that would be too long is named, for a night lies on two."""
    day = _day(fault.value)
    return str(FAULTS[fault.code]) % ({"day": short_day(day)} if day else {})


def _day(value: str) -> dt.date | None:
    """Return a day as written in an address, or None for what is none."""
    try:
        return parse_date(value)
    except ValueError:
        return None


def week_url(day: dt.date) -> str:
    """Return the address of the week of a day."""
    return f"{reverse('hotline:roster')}?week={monday_of(day).isoformat()}"


class RemoveShift(TemplateView):
    """Asks whether a shift is to go, and takes it off the roster; one that has ended stays."""

    template_name = "hotline/remove_shift.html"

    def setup(self, request, *args, **kwargs):
        """Load the shift."""
        super().setup(request, *args, **kwargs)
        rows, self.at = Shift.objects.select_related("line__country", "user"), timezone.now()
        self.shift = rows.filter(pk=kwargs["shift"]).first()
        if not allowed(request.user, RULES, "edit_roster", self.shift.line if self.shift else request.user):
            raise Http404

    def dispatch(self, request, *args, **kwargs):
        """Lead back to the week when somebody took the shift off before."""
        return super().dispatch(request, *args, **kwargs) if self.shift else self._gone()

    def get_context_data(self, **kwargs):
        """Return the shift, whether it has begun or ended, and the way back."""
        return super().get_context_data(**kwargs) | {
            "shift": self.shift,
            "has_begun": self.shift.starts_at < self.at,
            "has_ended": self.shift.ends_at <= self.at,
            "back": self._week(),
        }

    def post(self, request, *args, **kwargs):
        """Take it off the roster, or say why it stays."""
        name = self.shift.user.get_short_name()
        try:
            rosters.remove_shift(shift=self.shift, by=request.user, at=self.at)
        except rosters.ShiftEnded:
            messages.error(request, _("This shift has ended. It stays on the roster, so that it shows who was there."))
        except rosters.ShiftGone:
            return self._gone()
        else:
            messages.success(request, _("The shift of %(name)s is off the roster.") % {"name": name})
        return redirect(self._week())

    def _week(self) -> str:
        return week_url(timezone.localdate(self.shift.starts_at))

    def _gone(self):
        messages.warning(self.request, _("This shift was taken off the roster before."))
        return redirect(week_url(_day(self.request.GET.get("week", "")) or timezone.localdate()))


def _offer_modes(lines: list[Line]) -> None:
    """Give each line the ways in which it may answer today."""
    numbers = forward_numbers_of(lines)
    for line in lines:
        form = ModeForm(numbers=numbers.get(line.pk, ()))
        line.modes, line.forwards = form.fields["mode"].choices, form.forwards


def _ask_to_forward(request, line: Line, form: ModeForm):
    """Return the page that says what becomes of callers and of danger while a line is forwarded, and asks for a yes."""
    mode, seen = form.cleaned_data["mode"], request.POST.get("seen", line.mode_shown)
    shown = {"line": line, "mode": mode, "words": form.words, "number": form.chosen[1], "seen": seen}
    shown["now_words"] = dict(form.fields["mode"].choices).get(line.mode_shown, line.get_mode_display())
    return render(request, "hotline/forward_line.html", shown)


@require_POST
def set_mode(request, line):
    """Change how a line answers today; forwarding it takes a second press."""
    row = line_for(request.user, line, "set_mode")
    form = ModeForm(request.POST, numbers=forward_numbers(row))
    if form.is_valid():
        (mode, number), seen = form.chosen, request.POST.get("seen")
        if mode == Mode.FORWARD and "sure" not in request.POST:
            return _ask_to_forward(request, row, form)
        try:
            rosters.set_mode(line=row, mode=mode, number=number, seen=seen, by=request.user, at=timezone.now())
        except SavedMeanwhile as other:
            tell_meanwhile(request, other)
        forget_lines()
    else:
        messages.error(request, _("Choose how the line answers."))
    return redirect("hotline:roster")
