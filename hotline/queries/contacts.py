"""Contacts: who may see which, who waits, what happened."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from hotline.choices import QUEUE_STATES, REHEARSED
from hotline.models import Contact, ContactEvent, Line, Shield
from hotline.queries.of_desk import is_of_desk
from referral.choices import CaseState
from referral.models import Case
from referral.queries.cases import cases_visible_to, openable

OF_NO_LINE = Q(line=None, country=None)
MOST_CASES = 200  # that a list offers
NOTICED = dt.timedelta(days=2)  # how long one that nobody has to follow up is worth a look at the lines


def contacts_of_desk(user) -> QuerySet[Contact]:
    """Return the contacts on which a person may work: operators and supervisors those of their own country, others none.

    Not those that name them: a contact that is shielded from a person is not there for her, on any page.
    """
    if not is_of_desk(user):
        return Contact.objects.none()
    hidden = Shield.objects.filter(Shield.meets(user), contact=OuterRef("pk"))
    return Contact.objects.filter(~Exists(hidden), country_id=user.country_id)


def contacts_visible_to(user) -> QuerySet[Contact]:
    """Return the contacts a person may see: those of her desk; administrators also those of no line, which nobody else sees."""
    if not user.is_authenticated or not user.has_role("administrator"):
        return contacts_of_desk(user)
    return contacts_of_desk(user) | Contact.objects.filter(OF_NO_LINE)


def counted_in(country: str) -> Q:
    """Return which contacts of a country count: those of its lines for callers, as if no other line were there.

    Where it has practice lines only, as in the demo and on a site for training, theirs: whoever sees them sees that they
    are practice. What a rehearsal played counts nowhere.
    """
    is_real = Line.objects.filter(country_id=country, is_practice=False).exists()
    return Q(country_id=country, is_practice=not is_real) & ~Q(flags__contains=REHEARSED)


def count_at_no_line(at: dt.datetime) -> int:
    """Return how many contacts reached a number of no line and wait for a look: those to close, and those of late."""
    waits = Q(is_missed=True, erased_at=None) | Q(started_at__gte=at - NOTICED)
    return Contact.objects.filter(OF_NO_LINE, waits, closed_at=None, flags__contains="unknown_number").count()


def waiting_calls(user, *more: str) -> QuerySet[Contact]:
    """Return the calls that wait for somebody, danger first, then those put back, then by first arrival.

    With them those in `more` states.
    """
    states = [*QUEUE_STATES, "offered", "phones", *more]
    waiting = contacts_of_desk(user).filter(state__in=states, ended_at__isnull=True)
    return waiting.select_related("line", "claimed_by").order_by("priority", "queued_at", "id")


def timeline_of(contact: Contact) -> QuerySet[ContactEvent]:
    """Return what happened to a contact, first things first."""
    return ContactEvent.objects.filter(contact_id=contact.pk).order_by("at", "id")


def place_in_queue(contact: Contact) -> int:
    """Return how many wait before this contact, plus one."""
    rows = Contact.objects.filter(line_id=contact.line_id, state__in=QUEUE_STATES, ended_at__isnull=True)
    before = [
        (priority, queued_at)
        for priority, queued_at in rows.exclude(pk=contact.pk).values_list("priority", "queued_at")
        if (priority, queued_at or contact.started_at) < (contact.priority, contact.queued_at or contact.started_at)
    ]
    return len(before) + 1


def cases_found_by(user, contacts: Iterable[Contact]) -> frozenset[int]:
    """Return the keys of those cases of some contacts whose page is there for a person: opened at once, or with a reason."""
    keys = {contact.case_id for contact in contacts} - {None}
    return frozenset(cases_visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def cases_opened_by(user, contacts: Iterable[Contact], at: dt.datetime) -> frozenset[int]:
    """Return the keys of those cases of some contacts that a person may read now: the rule "view_case" in one statement."""
    keys = {contact.case_id for contact in contacts} - {None}
    rows = Case.objects.filter(pk__in=keys).annotate(may_open=openable(user, at))
    return frozenset(rows.filter(may_open=True).values_list("pk", flat=True))


def cases_to_join(user, contact: Contact, at: dt.datetime, code: str = "") -> QuerySet[Case]:
    """Return the open cases of the contact's country that a person may read now, the newest first; `code` is a part of one."""
    rows = cases_visible_to(user).filter(country_id=contact.country_id, state=CaseState.OPEN, code__icontains=code)
    return rows.annotate(may_open=openable(user, at)).filter(may_open=True).order_by("-opened_at", "-id")[:MOST_CASES]


def lapsed_claims(at: dt.datetime) -> QuerySet[Contact]:
    """Return offered contacts whose operator's telephone did not join in time."""
    return Contact.objects.filter(state="offered", claimed_until__lt=at)
