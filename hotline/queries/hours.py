"""Opening hours in words, in the active language: the week, or today when it differs."""

import datetime as dt

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hotline import roster
from languages.text import listed

LONGEST = 120  # what a public number has room for; a longer week is told day by day
ALL_DAY = roster.Span(roster.END_OF_DAY, roster.END_OF_DAY)


def hours_today(hours: roster.Hours, at: dt.datetime, *, only_messages: bool = False) -> str:
    """Return when a line is open, as every public page says it on this day."""
    if only_messages:
        return _("Closed now. You can leave a message.")
    day = at.astimezone(hours.zone).date()
    spans, weekly = hours.spans_on(day), hours_text(hours)
    if not _differs(hours, day) and 0 < len(weekly) <= LONGEST:
        return weekly
    if not spans:
        return _("Closed today")
    return _("today, %(time)s") % {"time": _spans_text(spans)}


def has_other_times(hours: roster.Hours, at: dt.datetime) -> bool:
    """Tell whether the words of today name hours, and others than day and night: then one can say "at other times"."""
    day = at.astimezone(hours.zone).date()
    if _differs(hours, day):
        return hours.spans_on(day) not in {(), (ALL_DAY,)}
    return any(hours.week.get(number, ()) != (ALL_DAY,) for number in range(7))


def _differs(hours: roster.Hours, day: dt.date) -> bool:
    return hours.spans_on(day) != hours.week.get(day.weekday(), ())


def hours_text(hours: roster.Hours) -> str:
    """Return the opening hours of the week in the active language, equal days in a row told once."""
    groups: list[tuple[int, int, tuple[roster.Span, ...]]] = []
    for day in range(7):
        spans = hours.week.get(day, ())
        if groups and groups[-1][2] == spans:
            groups[-1] = (groups[-1][0], day, spans)
        elif spans:
            groups.append((day, day, spans))
        else:
            groups.append((day, day, ()))
    told = [_group_text(first, last, spans) for first, last, spans in groups if spans]
    return listed(told, get_language())


def _group_text(first: int, last: int, spans: tuple[roster.Span, ...]) -> str:
    times = _spans_text(spans)
    if first == 0 and last == 6:
        return _("every day, %(times)s") % {"times": times}
    if first == last:
        return _("%(day)s %(times)s") % {"day": _day(first), "times": times}
    return _("%(first)s to %(last)s %(times)s") % {"first": _day(first), "last": _day(last), "times": times}


def _spans_text(spans: tuple[roster.Span, ...]) -> str:
    return listed([_span_text(span) for span in spans], get_language())


def _span_text(span: roster.Span) -> str:
    if span == ALL_DAY:
        return _("all day and night")
    return _("%(opens)s to %(closes)s") % {
        "opens": formats.time_format(span.opens, "H:i"),
        "closes": formats.time_format(span.closes, "H:i"),
    }


def _day(number: int) -> str:
    monday = dt.date(2024, 1, 1)
    return formats.date_format(monday + dt.timedelta(days=number), "l")
