"""What a country's home page shows beside its own words: the line, the courses, the ways to find help."""

from django.urls import reverse
from django.utils.translation import get_language

from accounts import queries as people
from accounts.models import Country
from accounts.queries.numbers import police_contacts
from hotline import queries as hotline
from referral import queries as referral
from training import queries as training

COURSES_SHOWN = 3


def home_context(country: Country, request) -> dict:
    """Return the values of the home page's template."""
    return {
        "line": hotline.line_of(country.code, as_written=True),
        "emergency": police_contacts(people.contacts_of(country)),
        "needs": referral.needs(),
        "service_terms": referral.service_terms(),
        "areas": referral.areas_of(country),
        "find_help_url": reverse("referral:find_help", args=[country.slug]),
        "courses": training.catalogue(country.code, get_language())[:COURSES_SHOWN],
    }
