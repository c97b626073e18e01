"""Words to say, in the person's language beside the operator's; what is missing in a language says so."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from languages import table
from languages.queries import Spoken, in_language
from languages.text import isolate


def isolated(text: str, language: str) -> str:
    """Return a name for a sentence that runs from the right, held so that it does not turn the sentence."""
    return isolate(text) if table.BY_CODE[language].rtl else text


def when(instant: dt.datetime | dt.date | None) -> str:
    """Return an instant as "today, 20:00", "yesterday, 11:40" or a date with its time, in the active zone; a day as its date."""
    if instant is None:
        return ""
    if not isinstance(instant, dt.datetime):
        return date_format(instant, "DATE_FORMAT")
    local, today = timezone.localtime(instant), timezone.localdate()
    clock = {"time": time_format(local.time(), "H:i")}
    days = (local.date() - today).days
    if days == 0:
        return _("today, %(time)s") % clock
    if days == -1:
        return _("yesterday, %(time)s") % clock
    if days == 1:
        return _("tomorrow, %(time)s") % clock
    return _("%(date)s, %(time)s") % (clock | {"date": date_format(local.date(), "DATE_FORMAT")})


@dataclass(frozen=True)
class Pair:
    """What to say, and what it means."""

    say: Spoken
    mean: Spoken


def pair_of(words, person: str, operator: str) -> Pair:
    """Return a text for the person beside the same for the operator."""
    return Pair(in_language(words, person), in_language(words, operator))
