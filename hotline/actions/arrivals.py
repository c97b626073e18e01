"""Who arrived: the contact and the leg of a first request, of a callback that came before it, of a text message."""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from accounts import actions as accounts
from accounts import sealing
from hotline import callers
from hotline.actions import inbox
from hotline.actions.inbox import Hook
from hotline.actions.timeline import with_flags
from hotline.choices import DRAFTED, REHEARSED, CallerClass, ContactKind
from hotline.choices.blocks import BLOCKED
from hotline.models import Block, Contact, Leg, Opposition
from hotline.models.rows import Writing, insert, update
from hotline.queries.blocks import is_blocked
from hotline.queries.lines import LineFacts, forget_lines, line_called
from hotline.telephony.providers import is_simulated

CONTACT_TABLE = "hotline_contact"
NO_CALL = "no_call"


def line_of_hook(hook: Hook) -> LineFacts | None:
    """Return the line that was called or written to, if it is one of this account."""
    line = line_called(callers.called_number(hook.value("To")))
    return line if line is not None and line.account == hook.account else None


def new_contact(
    hook: Hook, line: LineFacts | None, *, write: Writing | None = None, flags: tuple[str, ...] = (), **values
) -> Contact:
    """Insert a contact with its sealed number and the key of it; with `write`, together with what else is written."""
    contact = Contact(
        public_id=uuid.uuid4(), line_id=line.id if line else None, flow_id=line.flow_id if line else None,
        country_id=line.country if line else None,
        started_at=hook.at, changed_at=hook.written_at, is_practice=bool(line and line.is_practice), flags=" ".join((*hook.flags, *flags)),
        **values,
    )  # fmt: skip
    if is_simulated(hook.account):
        contact.flags = f"{contact.flags} simulated".strip()
    together = write or Writing(Contact)
    identify(contact, hook, line, together)
    together.insert(contact)
    if write is None:
        together.send()
    return contact


def identify(contact: Contact, hook: Hook, line: LineFacts | None, write: Writing) -> None:
    """Put class, sealed number and blind index of who calls on a contact; withheld callers have neither."""
    if contact.erased_at is not None:
        return
    caller = callers.caller_from(hook.value("From"), line.country if line else "")
    contact.caller_class = caller.kind
    if not caller.value:
        return
    if contact.pk is None:
        key, row = accounts.new_data_key(contact.public_id, contact.seal_scope, at=hook.at)
        write.insert(row)
    else:  # a callback came before: what it brought may be sealed already
        key = accounts.data_key(contact.public_id, contact.seal_scope)
    contact.number = sealing.seal(caller.value, key, f"{CONTACT_TABLE}.number", str(contact.public_id))
    if indexes := _current_indexes(caller, line.id if line else None):
        contact.number_index = indexes[0]
        if contact.kind == ContactKind.CALL and any(is_blocked(contact.country_id, one, hook.at) for one in indexes):
            contact.flags = with_flags(contact.flags, BLOCKED)


def current_index(caller: callers.Caller, line: int | None = None) -> str:
    """Return the blind index by which contacts of one number are suggested as one person; "" of what names nobody.

    A user of a network is somebody only to the line at which its calls come in: elsewhere the name may be another's.

    While the key of indexes rotates, rows of this number that bear an older key's index get the new one, so that a
    STOP, a block, a thread and earlier contacts are still found.
    """
    return next(iter(_current_indexes(caller, line)), "")


def _current_indexes(caller: callers.Caller, line: int | None) -> list[str]:
    """Return `current_index` and those by older keys, which the memory of lines may hold for some seconds more."""
    is_of_line = caller.kind == CallerClass.SIP
    if not caller.can_link or (is_of_line and line is None):
        return []
    named = f"{caller.kind}:{line}:{caller.value}" if is_of_line else f"{caller.kind}:{caller.value}"
    newest, *older = accounts.indexes_of(named, "hotline.number")
    if older:
        _bring_forward(newest, older)
    return [newest, *older]


def _bring_forward(newest: str, older: list[str]) -> None:
    rows = Contact.objects.filter(number_index__in=older)
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))  # several contacts: in one order
    rows.update(number_index=newest)
    for opposed in Opposition.objects.filter(number_index__in=older):
        where = {"line_id": opposed.line_id, "channel": opposed.channel, "number_index": newest}
        Opposition.objects.get_or_create(**where, defaults={"at": opposed.at})
        opposed.delete()
    blocked = Block.objects.filter(number_index__in=older)
    if blocked.exists():
        _bring_blocks_forward(blocked, newest)


def _bring_blocks_forward(blocked: QuerySet[Block], newest: str) -> None:
    """Give blocks the newest index; of two that stand in one country the one that ends first goes."""
    blocked.exclude(lifted_at=None).update(number_index=newest)
    for block in blocked.filter(lifted_at=None):
        same = Block.objects.filter(country_id=block.country_id, number_index=newest, lifted_at=None).first()
        if same is None or same.until < block.until:
            if same is not None:
                same.delete()
            Block.objects.filter(pk=block.pk).update(number_index=newest)
        else:
            block.delete()
    transaction.on_commit(forget_lines)


def new_leg(hook: Hook, contact: Contact, *, status: str, role: str = "caller", label: str = "caller") -> Leg:
    """Insert a leg of a contact."""
    leg = leg_of(hook, contact, status=status, role=role, label=label)
    insert(leg)
    return leg


def leg_of(hook: Hook, contact: Contact, *, status: str, role: str = "caller", label: str = "caller") -> Leg:
    """Return a leg of a contact, not yet inserted."""
    return Leg(
        contact=contact, role=role, account=hook.account, call_sid=hook.call_sid or None, label=label, status=status,
        seen_statuses=status, made_at=hook.at,
    )  # fmt: skip


def marks_of(line: LineFacts | None) -> tuple[str, ...]:
    """Return the flags with which a call of a line begins: one that tries a draft waits for nobody afterwards."""
    return (REHEARSED, DRAFTED) if line is not None and line.is_draft else ()


def stub(hook: Hook) -> Leg:
    """Make a contact and a leg for a call that is heard of before its first request."""
    line = line_of_hook(hook)
    contact = new_contact(hook, line, flags=marks_of(line), state="stub", step="stub")
    contact.flags = f"{contact.flags} unknown_call".strip()
    update(contact, {"flags": contact.flags})
    return new_leg(hook, contact, status="")


@transaction.atomic
def keep_unplaced(*, hook: Hook, reply: str = "") -> str:
    """Keep a request that does not say which call it is of, flagged and without a contact; a repeat gets the same document.

    Nothing tells two such calls apart, so none is written down as a contact: two people would share it.
    """
    line = line_of_hook(hook)
    scope = line.country if line else "*"
    key = inbox.worded_key(hook, f"{hook.account}:{NO_CALL}:{hook.kind}:{hook.step}:{hook.token}:", scope=scope)
    if inbox.keep(hook, key, scope=scope, contact=None, leg=None, reply=reply, flags=(NO_CALL,)) is not None:
        return reply
    return inbox.said_to(key)
