"""From which contacts a case came, for who may open them."""

from django.urls import reverse

from accounts.rules import allowed
from hotline.queries.contacts import contacts_visible_to
from hotline.rules import RULES
from referral.queries.origins import Origin


def contacts_of_case(user, case) -> list[Origin]:
    """Return the contacts of a case that this person may open, the first one first."""
    rows = contacts_visible_to(user).filter(case_id=case.pk).order_by("started_at", "id")
    return [
        Origin(reverse("hotline:contact", args=[row.public_id]), row.code, row.way, row.began)
        for row in rows
        if allowed(user, RULES, "see_log", row)
    ]
