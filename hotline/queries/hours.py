"""Opening hours in words, in the active language: the week, or today when it differs, and the coming days that do."""

import datetime as dt

from django.utils import formats, translation
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hotline import roster
from languages.text import beside, ended, listed

LONGEST = 120  # what a public number has room for; a longer week is told day by day
DAYS_TOLD, DAYS_TO_OPEN = 7, 14
ALL_DAY = roster.Span(roster.END_OF_DAY, roster.END_OF_DAY)


def hours_today(
    hours: roster.Hours, at: dt.datetime, *, only_messages: bool = False, takes_messages: bool = True
) -> str:
    """Return when a line is open, as every public page says it on this day, with the coming days that differ."""
    if only_messages:
        return closed_now(takes_messages=takes_messages)
    day = at.astimezone(hours.zone).date()
    spans, weekly = hours.spans_on(day), hours_text(hours)
    if not _differs(hours, day) and 0 < len(weekly) <= LONGEST:
        return _with_days(weekly, hours, day)
    if spans:
        return _with_days(_("today, %(time)s") % {"time": _spans_text(spans)}, hours, day)
    opens = next((later for later in _days_after(day, DAYS_TO_OPEN) if hours.spans_on(later)), None)
    if opens is None:
        return _("Closed today")
    first = min(span.opens for span in hours.spans_on(opens))
    words = _("Closed today, open again on %(day)s at %(time)s")
    words = words % {"day": _date(opens), "time": formats.time_format(first, "H:i")}
    return _with_days(words, hours, day, since=opens) if len(words) <= LONGEST else _("Closed today")


def closed_now(*, takes_messages: bool) -> str:
    """Return that a line is closed now, and whether one can leave a message."""
    if takes_messages:
        return _("Closed now. You can leave a message.")
    return capfirst(pgettext("telephone line", "closed now"))


def _with_days(words: str, hours: roster.Hours, today: dt.date, since: dt.date = dt.date.min) -> str:
    """Return words with the days of the coming week that differ, from `since` on, as many as there is room for."""
    later = [day for day in _days_after(today, DAYS_TOLD) if day >= since and _differs(hours, day)]
    for count in range(len(later), 0, -1):
        told = words
        for note in _notes(hours, later[:count]):
            told = f"{ended(told, get_language())} {capfirst(note)}"
        if len(told) <= LONGEST:
            return told
    return words


def _notes(hours: roster.Hours, days: list[dt.date]) -> list[str]:
    """Return one sentence for the closed days, and one for each day with other hours."""
    closed = [_date(day) for day in days if not hours.spans_on(day)]
    notes = [_("closed on %(days)s") % {"days": listed(closed, get_language())}] if closed else []
    open_days = [(day, hours.spans_on(day)) for day in days if hours.spans_on(day)]
    return notes + [
        _("%(day)s %(times)s") % {"day": _date(day), "times": _spans_text(spans)} for day, spans in open_days
    ]


def _days_after(day: dt.date, count: int) -> list[dt.date]:
    return [day + dt.timedelta(days=number) for number in range(1, count + 1)]


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


def hours_sentence(hours: roster.Hours, language: str) -> str:
    """Return when a line is open as a sentence of a language; "" for a line that never closes, or whose week is too long."""
    if all(hours.week.get(number, ()) == (ALL_DAY,) for number in range(7)):
        return ""
    with translation.override(language):
        told = hours_text(hours)
        return ended(beside(_("Opening hours"), told, language), language) if 0 < len(told) <= LONGEST else ""


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


def _date(day: dt.date) -> str:
    return f"{formats.date_format(day, 'l')} {formats.date_format(day, 'MONTH_DAY_FORMAT')}"
