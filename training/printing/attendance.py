"""The list of a meeting on paper: a row a member, by the number under which she is ticked afterwards, and empty rows."""

import datetime as dt
from collections.abc import Sequence

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training import drawing
from training.models import Session

EMPTY_ROWS = 6


def attendance_sheet(
    session: Session, names: Sequence[tuple[int, str]], *, heading: str, language: str, on: dt.date
) -> bytes:
    """Return the list as PDF, A4, in a language and by the clock that is active; raises drawing.NotDrawn."""
    with translation.override(language):
        begins = timezone.localtime(session.starts_at)
        when = _("%(day)s, %(time)s, %(minutes)s minutes") % {
            "day": formats.date_format(begins, "DATE_FORMAT"),
            "time": formats.time_format(begins, "TIME_FORMAT"),
            "minutes": session.minutes,
        }
        data = {
            "title": f"{session.cohort.name}, {begins:%Y-%m-%d}",
            "date": on.isoformat(),
            "over": _("Attendance"),
            "name": session.cohort.name,
            "course": heading,
            "when": when,
            "place": session.place or session.cohort.place,
            "heads": [
                pgettext("column of a list", "No."),
                pgettext("column of a list", "Name"),
                pgettext("column of a list", "Minutes"),
                pgettext("column of a list", "Signature"),
            ],
            "rows": [{"number": str(number), "name": name} for number, name in names],
            "empty": EMPTY_ROWS,
            "foot": _(
                "Tick these rows by their numbers on the page of the session. Who stands in an empty row is let into "
                "the group first. Keep this sheet closed: it holds names."
            ),
        }
        return drawing.draw("attendance", data, language)
