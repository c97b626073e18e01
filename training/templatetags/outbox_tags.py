"""The words of the outbox, for its script: counts in every plural form of the language, written once."""

import datetime as dt
import json
from functools import lru_cache

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from training.choices import LESSON_ENDED, How, Reason, Verb

register = template.Library()

PARTS = range(50)  # more than a course has lessons
NUMBERS = 200  # a plural form hangs on the last two digits; the first hundred has exceptions


@register.simple_tag
def outbox_words(kind: str = "") -> str:
    """Return what the outbox says of answers, or of "marks", as JSON for an attribute; "#" stands for a number or a time."""
    return _words(get_language(), kind or "answers")


@register.simple_tag
def attendance_words() -> str:
    """Return what a kept attendance list says of somebody, as JSON for an attribute; "#" stands for a number."""
    words = {
        "all": gettext("all of it"),
        "minutes": gettext("Minutes: #"),
        "not_there": gettext("not noted as present"),
        "back_waits": gettext("the tick is taken back"),
        "taken_back": gettext("the tick was taken back"),
        "count": gettext("# of ## present"),
        "number": gettext("Number #"),
        "hows": {str(code): str(label) for code, label in How.choices},
        "reasons": {str(code): str(label) for code, label in Reason.choices} | {Reason.SESSION_AHEAD.value: _ahead()},
    }
    return json.dumps(words, ensure_ascii=False)


def _ahead() -> str:
    """Return why a trainer's tick came too early: it has no code, and the clock of her phone may be what is wrong."""
    return gettext(
        "By the clock of this phone it was ticked before this session began. Attendance counts from half an hour before. "
        "If that clock was wrong, tick it once more."
    )


@register.simple_tag
def date_words() -> str:
    """Return how days and moments are written, as JSON for an attribute: "#d", "#Y", "#D", "#H" and "#i" stand for the parts."""
    return _dates(get_language())


@lru_cache(maxsize=32)
def _dates(language: str) -> str:
    """Return one pattern for the days of each month, since a month may be written otherwise beside a day."""
    sample = [dt.datetime(2001, month, 22, 13, 57, tzinfo=dt.UTC) for month in range(1, 13)]
    days = [date_format(one, "DATE_FORMAT") for one in sample]
    moment = date_format(sample[0], "DATETIME_FORMAT").replace(days[0], "#D")
    told = {
        "days": [one.replace("2001", "#Y").replace("22", "#d") for one in days],
        "moment": moment.replace("13", "#H").replace("57", "#i"),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@register.simple_tag
def refresher_words() -> str:
    """Return what a part of a refresher says above it, as JSON for an attribute; "#" is how many are left, "##" its name."""
    return _forms(get_language())


@lru_cache(maxsize=32)
def _forms(language: str) -> str:
    said = [_next_part(number) for number in PARTS]
    forms = list(dict.fromkeys(said))
    told = {"forms": forms, "form": "".join(str(forms.index(words)) for words in said)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _next_part(number: int) -> str:
    said = ngettext(
        "Next in your refresher: %(heading)s · %(number)s part left",
        "Next in your refresher: %(heading)s · %(number)s parts left",
        number,
    )
    return said % {"heading": "##", "number": "#"}


@register.simple_tag
def refusal_words() -> str:
    """Return why a record is not accepted, and what kinds of record there are, as JSON for an attribute."""
    return json.dumps(
        {
            "reasons": {str(code): str(label) for code, label in Reason.choices},
            "verbs": {str(code): str(label) for code, label in Verb.choices} | {"ended": str(LESSON_ENDED)},
        },
        ensure_ascii=False,
    )


@lru_cache(maxsize=32)
def _words(language: str, kind: str) -> str:
    waiting = {"answers": _waiting, "marks": _waiting_marks}[kind]
    said = [waiting(number) for number in range(NUMBERS)]
    forms = list(dict.fromkeys(said))
    words = {
        "forms": forms,
        "form": "".join(str(forms.index(words)) for words in said),
        "read": gettext("What you read waits on this phone"),
        "sent": gettext("All sent, #"),
        "sign_in": gettext("You are signed out."),
        "other": gettext("Another person is signed in here: nothing of yours is sent until you sign in."),
        "not_accepted": gettext("Not accepted: #. Why?"),
        "failed": gettext(
            "Not recorded: stay on this page. This phone has no room or refuses to keep it. Send it again."
        ),
        "answer": gettext("Your answer waits on this phone. The reasons appear once it is sent."),
        "ended": gettext(
            "Finished on this phone; it waits to be sent. The next lesson opens once there is a network."
        ),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _waiting(number: int) -> str:
    """Return the words for so many waiting answers, with a sign in place of the number."""
    return ngettext("# answer waiting on this phone", "# answers waiting on this phone", number)


def _waiting_marks(number: int) -> str:
    """Return the words for so many waiting marks of attendance, with a sign in place of the number."""
    return ngettext(
        "# mark of attendance waiting on this phone", "# marks of attendance waiting on this phone", number
    )
