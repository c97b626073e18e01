"""A place in a service: taken when an agency accepts, given back when it is lost.

Who takes one or gives one back locks the count before the first record of the act: the audit head is locked last.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _

from referral.choices.cases import WITHOUT_WAITING_LIST
from referral.matching import CAPACITY_IS_NEWS_FOR
from referral.models import Capacity, Case, Referral, Service
from referral.queries.referrals import PLACED_STATES


class NoPlaceLeft(Exception):
    """Raised when an agency accepts though its last free place is taken; the waiting list stays possible."""


def lock_places(services: Iterable[int]) -> None:
    """Lock the counts of some services, by their keys, always in one order; an act does so before it records anything."""
    list(Capacity.objects.select_for_update(no_key=True).filter(service__in=services).order_by("pk"))


def lock_places_of(case: Case) -> None:
    """Lock the counts of all services in which a case has a place."""
    lock_places(Referral.objects.filter(case=case, state__in=PLACED_STATES).values("service"))


def take_place(service: Service, at: dt.datetime, *, may_wait: bool) -> None:
    """Take one free place where the count is news; of two takers of the last one, the second is refused.

    `may_wait` tells whether its waiting list can be chosen now: the person may be on it already.
    """
    counted = Capacity.objects.filter(service=service, updated_at__gte=at - CAPACITY_IS_NEWS_FOR)
    if counted.exists() and not counted.filter(available__gt=0).update(available=F("available") - 1):
        if service.term in WITHOUT_WAITING_LIST:
            raise NoPlaceLeft(_("By the count in the directory the last free place is taken."))
        if not may_wait:
            raise NoPlaceLeft(
                _(
                    "By the count in the directory the last free place is taken. If a place is free all the same, have the "
                    "count put right there first."
                )
            )
        raise NoPlaceLeft(_("By the count in the directory the last free place is taken. Choose the waiting list."))


def give_place_back(service: Service, at: dt.datetime) -> None:
    """Give one place back where the count is news and not full."""
    counted = Capacity.objects.filter(service=service, updated_at__gte=at - CAPACITY_IS_NEWS_FOR)
    counted.filter(available__lt=F("maximum")).update(available=F("available") + 1)
