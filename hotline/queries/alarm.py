"""The alarm on the pages of those who take calls: whether somebody in danger waits on the line of their country."""

from dataclasses import dataclass

from accounts.models import User
from hotline.choices import State
from hotline.queries.contacts import contacts_of_desk, waiting_calls
from hotline.rules import DESK


@dataclass(frozen=True)
class Alarm:
    """What such a page shows: nothing while nobody in danger waits; whether it is practice. No word of the caller."""

    is_on: bool
    is_practice: bool

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as the bar would look different."""
        return "practice" if self.is_practice else "on" if self.is_on else ""


def alarm_of(user: User) -> Alarm | None:
    """Return the alarm for this person; None for those who take no calls. One query, none for them."""
    if not user.is_authenticated or not user.has_role(*DESK) or not user.country_id:
        return None
    silent = contacts_of_desk(user).filter(state=State.SILENT, ended_at=None)
    waits = waiting_calls(user).select_related(None).order_by() | silent
    practice = list(waits.filter(is_danger=True).values_list("is_practice", flat=True).distinct())
    return Alarm(is_on=bool(practice), is_practice=bool(practice) and all(practice))
