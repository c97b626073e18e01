"""A contact and its legs as they are locked: always the contact first (docs/house.md, Databases).

A leg never changes its contact. It is changed under its contact's lock, or by one statement of the worker that stands
alone. The leg of a request is read by a statement that is compiled once.
"""

from django.db.models import QuerySet

from hotline.callers import call_mark
from hotline.callstate import CALL_FINAL
from hotline.models import Contact, Leg
from hotline.models.rows import stored
from hotline.stays import stays_of
from languages.statements import Prepared

_LEG_COLUMNS = len(Leg._meta.concrete_fields)


def locked_contact(key: int) -> Contact:
    """Return a contact, locked until the transaction ends: nobody else changes what it has meanwhile."""
    return Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=key)


def lock_number(contact: Contact) -> None:
    """Lock the contacts of one number in the order of their keys, before any of them is locked by itself.

    What is judged or changed for all of them then is judged and changed by one at a time. A withheld number has no others.
    """
    if contact.number_index and contact.country_id:
        rows = Contact.objects.filter(number_index=contact.number_index, country=contact.country_id).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def locked_legs() -> QuerySet[Leg]:
    """Return the legs with their contacts, both locked as they are read.

    PostgreSQL locks in the order in which the tables stand after OF: the contact before the leg, as everybody does.
    """
    return Leg.objects.select_related("contact").select_for_update(of=("contact", "self"), no_key=True)


def legs_under_contact() -> QuerySet[Leg]:
    """Return the legs with their contacts, these locked as they are read; for what changes no leg, as it may be old."""
    return Leg.objects.select_related("contact").select_for_update(of=("contact",), no_key=True)


def _locked_rows(account: str, call_sid: str):
    return locked_legs().filter(account=account, call_sid=call_sid).order_by()


def _rows_of_contact(account: str, call_sid: str):
    return legs_under_contact().filter(account=account, call_sid=call_sid).order_by()


_LEG = Prepared(_rows_of_contact, "account", "call sid")
_LOCKED_LEG = Prepared(_locked_rows, "account", "call sid")


def leg_of_token(account: str, token: str) -> Leg | None:
    """Return the leg that an address of ours names, its contact locked; None for no such leg."""
    return legs_under_contact().filter(account=account, token=int(token or 0)).first()


def leg_of_call(account: str, call_sid: str, *, is_locked: bool = False) -> Leg | None:
    """Return the leg of a call with its contact; None for no such call.

    The contact is locked until the transaction ends, so that nothing of one that is being erased is kept; the leg too
    where it is about to be changed.
    """
    rows = _LOCKED_LEG if is_locked else _LEG
    found = next(iter(rows.rows(account, call_sid)), None) or next(iter(rows.rows(account, call_mark(call_sid))), None)
    if found is None:
        return None
    leg = stored(Leg, found[:_LEG_COLUMNS])
    leg._state.fields_cache["contact"] = stored(Contact, found[_LEG_COLUMNS:])
    return leg


def is_told(caller: Leg | None) -> bool:
    """Tell whether it is known when a caller was in the room: it told of her, or she is off the line.

    While it has told nothing of one who is on the line, she is taken to wait there: what it tells may be late.
    """
    return caller is not None and (bool(stays_of(caller.moves)) or caller.status in CALL_FINAL)
