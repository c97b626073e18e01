"""From whom a contact is hidden, and who could be among them."""

from django.db.models import QuerySet

from accounts.models import Office, User
from hotline.models import Contact, Shield


def shields_of(contact: Contact) -> QuerySet[Shield]:
    """Return the shields of a contact that hold."""
    return contact.shields.filter(lifted_at=None).select_related("user", "office")


def offices_to_name(country: str) -> QuerySet[Office]:
    """Return the offices of a country that a contact can name."""
    return Office.objects.filter(country_id=country, closed_at=None).order_by("name")


def people_to_name(country: str) -> list[User]:
    """Return the accounts of a country that work on the line: those who could open a contact that names them."""
    people = User.objects.filter(country_id=country, is_active=True).order_by("name")
    return [one for one in people if one.has_role("operator", "supervisor", "interpreter", "focal_point", "manager")]
