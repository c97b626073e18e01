"""Telling those who supervise a line: its country's supervisors, or who keeps a country without one."""

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

    Not to those from whom the contact is hidden.
    """
    people = [one for one in staff_of(contact.country_id or "", "supervisor") if not contact.hides_from(one)]
    for person in [one for one in people if one.pk in on_shift] or people:
        write(person)
    if contact.country and not people:
        tell_keepers(country=contact.country, at=at)
