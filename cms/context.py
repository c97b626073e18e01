"""What every page's frame needs."""

from django.conf import settings


def site(request):
    """Return the switches that base templates read."""
    return {"demo": settings.DEMO}
