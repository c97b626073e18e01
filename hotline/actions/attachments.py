"""Pictures and sound that came with a message: fetched by the worker, sealed here, then deleted at the provider."""

import base64
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import actions as accounts
from hotline import attachments
from hotline.actions.given_up import open_follow_up
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.timeline import add_events
from hotline.choices import LOST_FILE, CommandKind, Direction
from hotline.models import Attachment, Command, Message
from hotline.queries.fetching import lost_files
from hotline.queries.legs import locked_contact
from hotline.retention import KEPT_SOUND
from hotline.telephony.base import Provider, ProviderRefused
from hotline.telephony.providers import is_simulated

# Only the two names are taken from an address that came with a request; where to ask is ours.
ADDRESS = re.compile(r"/Messages/((?:SM|MM)[0-9a-f]{32})/Media/(ME[0-9a-f]{32})\Z")
MOST, TOO_LARGE = 10, "too_large"
GIVEN_AWAY = frozenset({"gone", TOO_LARGE})  # faults with which nothing is left to be got at the provider
BATCH = 50
COPY_KEPT = 60
TEXT_KEY = "delete:"  # of the order to delete a text that came in


def note_attachments(message: Message, hook: Hook) -> None:
    """Note what came with a message and order it to be fetched; a text that brings nothing new is deleted there.

    A file that came with another text already is kept once, with that one. While it is awaited, the provider's copy of
    this text stays, for it might take the file along: until the file came or cannot come any more (`_settled`), at most as
    long as a lost file would.
    """
    named = [ADDRESS.search(hook.value(f"MediaUrl{place}", 400)) for place in range(MOST)]
    found = {one[2]: one[1] for one in named if one}
    noted = [_noted(message, sid, message_sid, hook.at) for sid, message_sid in found.items()]
    if not any(is_new for _row, is_new in noted):
        is_awaited = any(row.fetched_at is None and row.fault not in GIVEN_AWAY for row, _is_new in noted)
        order_text_deleted(message, at=hook.at, delay=KEPT_SOUND.total_seconds() if is_awaited else COPY_KEPT)


def _noted(message: Message, sid: str, message_sid: str, at: datetime) -> tuple[Attachment, bool]:
    """Return the row of a file, and whether it is new; a new one is ordered to be fetched."""
    row, is_new = Attachment.objects.defer("content").get_or_create(
        account=message.account, sid=sid,
        defaults={
            "contact_id": message.contact_id, "message": message, "message_sid": message_sid, "made_at": at,
        },
    )  # fmt: skip
    if is_new:
        _order(CommandKind.FETCH_ATTACHMENT, f"fetch:{sid}", row, at)
    return row, is_new


def _order(kind: str, key: str, row: Attachment, at: datetime) -> None:
    order(kind, key=key, at=at, account=row.account, contact=row.contact_id, attachment=row.pk)


def fetch_attachment(command: Command, line: Provider, at: datetime) -> None:
    """Fetch a file, seal it, and only then order the deletion of the provider's copy.

    One that is too large is not kept; of a contact that was erased meanwhile nothing is.
    """
    row = Attachment.objects.select_related("contact").get(pk=command.arguments["attachment"])
    if row.contact.erased_at is not None or row.fetched_at is not None:
        _settled(row, at)
        return
    try:
        content, content_type = attachments.plain_file(line.attachment(row.message_sid, row.sid))
    except ProviderRefused as refused:
        if refused.code != TOO_LARGE:
            raise
        lose_attachment(row.pk, fault=TOO_LARGE, at=at)
        return
    with transaction.atomic():
        contact = locked_contact(row.contact_id)
        row = Attachment.objects.get(pk=row.pk)
        if contact.erased_at is None and row.fetched_at is None:
            row.contact = contact
            accounts.seal(row, "content", base64.b64encode(content).decode())
            row.content_type, row.size, row.fetched_at, row.lost_at = content_type, len(content), at, None
            row.save(update_fields=["content", "content_type", "size", "fetched_at", "lost_at"])
            add_events(contact, [("attachment_fetched", {})], by="worker", at=at)
        _settled(row, at)


