"""What the lines did, in numbers: the team's page with its file, and what others are told."""

import datetime as dt

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.queries import active_countries, admits
from accounts.queries.clocks import day_in
from accounts.reports import export_mark
from accounts.tables import KINDS
from accounts.views.files import table_file
from hotline import figures
from hotline.actions import exports
from hotline.forms.figures import FiguresFilter, HtcdsForm, QuarterFilter
from hotline.queries import figures as told
from hotline.reports import figures as drawn

SHOWN = dt.timedelta(days=27)


def _asked(request, data):
    """Return the form, the lines and the period that a person of the team asks for; of days to come there is nothing to tell.

    The fields show that period; where one is refused, they keep what was typed, and the last weeks are shown.
    """
    lines = list(told.lines_counted(request.user.country_id)) if request.user.country_id else []
    today = timezone.localdate()
    form = FiguresFilter(data, today=today, lines=lines)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = [one for one in lines if str(one.public_id) == wanted.get("line")] or lines
    until = min(wanted.get("until") or today, today)
    period = told.Period(wanted.get("since") or until - SHOWN, until)
    if form.is_valid():
        form.show(period.first, period.last)
    return form, lines, chosen, period


@require_GET
def team(request):
    """Show a person of the country's team what its lines did in a period."""
    return team_page(request)


def team_page(request, records: HtcdsForm | None = None, status: int = 200):
    """Return that page; `records`: the form of the file for partners as it came back, where it was not fit."""
    form, lines, chosen, period = _asked(request, request.GET)
    total = told.figures_between(chosen, period)
    context = {
        "form": form, "lines": lines, "period": period, "total": total, "is_practice": any(one.is_practice for one in chosen),
        "counted_at": told.counted_at(chosen),
        "answered_share": figures.share(total.outcomes["answered"], total.calls),
        "gave_up_share": figures.share(sum(total.outcomes[one] for one in figures.GAVE_UP), total.calls),
        "within": drawn.within_words(figures.half_within(total.answered)),
        "hours": drawn.hours(total), "weekdays": drawn.weekdays(), "waits": drawn.waits(total),
        "ways": drawn.bars(total.ways, drawn.way_words), "outcomes": drawn.bars(total.outcomes, drawn.outcome_words),
        "topics": drawn.bars(total.topics, drawn.topic_words), "languages": drawn.language_rows(total),
        "weeks": drawn.weeks(total, period, timezone.localdate()), "spans": _spans(), "tab": "figures",
        "may_open_log": admits("hotline:call_log", request.user), "may_export": admits("hotline:figures_file", request.user),
        "may_export_records": admits("hotline:htcds_file", request.user),
    }  # fmt: skip
    if context["may_export_records"] and request.user.country:
        known = told.quarters_of(lines, day_in(request.user.country, timezone.now()))
        context["htcds_form"] = records or (HtcdsForm(quarters=drawn.quarter_choices(known)) if known else None)
    return render(request, "hotline/figures.html", context, status=status)


def _spans() -> list[tuple[str, str, str]]:
    """Return the periods that one press shows: words, first and last day."""
    today = timezone.localdate()
    words = ((28, _("4 weeks")), (91, _("3 months")), (365, _("12 months")))
    return [(said, (today - dt.timedelta(days=days - 1)).isoformat(), today.isoformat()) for days, said in words]


@require_POST
def team_file(request, kind):
    """Send the figures of a period as a file that no spreadsheet takes for formulas; audited."""
    form, _lines, chosen, period = _asked(request, request.POST)
    if kind not in KINDS or form.errors or not chosen:
        raise Http404
    now, rows = timezone.now(), drawn.figure_rows(chosen, period, told.figures_between(chosen, period))
    entry = exports.note_figures_exported(
        lines=chosen, since=period.first, until=period.last, rows=len(rows), by=request.user, at=now
    )
    mark = export_mark(by=request.user, at=now, entry=entry, counted_at=told.counted_at(chosen))
    return table_file(
        name=drawn.figures_name(chosen, period), kind=kind, title=_("Figures of the line"), heads=drawn.figure_heads(),
        rows=rows, mark=mark,
    )  # fmt: skip


@require_GET
def others(request):
    """Show readers outside the team one quarter of a country, every small number withheld."""
    countries = list(active_countries())
    wanted = (request.GET.get("country"), request.user.country_id)
    found = [one for code in wanted for one in countries if one.code == code]
    country = next(iter([*found, *countries]), None)
    known = told.quarters(country, day_in(country, timezone.now())) if country else []
    choices = drawn.quarter_choices(known)
    period = next(
        (one for one in known if one.first.isoformat() == request.GET.get("quarter")), next(iter(known), None)
    )
    lines = list(told.lines_counted(country.code)) if country else []
    form = QuarterFilter(
        {"country": country.code if country else "", "quarter": period.first.isoformat() if period else ""},
        countries=countries, quarters=choices,
    )  # fmt: skip
    shown = told.guarded_between(lines, period) if period else None
    context = {"form": form, "period": period, "shown": shown, "is_practice": any(one.is_practice for one in lines)}
    if shown:
        context |= {
            "ways": drawn.bars(shown.ways, drawn.way_words), "outcomes": drawn.bars(shown.outcomes, drawn.outcome_words),
            "languages": drawn.bars(shown.languages, drawn.language_words, is_language=True),
            "weekdays": drawn.weekdays(), "parts": _parts(shown),
        }  # fmt: skip
    return render(request, "hotline/figures_others.html", context)


def _parts(shown: told.Guarded) -> list[tuple[str, list[int | None]]]:
    """Return a row a quarter of the day, with a number a weekday."""
    if shown.hours is None:
        return []
    return [(words, [day[place] for day in shown.hours]) for place, words in enumerate(drawn.part_words())]
