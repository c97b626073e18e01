"""What the pages of other rooms ask about calls and messages."""

from django import template

from hotline.models import Contact
from hotline.queries.origin import contacts_of_case

register = template.Library()


@register.simple_tag
def contacts_behind(user, case) -> list[Contact]:
    """Return the contacts from which a case came, as far as this person may open them."""
    return contacts_of_case(user, case)