@transaction.atomic
def lose_attachment(key: int, *, fault: str, at: datetime) -> None:
    """Give a file up: said in the timeline and beside its message, and its contact is followed up.

    The provider's copy goes at once where there is none, or it is too large to be kept; else it stays as long as our own
    copy of a sound would (`lost_files`): till then somebody may get it there.
    """
    contact = locked_contact(Attachment.objects.get(pk=key).contact_id)
    row = Attachment.objects.get(pk=key)
    if row.fetched_at is not None or row.lost_at is not None:
        return
    row.lost_at, row.fault = at, fault[:40]
    row.save(update_fields=["lost_at", "fault"])
    if contact.erased_at is None:
        add_events(contact, [("attachment_lost", {})], by="worker", at=at)
        open_follow_up(contact, LOST_FILE, at)
    if fault in GIVEN_AWAY or contact.erased_at is not None:
        _settled(row, at)


def order_lost_files_deleted(*, at: datetime) -> int:
    """Order the deletion of the provider's copies of files that never came here, thirty days after they were given up."""
    rows = list(lost_files(at)[:BATCH])
    for row in rows:
        _settled(row, at)
    return len(rows)


def _settled(row: Attachment, at: datetime) -> None:
    """Have the provider's copy of a file deleted, and with the last one of a message that message."""
    _order(CommandKind.DELETE_ATTACHMENT, f"delete:{row.sid}", row, at)
    there = Q(lost_at=None) | Q(fault="", deleted_at=None)
    others = Attachment.objects.filter(there, message=row.message_id, fetched_at=None).exclude(pk=row.pk)
    if not others.exists():
        order_text_deleted(row.message, at=at)
    kept = Q(lost_at=None) | (Q(deleted_at=None) & ~Q(fault__in=GIVEN_AWAY))  # a lost one may be got at the provider
    if not Attachment.objects.filter(kept, contact=row.contact_id, fetched_at=None).exclude(pk=row.pk).exists():
        _hasten_deletions(row, at)


def _hasten_deletions(row: Attachment, at: datetime) -> None:
    """Have the provider's copies of texts that waited for files of their conversation deleted soon: none is awaited any more."""
    soon = at + timedelta(seconds=COPY_KEPT)
    came = Message.objects.filter(contact=row.contact_id, direction=Direction.IN, redacted_at=None).exclude(sid="")
    keys = [f"{TEXT_KEY}{sid}" for sid in came.values_list("sid", flat=True)]
    Command.objects.filter(key__in=keys, done_at=None, failed_at=None, due_at__gt=soon).update(due_at=soon)


def order_text_deleted(message: Message, *, at: datetime, delay: float = COPY_KEPT) -> None:
    """Order the deletion of the provider's copy of a text that came in, in so many seconds; the practice network keeps none."""
    if not message.sid or is_simulated(message.account):
        return
    order(
        CommandKind.DELETE_MESSAGE, key=f"{TEXT_KEY}{message.sid}", at=at, delay=delay, account=message.account,
        contact=message.contact_id, message=message.pk,
    )  # fmt: skip


def delete_attachment(command: Command, line: Provider, at: datetime) -> None:
    """Delete the provider's copy of a file, and keep the receipt."""
    row = Attachment.objects.select_related("contact").get(pk=command.arguments["attachment"])
    if row.fetched_at is None and row.lost_at is None and not row.contact.erased_at:
        raise ProviderRefused("no_copy")
    line.delete_attachment(row.message_sid, row.sid)
    receipt = f"{accounts.index_of(row.sid, 'receipt')[:32]} {at:%Y-%m-%dT%H:%MZ}"
    with transaction.atomic():
        contact = locked_contact(row.contact_id)
        Attachment.objects.filter(pk=row.pk).update(deleted_at=at, receipt=receipt)
        add_events(contact, [("attachment_deleted", {})], by="worker", at=at)
