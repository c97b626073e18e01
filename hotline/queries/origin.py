"""From which contacts a case came, for who may open them."""

from accounts.rules import allowed
from hotline.models import Contact
from hotline.queries.contacts import contacts_visible_to
from hotline.rules import RULES


def contacts_of_case(user, case) -> list[Contact]:
    """Return the contacts of a case that this person may open, the first one first."""
    rows = contacts_visible_to(user).filter(case_id=case.pk).order_by("started_at", "id")
    return [row for row in rows if allowed(user, RULES, "see_log", row)]
