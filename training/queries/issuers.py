"""Who signs credentials: the keys of this house and the name by which it is known."""

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet

from training import credentials
from training.models import IssuerKey, StatusList


def keys_in_use() -> QuerySet[IssuerKey]:
    """Return the keys that were not removed: they stand in the document, so what they signed can be checked."""
    return IssuerKey.objects.filter(removed_at=None)


def first_key(at: dt.datetime) -> IssuerKey | None:
    """Return the key in first place, which signs: the newest that a list of withdrawn certificates bears, else the due one.

    Verifiers check the lists with the first key of the document and with no other, so a key whose time has come is in first
    place from the act on that signs the lists with it (`sign_lists`), and the one before it until then.
    """
    borne = keys_in_use().filter(pk__in=StatusList.objects.values("key"))
    return borne.order_by("-first_at", "-pk").first() or due_key(at)


def due_key(at: dt.datetime) -> IssuerKey | None:
    """Return the key that should sign at an instant: the newest whose time has begun, else the one whose time comes next."""
    begun = keys_in_use().filter(first_at__lte=at).order_by("-first_at", "-pk").first()
    return begun or keys_in_use().order_by("first_at", "pk").first()


def issuer_of(key: IssuerKey) -> credentials.Issuer:
    """Return the house as what a key signs names it: did:web under its https address, did:key without one."""
    did = credentials.did_web(settings.PUBLIC_URL) or credentials.did_key(key.public)
    return credentials.Issuer(did, settings.WAGTAIL_SITE_NAME, settings.PUBLIC_URL)


def kid_of(key: IssuerKey) -> str:
    """Return by what a token names a key."""
    return credentials.key_id(issuer_of(key).did, key.name)


def did_document(at: dt.datetime) -> dict | None:
    """Return the document in which the keys of this house stand, the one that signs first; None before there is one."""
    first = first_key(at)
    did = credentials.did_web(settings.PUBLIC_URL)
    if first is None or not did:
        return None
    others = keys_in_use().filter(~Q(pk=first.pk)).order_by("-first_at", "-pk")
    return credentials.did_document(did, [(key.name, key.public) for key in (first, *others)])


def status_list(number: int) -> StatusList | None:
    """Return a list of withdrawn certificates as it was signed."""
    return StatusList.objects.filter(number=number).first()
