"""Erasing what was sealed: a contact's key is destroyed, the row stays without identity; old payloads go by month."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import actions as accounts
from accounts import queries as people
from accounts.models import Country
from hotline import retention
from hotline.actions.emptying import empty, lock_cases
from hotline.actions.forgetting import forget_words
from hotline.actions.inbox import INBOX, KEYED, forget_month_keys
from hotline.actions.leftovers import empty_left_behind
from hotline.actions.orders import order
from hotline.actions.own_rows import check_hers
from hotline.actions.timeline import note
from hotline.callers import MARK
from hotline.choices import CommandKind, ErasingReason
from hotline.models import Contact, Leg, Recording, WebhookEvent
from hotline.queries.legs import lock_number
from hotline.queries.retention import due_contacts, due_sounds, facts_of, held

BATCH, PAYLOADS = 50, 5000

PAYLOAD_DAYS = timedelta(days=30)
LAST_RELEASE = timedelta(days=2)
LOG_KEPT = timedelta(hours=48)
LOG_AGAIN = timedelta(days=8)  # longer than an order is tried, so that it is another week's order


class CannotErase(Exception):
    """Raised when a contact may not be erased now; `code` (hotline.queries.retention.BARS) says why and what to do."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def erase_contact(*, contact: Contact, reason: str, by, at: datetime) -> None:
    """Destroy a contact's data key, empty its sealed columns and have the provider's copies deleted.

    Codes, times and the answers of the sheet stay for the counts; nothing is left that names or reaches anybody.
    """
    lock_number(contact)
    # The full lock: rows that somebody is adding to this contact are waited for, so that they are emptied too.
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    check_hers(row, by)
    row.case = lock_cases([row.case_id]).get(row.case_id)
    if code := retention.bar(facts_of(row), at):
        raise CannotErase(code)
    accounts.destroy_key(owner=row.public_id, by=by, at=at)
    empty(row, at)
    note(row, "erased", by=by, at=at, erasing=reason)
    accounts.record(
        by=by, verb="hotline.contact_erased", thing=row, at=at, country=row.country_id or "", reason=reason
    )


def _hold_still(contacts: QuerySet[Contact]) -> None:
    """Let nobody hold these contacts or their cases until this is saved; a hold that is being set is waited for.

    Whoever asks afterwards what may be erased sees each hold that stands. Contacts first, then cases, each in one order.
    """
    rows = contacts.select_for_update(no_key=True).order_by("pk").values_list("case_id", flat=True)
    lock_cases(rows)


@transaction.atomic
def erase_again(*, owner: uuid.UUID, by, at: datetime) -> bool:
    """Empty a contact that a backup brought back after it was erased, whatever its state; tell whether there was one."""
    there = Contact.objects.filter(public_id=owner, erased_at=None)
    for contact in there:
        lock_number(contact)
    row = there.select_for_update(of=("self",)).first()
    if row is None:
        return False
    empty(row, at)
    note(row, "erased", by=by, at=at, erasing=ErasingReason.RESTORED)
    accounts.record(
        by=by, verb="hotline.contact_erased", thing=row, at=at, country=row.country_id or "", reason="restored"
    )
    return True


def erase_due(*, at: datetime) -> int:
    """Erase the contacts whose time is over, and what stayed of erased ones; one that cannot be is logged and stops no other."""

    def erase(contact: Contact) -> bool:
        erase_contact(contact=contact, reason="time_over", by="worker", at=at)
        return True

    left = empty_left_behind(at=at)
    return left + accounts.first_due("contact_not_erased", due_contacts(at), erase, most=BATCH, known=(CannotErase,))


