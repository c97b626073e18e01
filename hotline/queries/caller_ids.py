"""Which number is shown on a telephone that a line rings: a number of the line, never the caller's.

Without one the provider passes on what the caller's network sent: a withheld or SIP caller's is refused at the other end
(https://www.twilio.com/docs/api/errors/13214), and any other would stand on that telephone for whoever holds it.
"""

from django.conf import settings

from hotline import callers
from hotline.queries.lines import LineFacts, answering, last_known


def caller_id(line: LineFacts | None, *, called: str = "", account: str = "") -> str:
    """Return the number that a telephone rung for a line is shown; never asks the database.

    Of a line: its first number in international form, else the number that sends its texts, else the one that people
    dial. Without a line: that of the line that answers `called`, else of the first line, one of `account`, with
    callers and switched on before others. With no line in memory at all: the number called itself, which the provider takes too, else
    the installation's duty phone.
    """
    if line := line or _stands_in(called, account):
        return next((number for number in line.numbers if number.startswith("+")), _sender(line) or line.number)
    return called or settings.DUTY_PHONE


def _sender(line: LineFacts) -> str:
    """Return the number that sends a line's texts; a sender may be a word, which no telephone can be shown."""
    return line.sender if callers.answered_as(line.sender) else ""


def _stands_in(called: str, account: str) -> LineFacts | None:
    lines = last_known().lines
    by_fitness = sorted(
        lines.values(), key=lambda line: (line.account != account, line.is_practice, not line.is_active)
    )
    return answering(lines, called) or next(iter(by_fitness), None)
