"""The keys with which this house signs, and what it signs beside certificates: the lists of withdrawn ones."""

import datetime as dt
from itertools import count

from django.db import IntegrityError, transaction

from accounts import signing
from accounts.actions import record, reveal, seal
from training import credentials
from training.models import Certificate, IssuerKey, StatusList
from training.queries import issuers

PUBLISHED_FIRST = dt.timedelta(days=7)  # verifiers that keep the document for a while know a key before it signs
SIGNED_ANEW = dt.timedelta(hours=20)  # each list is good for 30 days and is signed anew each day


class NoSuchKey(LookupError):
    """Raised for the name of a key that this house does not have, or has removed already."""


@transaction.atomic
def key_to_sign(*, at: dt.datetime) -> IssuerKey:
    """Return the key in first place, making the house's first one when there is none; two at once make one."""
    while (key := issuers.first_key(at)) is None:
        key = _key_named(_free_name(at), first_at=at, by="system", at=at)
    return key


@transaction.atomic
def rotate_key(*, by, at: dt.datetime, is_urgent: bool = False) -> IssuerKey:
    """Make and publish a new key; urgent, it signs at once, else after seven days, once the lists are signed with it."""
    if is_urgent:
        hold_lists(StatusList.objects.values("number"))
    key = _new_key(first_at=at if is_urgent else at + PUBLISHED_FIRST, by=by, at=at)
    if is_urgent:
        sign_lists(at=at, even_fresh=True)
    return key


@transaction.atomic
def remove_key(*, name: str, by, at: dt.datetime) -> IssuerKey:
    """Take a key that others may have out of the document: nothing that it signed is good any more.

    Another one signs from now on, the lists at once and each badge when it is fetched again. The page of a certificate
    answers from the database and says what it said before.
    """
    hold_lists(StatusList.objects.values("number"))
    key = issuers.keys_in_use().select_for_update(no_key=True).filter(name=name).first()
    if key is None:
        raise NoSuchKey(f"There is no key {name} in use.")
    key.removed_at = at
    key.save(update_fields=["removed_at"])
    record(by=by, verb="training.key_removed", thing=key, at=at, name=name)
    if issuers.due_key(at) is None:
        _new_key(first_at=at, by=by, at=at)
    sign_lists(at=at, even_fresh=True)
    return key


def _new_key(*, first_at: dt.datetime, by, at: dt.datetime) -> IssuerKey:
    while (key := _key_named(_free_name(at), first_at=first_at, by=by, at=at)) is None:
        continue  # the name was taken meanwhile, so the next one is another
    return key


def _free_name(at: dt.datetime) -> str:
    """Return the first name of a day that no key bears."""
    taken = set(IssuerKey.objects.filter(name__startswith=f"{at:%Y-%m-%d}-").values_list("name", flat=True))
    return next(name for number in count(1) if (name := f"{at:%Y-%m-%d}-{number}") not in taken)


def _key_named(name: str, *, first_at: dt.datetime, by, at: dt.datetime) -> IssuerKey | None:
    """Make a key; nothing where another transaction has given its name to one, for which this one has waited."""
    secret, public = signing.new_pair()
    key = IssuerKey(name=name, public=public, made_at=at, first_at=first_at)
    try:
        with transaction.atomic():
            seal(key, "secret", secret)
            key.save()
    except IntegrityError:
        if not IssuerKey.objects.filter(name=name).exists():
            raise
        return None
    record(by=by, verb="training.key_made", thing=key, at=at, name=key.name)
    return key


def signed(payload: dict, key: IssuerKey, *, by, at: dt.datetime, reason: str) -> str:
    """Return a payload signed with a key; each use of the key is recorded as a reading of its secret."""
    secret = reveal(key, "secret", by=by, at=at, reason=reason)
    return credentials.sign_token(payload, secret=secret, kid=issuers.kid_of(key))


def hold_lists(numbers) -> None:
    """Lock lists of withdrawn certificates in the order of their numbers, as all do who sign one after a first record.

    Each signing reads a secret, which is recorded: the audit log is locked last.
    """
    rows = StatusList.objects.filter(number__in=numbers).order_by("number")
    list(rows.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def sign_list(number: int, *, at: dt.datetime) -> StatusList:
    """Sign one list of withdrawn certificates as it stands now, beginning it where it is not there yet."""
    hold_lists([number])  # before a first key is made, and recorded
    key = key_to_sign(at=at)
    begun = {"padding": credentials.packed(credentials.new_padding()), "signed_at": at, "key": key}
    StatusList.objects.get_or_create(number=number, defaults=begun)
    return _sign_with(key, number, at)


def _sign_with(key: IssuerKey, number: int, at: dt.datetime) -> StatusList:
    # A withdrawal beside the daily signing has waited by here, so that neither writes a list of before the other.
    row = StatusList.objects.select_for_update(no_key=True).get(number=number)
    listing = credentials.Listing(number, _set_places(row), at)
    row.signed = signed(
        credentials.list_payload(listing, issuers.issuer_of(key)), key, by="system", at=at, reason="list"
    )
    row.signed_at, row.key = at, key
    row.save(update_fields=["signed", "signed_at", "key"])
    return row


def _set_places(row: StatusList) -> frozenset[int]:
    """Return the places that a list sets: of each withdrawn certificate, and its padding; of one that stands, never."""
    given = Certificate.objects.filter(list_number=row.number)
    gone = given.filter(withdrawal__isnull=False).values_list("place", flat=True)
    padding = credentials.unpacked(row.padding)
    standing = given.filter(withdrawal=None, place__in=padding).values_list("place", flat=True)
    return padding.difference(standing).union(gone)


def sign_lists(*, at: dt.datetime, even_fresh: bool = False) -> int:
    """Sign each list whose signature is a day old; all of them where another key is due than one bears; return how many."""
    lists, due = StatusList.objects.order_by("number"), issuers.due_key(at)
    if even_fresh or lists.exclude(key=due).exists():
        return _sign_all(at)
    numbers = list(lists.filter(signed_at__lte=at - SIGNED_ANEW).values_list("number", flat=True))
    for number in numbers:
        sign_list(number, at=at)
    return len(numbers)


@transaction.atomic
def _sign_all(at: dt.datetime) -> int:
    """Sign all lists with the key that is due, in one act, by which it comes to first place."""
    hold_lists(StatusList.objects.values("number"))
    key = issuers.due_key(at) or key_to_sign(at=at)
    numbers = list(StatusList.objects.order_by("number").values_list("number", flat=True))
    for number in numbers:
        _sign_with(key, number, at)
    return len(numbers)