@transaction.atomic
def order_log_deletions(*, at: datetime) -> int:
    """Order the deletion of the provider's records of calls that ended two days ago; a refused one again each week.

    What a court holds is left out; once the hold is lifted it is found here again.
    """
    asked = Q(log_asked_at=None) | Q(log_asked_at__lt=at - LOG_AGAIN)
    there = Leg.objects.filter(asked, log_deleted_at=None, call_sid__isnull=False, ended_at__lte=at - LOG_KEPT)
    there = there.exclude(call_sid__startswith=MARK).exclude(held("contact__")).order_by("ended_at")
    found = dict(there.values_list("pk", "contact")[:BATCH])
    _hold_still(Contact.objects.filter(pk__in=set(found.values())))
    legs = list(there.filter(pk__in=found))
    for leg in legs:
        order(CommandKind.DELETE_CALL, leg=leg, key=f"call_log:{leg.pk}:{at:%G%V}", at=at)
    Leg.objects.filter(pk__in=[leg.pk for leg in legs]).update(log_asked_at=at)
    return len(legs)


@transaction.atomic
def forget_old_sounds(*, at: datetime) -> int:
    """Empty our own copies of recorded messages that were handled thirty days ago; the contact stays."""
    done = 0
    found = dict(due_sounds(at).values_list("pk", "contact")[:BATCH])
    _hold_still(Contact.objects.filter(pk__in=set(found.values())))
    due = due_sounds(at).filter(pk__in=found).select_related("contact")
    for recording in due.select_for_update(of=("self",)):
        Recording.objects.filter(pk=recording.pk).update(audio=None)
        note(recording.contact, "sound_erased", by="worker", at=at)
        done += 1
    return done


@transaction.atomic
def forget_old_payloads(*, at: datetime) -> int:
    """Empty inbox payloads of thirty days ago, their digests and what they were answered, and destroy the keys of months wholly past.

    Those are the countries' keys. What a court holds stays, and with it the key of its month; that goes with the last
    row that is emptied. Only the contacts of the rows of this turn are locked, and asked once more whether they are held.
    """
    old = WebhookEvent.objects.filter(received_at__lt=at - PAYLOAD_DAYS, payload__isnull=False)
    months = _past_months(at - PAYLOAD_DAYS)
    free = old.exclude(held("contact__"))
    found = dict(free.order_by("received_at").values_list("pk", "contact")[:PAYLOADS])
    _hold_still(Contact.objects.filter(pk__in=set(found.values()) - {None}))
    rows = WebhookEvent.objects.filter(pk__in=free.filter(pk__in=found).values("pk"))
    forget_words(rows)
    count = rows.update(payload=None, reply="", digest="")
    _forget_digests_without_key(at)
    standing = people.owners_with_keys(months)
    kept = set(old.filter(seal_key__in=standing).values_list("seal_key", flat=True))
    for owner in sorted(standing - kept, key=str):
        accounts.destroy_key(owner=owner, by="worker", at=at)
        forget_month_keys()
    return count


def _forget_digests_without_key(at: datetime) -> None:
    """Empty what the release before wrote while it was replaced: a digest without a key, from which a number is found."""
    lately = WebhookEvent.objects.filter(received_at__gt=at - LAST_RELEASE, payload__isnull=False)
    lately.exclude(digest="").exclude(digest__startswith=KEYED).update(digest="")


def _past_months(until: datetime) -> set[uuid.UUID]:
    """Return the owners of the inbox keys of all months that ended before an instant, from the first one in the inbox.

    However long a court held what a month sealed: its key is found once nothing of it is left. The first row came first;
    one that came late for its instant is among those not emptied. Neither is searched for in the whole inbox.
    """
    times = WebhookEvent.objects.values_list("received_at", flat=True)
    known = (times.order_by("pk").first(), times.filter(payload__isnull=False).order_by("received_at").first())
    first = min((at for at in known if at is not None), default=until)
    scopes = {"*", *Country.objects.values_list("pk", flat=True)}
    numbers = range(first.year * 12 + first.month - 1, until.year * 12 + until.month - 1)
    months = [f"{number // 12:04d}{number % 12 + 1:02d}" for number in numbers]
    return {uuid.uuid5(INBOX, f"{scope}|{month}") for scope in scopes for month in months}
