"""Words of the hotline's pages."""

import datetime as dt

from django import template
from django.utils import formats

from accounts.reports import clock_words
from hotline.queries.danger import clock

register = template.Library()
register.filter("clock", clock)


@register.filter
def began(at: dt.datetime | dt.date) -> str:
    """Return when a contact began: day and time, or the day alone where no hour was told."""
    return clock_words(at) if isinstance(at, dt.datetime) else formats.date_format(at, "SHORT_DATE_FORMAT")
