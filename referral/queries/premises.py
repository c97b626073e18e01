"""Reads of where and when a service is given, as its forms show it."""

from accounts.queries.marks import mark
from referral.matching import Opening
from referral.models import Service


def openings_of(service: Service) -> list[Opening]:
    """Return when a service is open, in the order of the week."""
    return sorted(service.hours.values_list("weekday", "opens_at", "closes_at"))


def hours_mark(service: Service) -> str:
    """Return the mark of when a service is open."""
    return mark(openings_of(service))
