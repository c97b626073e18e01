"""What is fetched from the provider after a call or a text, what is ordered again, and what is told when it is lost."""

import base64
from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.actions.attachments import lose_attachment
from hotline.actions.given_up import open_follow_up
from hotline.actions.orders import order
from hotline.actions.timeline import add_events, note
from hotline.choices import LOST_SOUND, CommandKind
from hotline.models import Command, Recording
from hotline.queries.fetching import AGAIN_KEY, lost_copies, unfetched_recordings
from hotline.queries.legs import locked_contact
from hotline.telephony.base import Audio, Provider
from referral import actions as cases
from referral.choices import NoticeFault
from referral.models import Notice

NOT_ARRIVED = frozenset({"canceled", "failed", "undelivered"})
BATCH = 50


def fetch_notice(command: Command, line: Provider, at: datetime) -> None:
    """Ask what became of a text to an agency; one that did not arrive is told to whoever has the case.

    Either way the provider's copy goes: it holds the agency's number and the address of its page.
    """
    status = line.message(command.arguments["sid"]).status
    _order_notice_deletion(command, at)
    if status in NOT_ARRIVED:
        notice = Notice.objects.get(pk=command.arguments["notice"])
        cases.notice_failed(notice=notice, fault=NoticeFault.REFUSED, at=at)


def fetch_recording(command: Command, line: Provider, at: datetime) -> None:
    """Fetch a recorded message, seal it, and only then order the deletion of the provider's copy.

    The contact may be erased while the provider is asked: then what was fetched is dropped, and its copy there goes.
    """
    recording = Recording.objects.select_related("contact").get(pk=command.arguments["recording"])
    if recording.contact.erased_at or recording.fetched_at:
        _order_deletion(recording, at)
        return
    audio = line.recording(recording.sid)
    with transaction.atomic():
        contact = locked_contact(recording.contact_id)
        row = Recording.objects.get(pk=recording.pk)
        if contact.erased_at is None and row.fetched_at is None:
            row.contact = contact
            _keep_sound(row, audio, at)
        _order_deletion(row, at)


def _keep_sound(recording: Recording, audio: Audio, at: datetime) -> None:
    """Seal what was fetched; the contact is locked and not erased."""
    accounts.seal(recording, "audio", base64.b64encode(audio.content).decode())
    recording.content_type, recording.fetched_at, recording.lost_at = audio.content_type[:30], at, None
    recording.save(update_fields=["audio", "content_type", "fetched_at", "lost_at"])
    add_events(recording.contact, [("message_fetched", {})], by="worker", at=at)


def order_unfetched(*, at: datetime) -> int:
    """Order each recorded message that is not here, is not given up and has no order: its report never came, or failed."""
    rows = list(unfetched_recordings(at)[:BATCH])
    for row in rows:
        order(
            CommandKind.FETCH_RECORDING, key=f"{AGAIN_KEY}{row.sid}", at=at, account=row.account,
            contact=row.contact_id, recording=row.pk,
        )  # fmt: skip
    return len(rows)


def order_lost_deletions(*, at: datetime) -> int:
    """Order the deletion of the provider's copies that never came here, when our own would have been forgotten."""
    rows = list(lost_copies(at)[:BATCH])
    for row in rows:
        _order_deletion(row, at)
    return len(rows)


def tell_loss(command: Command, *, is_gone: bool, at: datetime) -> None:
    """Tell people what is lost with an order that is given up; `is_gone`: the provider has it no more."""
    if command.kind == CommandKind.FETCH_RECORDING:
        _lose_recording(command.arguments["recording"], is_gone=is_gone, at=at)
    elif command.kind == CommandKind.FETCH_ATTACHMENT:
        lose_attachment(command.arguments["attachment"], fault="gone" if is_gone else "", at=at)
    elif command.kind == CommandKind.FETCH_MESSAGE and "notice" in command.arguments:
        _lose_notice(command, at)


@transaction.atomic
def _lose_recording(key: int, *, is_gone: bool, at: datetime) -> None:
    """Give a recorded message up: said in the timeline, and its contact is followed up until somebody closes it.

    The provider's copy stays as long as ours would (`order_lost_deletions`): till then a supervisor may get it there.
    """
    contact = locked_contact(Recording.objects.get(pk=key).contact_id)
    row = Recording.objects.get(pk=key)
    if row.fetched_at is not None or row.lost_at is not None:
        return
    Recording.objects.filter(pk=key).update(lost_at=at)
    if is_gone or contact.erased_at is not None:
        _order_deletion(row, at)
    if contact.erased_at is not None:
        return
    code = "gone" if is_gone else ""
    open_follow_up(contact, LOST_SOUND, at)
    note(contact, "message_lost", by="worker", at=at, code=code)
    accounts.record(
        by="worker", verb="hotline.message_lost", thing=row, at=at, country=contact.country_id or "", code=code
    )


@transaction.atomic
def _lose_notice(command: Command, at: datetime) -> None:
    """Tell whoever has the case that nobody knows whether a text arrived, and have the provider's copy deleted."""
    _order_notice_deletion(command, at)
    if notice := Notice.objects.filter(pk=command.arguments["notice"]).first():
        cases.notice_failed(notice=notice, fault=NoticeFault.REFUSED, at=at)


def _order_deletion(recording: Recording, at: datetime) -> None:
    order(
        CommandKind.DELETE_RECORDING, key=f"delete:{recording.sid}", at=at, account=recording.account,
        contact=recording.contact_id, recording=recording.pk,
    )  # fmt: skip


def _order_notice_deletion(command: Command, at: datetime) -> None:
    order(
        CommandKind.DELETE_MESSAGE, key=f"notice_copy:{command.arguments['notice']}", at=at, account=command.account,
        **command.arguments,
    )  # fmt: skip
