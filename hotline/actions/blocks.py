"""Writes of blocked numbers: a supervisor keeps a number out of the queue for a while, and lets it in again."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.own_rows import locked_for
from hotline.actions.timeline import note
from hotline.choices.blocks import BlockReason
from hotline.models import Block, Contact
from hotline.queries.blocks import block_of
from hotline.queries.lines import forget_lines


class CannotBlock(Exception):
    """Raised when a number cannot be blocked: it is withheld, or is nobody's number alone."""


@transaction.atomic
def block_number(*, contact: Contact, reason: str, hours: int, by: User, at: datetime) -> Block:
    """Keep the number of a contact out of the queue; blocked anew, it holds from now. A withheld number never is."""
    row = locked_for(contact, by)
    if not row.number_index or row.erased_at is not None:
        raise CannotBlock
    values = {"contact": row, "reason": BlockReason(reason), "by": by, "at": at, "until": at + timedelta(hours=hours)}
    block, _is_new = Block.objects.update_or_create(
        country_id=row.country_id, number_index=row.number_index, lifted_at=None, defaults=values
    )
    note(row, "number_blocked", by=by, at=at, block=reason)
    accounts.record(
        by=by,
        verb="hotline.number_blocked",
        thing=row,
        at=at,
        country=row.country_id or "",
        reason=reason,
        hours=hours,
    )
    transaction.on_commit(forget_lines)
    return block


@transaction.atomic
def lift_block(*, contact: Contact, by: User, at: datetime) -> bool:
    """Let a number into the queue again; tell whether it was blocked."""
    row = locked_for(contact, by)
    block = block_of(row, at)
    if block is None:
        return False
    Block.objects.filter(pk=block.pk).update(lifted_at=at)
    note(row, "block_lifted", by=by, at=at)
    accounts.record(by=by, verb="hotline.block_lifted", thing=row, at=at, country=row.country_id or "")
    transaction.on_commit(forget_lines)
    return True
