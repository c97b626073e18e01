"""A place in a service: taken when an agency accepts, given back when it is lost."""

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext as _

from referral.matching import CAPACITY_IS_NEWS_FOR
from referral.models import Capacity, Service


class NoPlaceLeft(Exception):
    """Raised when an agency accepts though its last free place is taken; the waiting list stays possible."""


def take_place(service: Service, at: dt.datetime) -> None:
    """Take one free place where the count is news; of two takers of the last one, the second is refused."""
    counted = Capacity.objects.filter(service=service, updated_at__gte=at - CAPACITY_IS_NEWS_FOR)
    if counted.exists() and not counted.filter(available__gt=0).update(available=F("available") - 1):
        raise NoPlaceLeft(_("By the count in the directory the last free place is taken. Choose the waiting list."))


def give_place_back(service: Service, at: dt.datetime) -> None:
    """Give one place back where the count is news and not full."""
    counted = Capacity.objects.filter(service=service, updated_at__gte=at - CAPACITY_IS_NEWS_FOR)
    counted.filter(available__lt=F("maximum")).update(available=F("available") + 1)
