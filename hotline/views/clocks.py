"""By which clock an address of this room tells times: by that of its reader's country, or for a reason that stands here."""

from django.urls import URLPattern, path

from hotline.views.access import in_local_time

OF_ITS_PART = (
    "asked every two seconds; most answers are none, and the part that is shown anew has the reader's clock itself"
)
OF_THE_LINE = "read by whoever tries a line out, signed in or not: its times are those of the line that was dialled"
OWN_CLOCK = {
    "console_live": OF_ITS_PART,
    "board_live": OF_ITS_PART,
    "rehearsals_live": OF_ITS_PART,
    "call_back_live": OF_ITS_PART,
    "alarm": "asked every two seconds; it tells that somebody waits, and no time",
    "telephone_live": "asked every two seconds; it answers with no words",
    "phone": OF_THE_LINE,
    "phone_screen": OF_THE_LINE,
    "phone_live": OF_THE_LINE,
    "phone_act": OF_THE_LINE,
}


def timed(route: str, view, *, name: str) -> URLPattern:
    """Return an address by the clock of its reader's country, whatever its view answers with: page, part, file, words kept
    for the next page. Which addresses are not is written in `OWN_CLOCK`, each with the reason.
    """
    return path(route, view if name in OWN_CLOCK else in_local_time(view), name=name)
