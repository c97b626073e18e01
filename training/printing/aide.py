"""The aide-mémoire of a course."""

import datetime as dt

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import beside, listed
from training import drawing
from training.printing.said import said
from training.queries.course_rows import CourseRow, Words
from training.queries.screens import Around, Number


def aide_sheet(course: CourseRow, around: Around, *, language: str, on: dt.date) -> bytes:
    """Return the one-page A5 PDF of a course in a language, with the numbers of a country; raises drawing.NotDrawn."""
    with translation.override(language):
        return drawing.draw("aide", _sheet(course, around, language, on), language)


def _sheet(course: CourseRow, around: Around, language: str, on: dt.date) -> dict:
    called = _("Who to call")
    return {
        "title": beside(course.heading, _("To keep at hand"), language),
        "date": on.isoformat(),
        "over": {"text": _("To keep at hand"), "language": language},
        "lead": said(course.heading),
        "columns": [
            _column(pgettext("heading of a list", "Do"), "tick", course.aide_do),
            _column(pgettext("heading of a list", "Do not"), "cross", course.aide_dont),
        ],
        "call": {
            "heading": listed(filter(None, (called, around.country_name)), language),
            "none": _("No number is confirmed for your country yet: ask the police station or the district office near you.")
            if around.country
            else _("The numbers differ from country to country. Write those of your country beside this."),
            "numbers": [_number(one) for one in around.numbers if one.number],
        },
        "own": _("My own numbers"),
        "foot": [
            *([said(course.disclaimer)] if course.disclaimer.text else []),
            {
                "text": _("Printed on %(date)s. Numbers and law change: look at the course again.")
                % {"date": date_format(on, "DATE_FORMAT")},
                "language": language,
            },
        ],
    }  # fmt: skip


def _column(heading: str, sign: str, lines: tuple[Words, ...]) -> dict:
    return {"heading": heading, "sign": sign, "lines": [said(one) for one in lines]}


def _number(one: Number) -> dict:
    if one.checked_at:
        checked = _("checked on %(date)s") % {"date": date_format(one.checked_at, "DATE_FORMAT")}
    else:
        checked = _("not checked yet")
    if one.source_kind == "demonstration":
        checked = f"{checked} · {_('demonstration')}"
    return {"name": one.name, "number": one.number, "hours": one.hours, "checked": checked}
