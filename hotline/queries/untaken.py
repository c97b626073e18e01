"""The requests of the provider that a fault of ours kept from being taken in."""

from django.db.models import QuerySet

from hotline.models import WebhookEvent

UNTAKEN = "untaken:"  # how their keys begin; all others begin with an account
SPAN = {"key__gte": "untaken", "key__lt": "untakeo"}  # the same for the index of keys, in every order of letters


def untaken() -> QuerySet[WebhookEvent]:
    """Return those whose words are still there, the oldest first."""
    return WebhookEvent.objects.filter(key__startswith=UNTAKEN, payload__isnull=False, **SPAN).order_by("pk")
