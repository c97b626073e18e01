"""The alarm on the pages of those who take calls: somebody in danger, or in a need of now told by
key, waits on the line of their country, an operator asks for help in a call.
"""

from dataclasses import dataclass

from django.db.models import CharField, Q, Value

from accounts.models import User
from accounts.rules import is_supervisor
from hotline.choices import DRAFTED, State
from hotline.queries.back_help import backs_for_help
from hotline.queries.colleagues import calls_for_help
from hotline.queries.contacts import waiting_calls
from hotline.queries.pressing import has_said
from hotline.rules import DESK

DANGER, HELP = "danger", "help"


@dataclass(frozen=True)
class Alarm:
    """What such a page shows: nothing while nobody in danger waits; whether it is practice. No word of the caller.

    `asks_help`: an operator asked for help in a call, and no supervisor answered yet; told to supervisors alone.
    """

    is_on: bool
    is_practice: bool
    asks_help: bool = False
    is_help_practice: bool = False

    @property
    def is_shown(self) -> bool:
        """Tell whether the bar says anything."""
        return self.is_on or self.asks_help

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as the bar would look different."""
        danger = "practice" if self.is_practice else "on" if self.is_on else ""
        asks = "help-practice" if self.is_help_practice else "help" if self.asks_help else ""
        return ".".join(part for part in (danger, asks) if part)


def alarm_of(user: User) -> Alarm | None:
    """Return the alarm for this person; None for those who take no calls. One query, none for them."""
    if not user.is_authenticated or not user.has_role(*DESK) or not user.country_id:
        return None
    waits = waiting_calls(user, State.SILENT).select_related(None).order_by()
    waits = waits.filter(Q(is_danger=True) | has_said()).exclude(flags__contains=DRAFTED)
    rows = waits.values_list("is_practice", _said(DANGER)).distinct()
    if is_supervisor(user, None):
        for asked in (calls_for_help(user), backs_for_help(user)):
            rows = rows.union(asked.order_by().values_list("contact__is_practice", _said(HELP)))
    told = list(rows)
    danger, asks = ([practice for practice, what in told if what == one] for one in (DANGER, HELP))
    return Alarm(bool(danger), bool(danger) and all(danger), bool(asks), bool(asks) and all(asks))


def _said(what: str) -> Value:
    return Value(what, CharField())
