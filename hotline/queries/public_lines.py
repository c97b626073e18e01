"""What a public page says of a country's line."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from hotline import roster
from hotline.choices import Mode
from hotline.ivr import Plan
from hotline.queries.hours import closed_now, has_other_times, hours_today
from hotline.queries.lines import facts_now, memory


@dataclass(frozen=True)
class PublicLine:
    """What a public page says of a country's line, in the active language.

    `hours_text` is empty while the line takes messages only: then `is_open` says it all. `has_other_times`: beside
    those hours there are other times. What its call flow does not offer is not promised.
    """

    number: str
    name: str
    hours_text: str
    is_open: bool
    until: dt.datetime | None
    is_free: bool
    is_practice: bool
    has_other_times: bool = False
    takes_messages: bool = True
    calls_back: bool = True
    silent_key: str = ""

    @property
    def closed_words(self) -> str:
        """Return that the line is closed now, and whether one can leave a message."""
        return closed_now(takes_messages=self.takes_messages)

    @property
    def silent_words(self) -> str:
        """Return how somebody who cannot speak is asked by keys, with the key of this line; "" where nobody is."""
        words = _("Cannot speak? Press 5, stay silent and answer with the keys.")
        return words.replace(Plan.silent_key, self.silent_key) if self.silent_key else ""


def line_of(country_code: str, at: dt.datetime | None = None, *, as_written: bool = False) -> PublicLine | None:
    """Return the line that a country publishes, or None; `as_written` asks the database, whatever memory holds."""
    now = at or timezone.now()
    known = facts_now(country_code) if as_written else memory().by_id.values()
    line = next((line for line in known if line.country == country_code and line.is_active), None)
    if line is None:
        return None
    is_open = line.mode != Mode.MESSAGE and roster.is_open(line.hours, now)
    change = roster.next_change(line.hours, now)
    until = change.astimezone(line.hours.zone) if change else None
    words = "" if line.mode == Mode.MESSAGE else hours_today(line.hours, now)
    return PublicLine(
        line.number, line.name, words, is_open, until, line.is_free, line.is_practice,
        has_other_times=has_other_times(line.hours, now), takes_messages=line.plan.takes_messages,
        calls_back=line.plan.calls_back, silent_key=line.plan.silent_key,
    )  # fmt: skip
