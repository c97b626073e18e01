"""The demo's pages: the standing ones, and a home for each of its countries."""

from datetime import datetime

from django.db import transaction

from accounts.models import Country
from cms import standing


@transaction.atomic
def make(*, at: datetime) -> None:
    """Make the pages once; a second call changes nothing."""
    if standing.keep_pages(at=at):
        for country in Country.objects.filter(is_active=True).order_by("name"):
            standing.keep_home(country=country, at=at)
