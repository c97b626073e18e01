"""Times as people say them, and what templates of this room ask of a value."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from languages import table
from languages.templatetags.languages_tags import comma
from languages.text import listed
from referral.choices import field_labels
from referral.choices.forms import OLDEST
from referral.queries.spoken import when

register = template.Library()
register.filter("when", when)
register.simple_tag(comma)


@register.filter
def until(instant: dt.datetime) -> str:
    """Return how far off an instant is: "in 7 hours" or "late by 1 day".

    Each is a sentence of its own: what counts two, or stands behind "in", is another word in many languages.
    """
    off = instant - timezone.now()
    is_late, off = off < dt.timedelta(), abs(off)
    if off >= dt.timedelta(days=1):
        return _days(off.days, is_late)
    if off >= dt.timedelta(hours=1):
        return _hours(off.seconds // 3600, is_late)
    return _minutes(max(off.seconds // 60, 1), is_late)


def _days(count: int, is_late: bool) -> str:
    late = ngettext("late by %(count)s day", "late by %(count)s days", count)
    return (late if is_late else ngettext("in %(count)s day", "in %(count)s days", count)) % {"count": count}


def _hours(count: int, is_late: bool) -> str:
    late = ngettext("late by %(count)s hour", "late by %(count)s hours", count)
    return (late if is_late else ngettext("in %(count)s hour", "in %(count)s hours", count)) % {"count": count}


def _minutes(count: int, is_late: bool) -> str:
    late = ngettext("late by %(count)s minute", "late by %(count)s minutes", count)
    return (late if is_late else ngettext("in %(count)s minute", "in %(count)s minutes", count)) % {"count": count}


@register.simple_tag
def elsewhere(words) -> SafeString | str:
    """Return the mark of words of a pathway that are not in the language being written; nothing where they are."""
    return _mark(_("Not yet in this language")) if _is_elsewhere(words) else ""


@register.simple_tag
def titles_elsewhere(lines) -> SafeString | str:
    """Return the mark of a pathway whose steps have titles that are not in the language being written."""
    found = [_is_elsewhere(line.title) for line in lines]
    if not any(found):
        return ""
    return _mark(_("Not yet in this language") if all(found) else _("Translated in part"))


def _is_elsewhere(words) -> bool:
    return words.language != table.known(get_language() or "")


def _mark(words: str) -> SafeString:
    return format_html('<span class="tiny soft">{}</span>', words)


@register.filter
def names_listed(names) -> SafeString:
    """Join names, each isolated, so that none turns the line or moves the comma."""
    return format_html_join(comma(), "<bdi>{}</bdi>", ((name,) for name in names))


@register.simple_tag
def ages(youngest: int | None, oldest: int | None) -> str:
    """Return whom a service takes by age, in whole years; an end that nobody named, or that nobody reaches, is open."""
    years = {"youngest": youngest or 0, "oldest": oldest}
    if oldest is None or oldest >= OLDEST:
        return _("from age %(youngest)s") % years if youngest else _("all ages")
    return _("age %(youngest)s to %(oldest)s") % years


@register.filter
def languages_listed(codes) -> SafeString:
    """Join languages by the names they have for themselves, each marked with its own language."""
    named = ((code, table.BY_CODE[code].own if code in table.BY_CODE else code) for code in codes)
    return format_html_join(comma(), '<bdi lang="{}">{}</bdi>', named)


@register.filter
def fields_listed(keys) -> str:
    """Join the names of fields that may be shared; of one that the register does not know, its key."""
    return listed(field_labels(keys), get_language())


@register.filter
def steps_sharing(rows, profile: str) -> SafeString:
    """Join the titles of the steps whose agency gets at most what a profile names."""
    return names_listed([row.step.title_en for row in rows if row.step.sharing_profile == profile])


@register.filter
def is_answer_row(bound) -> bool:
    """Tell whether a field is answered with yes, no, not known, not asked."""
    return getattr(bound.field.widget, "is_answer_row", False)


@register.filter
def bound(form, name: str):
    """Return a field of a form by its name."""
    return form[name]


@register.filter
def unknown_box(form, name: str):
    """Return the "asked, not known" box beside a question, or nothing."""
    key = f"{name}__not_known"
    return form[key] if key in form.fields else None


@register.filter
def sure_box(form, name: str):
    """Return the hidden field with the number that was asked back, or nothing."""
    key = f"{name}__sure"
    return form[key] if key in form.fields else ""


@register.filter
def entry(table, key: str):
    """Return the value of a key, or nothing."""
    return table.get(key)


@register.filter
def line_field(form, line):
    """Return a consent form with one of its agencies, for `bound_group`."""
    return form, line


@register.filter
def bound_group(pair, group: str):
    """Return the field of one agency and group."""
    form, line = pair
    return form[line.field_name(group)]


@register.filter
def weekday_name(number: int) -> str:
    """Return the name of a weekday; 0 is Monday."""
    return WEEKDAYS[number]
