"""Reads for the check of a free text: who else reads what comes to a phone, and which names no text may hold."""

from django.conf import settings

from hotline.loosening import READ_BY, others_read
from hotline.models import Contact
from hotline.queries.lines import LineFacts
from referral.models import Area, Organisation


def is_read_by_others(contact: Contact) -> bool:
    """Tell whether somebody else may read what comes to a person's phone (hotline.loosening.others_read)."""
    return others_read({name: getattr(contact, name) for name in READ_BY})


def names_not_told(line: LineFacts | None) -> list[str]:
    """Return the names that no free text from a line may hold: the product, the line, its country's bodies and places."""
    if line is None:
        return [settings.WAGTAIL_SITE_NAME]
    bodies, places = Organisation.objects.filter(country=line.country), Area.objects.filter(country=line.country)
    rows = bodies.order_by().values_list("name").union(places.order_by().values_list("name"))
    return [settings.WAGTAIL_SITE_NAME, line.name, *(name for (name,) in rows)]
