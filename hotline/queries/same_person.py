"""Which contacts may be of one person: those of one number, as a suggestion; and those that somebody said are."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.rules import allowed
from hotline.choices import CallerClass
from hotline.models import Contact, ContactLink
from hotline.queries.contacts import contacts_visible_to
from hotline.rules import RULES

LINKED_BY = (CallerClass.PHONE, CallerClass.BSUID)
MOST = 20


@dataclass(frozen=True)
class Linked:
    """A contact that somebody said is of the same person, and the link that says so."""

    link: ContactLink
    contact: Contact


def may_be_same(*contacts: Contact) -> bool:
    """Tell whether two contacts came from one number that may be compared; of a withheld number nothing is known."""
    if len(contacts) != 2:
        return False
    one, other = contacts
    known = all(row.caller_class in LINKED_BY and row.number_index and row.erased_at is None for row in contacts)
    return known and (one.number_index, one.country_id) == (other.number_index, other.country_id)


def suggested(user, contact: Contact) -> list[Contact]:
    """Return other contacts of the same number that this person may see and that are not linked yet, newest first.

    The last twenty that came: a telephone that many use has thousands. Only where she may see the number of both: that two
    have the same one tells whose it is.
    """
    if contact.caller_class not in LINKED_BY or not contact.number_index or not _sees_number(user, contact):
        return []
    rows = contacts_visible_to(user).filter(
        number_index=contact.number_index, country_id=contact.country_id, caller_class__in=LINKED_BY, erased_at=None
    )
    known = [contact.pk, *(one.contact.pk for one in linked(user, contact))]
    # By key, which is the order within the index of numbers: asked for by time, SQLite goes through the country instead.
    last = rows.exclude(pk__in=known).select_related("case", "country").order_by("-pk")[:MOST]
    newest = sorted(last, key=lambda row: (row.started_at, row.pk), reverse=True)
    return [row for row in newest if _sees_number(user, row)]


def _sees_number(user, contact: Contact) -> bool:
    return allowed(user, RULES, "see_number", contact)


def linked(user, contact: Contact) -> list[Linked]:
    """Return the contacts that somebody said are of the same person, as far as this person may see the number of both."""
    if not _sees_number(user, contact):
        return []
    rows = ContactLink.objects.filter(Q(one=contact) | Q(other=contact), undone_at=None)
    links = {row.other_id if row.one_id == contact.pk else row.one_id: row for row in rows}
    seen = (
        contacts_visible_to(user).filter(pk__in=links).select_related("case", "country")
        if links
        else Contact.objects.none()
    )
    rows = seen.order_by("-started_at", "-id")
    return [Linked(links[row.pk], row) for row in rows if _sees_number(user, row)]
