"""The leg of a request with its contact, read by a statement that is compiled once."""

from hotline.callers import call_mark
from hotline.models import Contact, Leg
from languages.statements import Prepared

_LEG_NAMES = [field.attname for field in Leg._meta.concrete_fields]
_CONTACT_NAMES = [field.attname for field in Contact._meta.concrete_fields]


def _rows(account: str, call_sid: str):
    rows = Leg.objects.select_related("contact")
    return rows.filter(account=account, call_sid=call_sid).order_by()


def _locked_rows(account: str, call_sid: str):
    return _rows(account, call_sid).select_for_update(of=("self", "contact"), no_key=True)


def _rows_of_contact(account: str, call_sid: str):
    return _rows(account, call_sid).select_for_update(of=("contact",), no_key=True)


_LEG = Prepared(_rows_of_contact, "account", "call sid")
_LOCKED_LEG = Prepared(_locked_rows, "account", "call sid")


def leg_of_call(account: str, call_sid: str, *, is_locked: bool = False) -> Leg | None:
    """Return the leg of a call with its contact; None for no such call.

    The contact is locked until the transaction ends, so that nothing of one that is being erased is kept; the leg too
    where it is about to be changed.
    """
    rows = _LOCKED_LEG if is_locked else _LEG
    found = next(iter(rows.rows(account, call_sid)), None) or next(iter(rows.rows(account, call_mark(call_sid))), None)
    if found is None:
        return None
    count = len(_LEG_NAMES)
    leg = Leg.from_db("default", _LEG_NAMES, found[:count])
    leg.contact = Contact.from_db("default", _CONTACT_NAMES, found[count:])
    return leg
