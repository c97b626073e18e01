"""Reads about third persons in a call: which are still being rung."""

from django.db.models import QuerySet

from hotline.choices import THIRD_RINGS
from hotline.models import ThirdCall


def ringing_thirds() -> QuerySet[ThirdCall]:
    """Return those whose telephones ring, or answered and are not in the room yet, the oldest first."""
    return ThirdCall.objects.filter(state__in=THIRD_RINGS).order_by("asked_at", "pk")
