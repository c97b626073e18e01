"""Telling those who supervise a line: its country's supervisors, who is left where all are named, or who keeps a country."""

from collections.abc import Callable, Collection
from datetime import datetime

from accounts.models import User
from accounts.queries import staff_of
from hotline.models import Contact
from referral.actions import tell_keepers


def tell_supervisors(
    contact: Contact, write: Callable[[User], None], at: datetime, *, on_shift: Collection[int] = ()
) -> None:
    """Write to the supervisors of a contact's country, or to those `on_shift` alone; without any its keepers are told.

    Not to those from whom the contact is hidden. Where that is all of them, its operators are told: somebody of them can
    go on with it, and the country has supervisors, so that its keepers would hear nothing.
    """
    country = contact.country_id or ""
    supervisors = list(staff_of(country, "supervisor"))
    people = [one for one in supervisors if not contact.hides_from(one)]
    if supervisors and not people:
        people = [one for one in staff_of(country, "operator") if not contact.hides_from(one)]
    for person in [one for one in people if one.pk in on_shift] or people:
        write(person)
    if contact.country and not people:
        tell_keepers(country=contact.country, at=at)
