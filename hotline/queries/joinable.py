"""The cases that a contact may be joined to, with what tells one from another: never a name."""

import datetime as dt
import json
from dataclasses import dataclass

from accounts.rules import allowed
from hotline.models import Contact
from hotline.queries.contacts import cases_to_join
from referral.choices import CaseState
from referral.choices.happenings import SOURCE_WORDS
from referral.models import Case, FactValue
from referral.queries.cases import listed
from referral.queries.questions import words_of
from referral.rules import RULES as CASE_RULES

NEEDS = "needs"


@dataclass(frozen=True)
class Joinable:
    """An open case as it is offered: how it came and what is needed, in words; "" where nobody asked for needs."""

    case: Case
    came: str
    needs: str


def joinable(user, contact: Contact, at: dt.datetime, code: str = "") -> list[Joinable]:
    """Return the open cases that a person may read now and join a contact to, the newest first; `code` narrows them."""
    rows = cases_to_join(user, contact, at, code)
    cases = list(listed(Case.objects.filter(pk__in=[row.pk for row in rows]), user, at).order_by("-opened_at", "-id"))
    needs = _needs_of(cases)
    return [Joinable(one, str(SOURCE_WORDS.get(one.source, "–")), needs.get(one.pk, "")) for one in cases]


def is_joined(contact: Contact) -> bool:
    """Tell whether a contact was joined to the case that it has: one that was opened from it stays with it."""
    bound = contact.events.filter(kind__in=["case_opened", "case_joined", "case_parted"]).order_by("id")
    return contact.case_id is not None and bound.values_list("kind", flat=True).last() == "case_joined"


def may_part(user, contact: Contact) -> bool:
    """Tell whether a person may take a contact out of the case to which it was joined; out of one that a court holds nobody does."""
    case = contact.case
    return (
        case is not None and case.state == CaseState.OPEN and not case.legal_hold
        and allowed(user, CASE_RULES, "view_case", case) and is_joined(contact)
    )  # fmt: skip


def _needs_of(cases: list[Case]) -> dict[int, str]:
    """Return what is needed in each case by the newest answer, in words; a sealed answer stays sealed."""
    found = (
        FactValue.objects.filter(case__in=cases, key=NEEDS).order_by("id").values_list("case_id", "is_known", "value")
    )
    newest = {case: (is_known, value) for case, is_known, value in found}
    return {
        case: words_of(NEEDS, json.loads(value) if value else None)
        for case, (is_known, value) in newest.items()
        if value or not is_known
    }
