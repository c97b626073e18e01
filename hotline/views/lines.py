"""The lines of a country: the list, one line with its hours, the days that differ."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView, ListView

from accounts.queries import admits, names_of
from hotline.actions import lines
from hotline.choices.flows import FLOW_FAULTS
from hotline.forms.lines import CHANGED_DAYS, DayForm, LineForm
from hotline.queries.contacts import count_at_no_line
from hotline.queries.hours import hours_text
from hotline.queries.lines import days_version, line_by_id, week_of
from hotline.queries.police import police_differs
from hotline.queries.prompts import lines_kept_by
from hotline.queries.self_calls import last_self_call
from hotline.queries.telephones import people_without
from languages import table
from languages.text import isolate
from referral.queries.unserved import unserved_for

HOLIDAYS_SHOWN = 6
FIELDS_SHOWN = {"hours": gettext_lazy("Opening hours"), "language_keys": gettext_lazy("Languages and keys")}


def kept_line(user, public_id):
    """Return a line that this person sets up, else raise 404."""
    return get_object_or_404(lines_kept_by(user), public_id=public_id)


class Lines(ListView):
    """The lines that a person sets up."""

    template_name = "hotline/lines.html"
    context_object_name = "lines"

    def get_context_data(self, **kwargs):
        """Add the countries whose cases nobody sees, and to administrators how many called a number of no line."""
        sees = self.request.user.has_role("administrator")
        return super().get_context_data(**kwargs) | {
            "unserved": unserved_for(self.request.user),
            "may_see_figures": admits("hotline:figures", self.request.user),
            "at_no_line": count_at_no_line(timezone.now()) if sees else 0,
        }

    def get_queryset(self):
        """Return those lines, each with its hours in words."""
        rows = list(lines_kept_by(self.request.user))
        for row in rows:
            facts = line_by_id(row.pk)
            row.hours_words = hours_text(facts.hours) if facts else ""
        return rows


class EditLine(FormView):
    """One line: what it is, its languages, its hours."""

    template_name = "hotline/line.html"
    form_class = LineForm

    def dispatch(self, request, *args, **kwargs):
        """Find the line among those the person sets up."""
        self.line = kept_line(request.user, kwargs["line"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Give the form the line and its hours."""
        return super().get_form_kwargs() | {"line": self.line, "week": week_of(self.line)}

    def get_context_data(self, **kwargs):
        """Add the calendar: holidays to come and days that differ."""
        today, version = timezone.localdate(), days_version(self.line)
        told = {"day_form": DayForm(initial={"version": version}), "days_version": version} | kwargs
        return super().get_context_data(**told) | {
            "line": self.line,
            "self_call": last_self_call(self.line.pk),
            "sets_whatsapp": self.request.user.has_role("administrator"),
            "police_differs": police_differs(self.line),
            "without_telephone": people_without(self.line, timezone.now()),
            "holidays": self.line.country.holidays.filter(day__gte=today)[:HOLIDAYS_SHOWN],
            "days": self.line.exceptions.filter(day__gte=today).order_by("day", F("opens").asc(nulls_first=True)),
            "changed_by": names_of([self.line.changed_by]).get(self.line.changed_by, self.line.changed_by),
            "off_by": names_of([self.line.off_by]).get(self.line.off_by, self.line.off_by),
        }

    def form_valid(self, form):
        """Change the line; say what cannot be, and what somebody else changed meanwhile."""
        try:
            changed = lines.change_line(
                line=self.line, facts=form.facts, week=form.week, version=form.cleaned_data["version"],
                by=self.request.user, at=timezone.now(),
            )  # fmt: skip
        except lines.ChangedMeanwhile as meanwhile:
            return self._changed_meanwhile(form, meanwhile.line)
        except lines.SenderTaken as taken:
            form.refuse_sender(str(taken))
            return self.form_invalid(form)
        except lines.NumberTaken as taken:
            form.add_error("numbers", _("Another line answers %(numbers)s already.") % {"numbers": isolate(taken)})
            return self.form_invalid(form)
        except lines.KeyMeansMore as taken:
            form.add_error("language_1", FLOW_FAULTS["key_not_free"] % {"key": taken})
            return self.form_invalid(form)
        except lines.NoPoliceNumber:
            form.add_error("police_number", FLOW_FAULTS["no_police_number"])
            return self.form_invalid(form)
        except lines.NotHeard as refused:
            _refuse_languages(form, refused.gaps)
            return self.form_invalid(form)
        self.line.refresh_from_db(fields=["version"])
        is_saved = (
            changed or self.line.version != form.cleaned_data["version"]
        )  # a second click: the first one saved it
        messages.success(self.request, _("Saved. Calls follow at once.") if is_saved else _("Nothing was changed."))
        return redirect("hotline:line", line=self.line.public_id)

    def _changed_meanwhile(self, form, now):
        """Show what was typed beside what the other person saved; nothing is lost, nothing is overwritten unseen."""
        week = week_of(now)
        differs = [
            (FIELDS_SHOWN.get(name) or form.fields[name].label, _told(getattr(now, name)))
            for name, value in form.facts.items()
            if getattr(now, name) != value
        ]
        if week != form.week:
            differs.append((FIELDS_SHOWN["hours"], _("see the list of lines")))
        form.renewed(now)
        name = names_of([now.changed_by]).get(now.changed_by, now.changed_by)
        context = self.get_context_data(form=form, meanwhile=differs, other=name, other_at=now.changed_at)
        return self.render_to_response(context, status=409)


def _told(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or "–"


def _refuse_languages(form, gaps) -> None:
    """Say beside each language how many prompts it lacks."""
    by_language: dict[str, int] = {}
    for _key, code in gaps:
        by_language[code] = by_language.get(code, 0) + 1
    for code, count in by_language.items():
        words = ngettext(
            "%(language)s is not yet possible: %(count)s prompt is missing. See the prompts of the line.",
            "%(language)s is not yet possible: %(count)s prompts are missing. See the prompts of the line.",
            count,
        )
        form.refuse_language(code, words % {"language": table.BY_CODE[code].own, "count": count})


@require_POST
def add_day(request, line):
    """Set a day on which the line is closed or open at other hours; what is wrong comes back as a message."""
    row, form = kept_line(request.user, line), DayForm(request.POST)
    if not form.is_valid():
        for error in [error for errors in form.errors.values() for error in errors]:
            messages.error(request, error)
        return redirect("hotline:line", line=line)
    data = form.cleaned_data
    try:
        lines.set_exception(
            line=row, day=data["day"], spans=form.spans, note=data["note"], version=data["version"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except lines.DaysChangedMeanwhile:
        return _days_changed(request, row, form)
    messages.success(request, _("The day is set. Callers hear it at once."))
    return redirect("hotline:line", line=line)


def _days_changed(request, row, form):
    """Show the days as they are now, and below them what was typed; nothing is lost, nothing overwritten unseen."""
    form.refuse(days_version(row))
    page = EditLine()
    page.setup(request, line=row.public_id)
    page.line = row
    context = page.get_context_data(form=LineForm(line=row, week=week_of(row)), day_form=form)
    return page.render_to_response(context, status=409)


@require_POST
def drop_day(request, line):
    """Let a day follow the week again."""
    row = kept_line(request.user, line)
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    seen = {"version": request.POST.get("version", ""), "by": request.user, "at": timezone.now()}
    try:
        if day:
            lines.drop_exception(line=row, day=day, **seen)
            messages.success(request, _("The day follows the week again."))
    except lines.DaysChangedMeanwhile:
        messages.error(request, CHANGED_DAYS)
    return redirect("hotline:line", line=line)
