"""What erasing a contact does to its rows: sealed columns emptied, deletions at the provider ordered, SIDs forgotten."""

from collections.abc import Iterable
from datetime import datetime

from accounts.actions.seconds import forget_seconds
from hotline.actions.forgetting import forget_sids, forget_words
from hotline.actions.orders import leave, new_order, order
from hotline.actions.timeline import with_flags
from hotline.choices import OTHER_NUMBER, CommandKind, Direction, Presence
from hotline.models import (
    Attachment,
    Block,
    Contact,
    Message,
    OperatorState,
    Recording,
    Review,
    SecondCall,
    Sheet,
    WebhookEvent,
)
from hotline.queries.outliving import keeps_its_number, kept_alone
from referral.models import Case


def lock_cases(keys: Iterable[int | None]) -> dict[int, Case]:
    """Return these cases by their keys, locked: nobody holds one of them until this is saved."""
    rows = Case.objects.select_for_update(no_key=True).filter(pk__in={key for key in keys if key}).order_by("pk")
    return {row.pk: row for row in rows}


def empty(row: Contact, at: datetime) -> None:
    """Empty what is sealed of a contact, take it from whoever never closed its sheet, have the provider's copies deleted.

    What it says against calling or writing to its telephone stands for the others of the number (`queries.outliving`); the
    contacts of that are locked before (`lock_number`).
    """
    stands_on = keeps_its_number(row)
    Contact.objects.filter(kept_alone(row)).update(number_index="")
    Message.objects.filter(contact=row, direction=Direction.IN, read_at=None).update(read_at=at)
    Message.objects.filter(contact=row).update(body=None)
    Recording.objects.filter(contact=row).update(audio=None)
    Attachment.objects.filter(contact=row).update(content=None)
    Sheet.objects.filter(contact=row).update(note=None)
    asked = WebhookEvent.objects.filter(contact=row)
    asked.filter(reply__contains="</Number>").update(reply="")
    forget_words(asked)
    asked.update(payload=None, digest="")
    Contact.objects.filter(pk=row.pk).update(
        number=None,
        callback_number=None,
        code_word=None,
        number_index=row.number_index if stands_on else "",
        flags=with_flags(OTHER_NUMBER, *row.flag_codes) if row.gave_other else row.flags,
        erased_at=row.erased_at or at,
        changed_at=at,
    )
    OperatorState.objects.filter(contact=row, state=Presence.WRAP_UP).update(
        state=Presence.OFF, contact=None, since=at
    )
    Block.objects.filter(contact=row).delete()
    Review.objects.filter(contact=row).delete()
    forget_seconds([row.public_id])
    _order_deletions(row, at)
    forget_sids(row)


def _order_deletions(contact: Contact, at: datetime) -> None:
    """Order the deletion of what the provider still has of a contact: records of calls, recorded messages, texts."""
    for recording in Recording.objects.filter(contact=contact, deleted_at=None):
        order(
            CommandKind.DELETE_RECORDING, key=f"erase:{recording.sid}", at=at, account=recording.account,
            contact=contact.pk, recording=recording.pk,
        )  # fmt: skip
    for leg in contact.legs.filter(log_deleted_at=None, call_sid__isnull=False):
        order(CommandKind.DELETE_CALL, leg=leg, key=f"erase_call:{leg.pk}", at=at)
    seconds = SecondCall.objects.filter(leg__contact=contact).exclude(call_sid="").select_related("leg")
    leave([
        new_order(CommandKind.DELETE_CALL, leg=call.leg, key=f"erase_second_call:{call.pk}", at=at, second_call=call.pk)
        for call in seconds
    ])  # fmt: skip
    for row in contact.call_backs.all():
        for who in ("own", "person"):
            order(
                CommandKind.DELETE_CALL, key=f"erase_call_back:{row.pk}:{who}", at=at, account=row.account,
                contact=contact.pk, call_back=row.pk, who=who,
            )  # fmt: skip
    for file in Attachment.objects.filter(contact=contact, deleted_at=None):
        order(
            CommandKind.DELETE_ATTACHMENT, key=f"erase:{file.sid}", at=at, account=file.account,
            contact=contact.pk, attachment=file.pk,
        )  # fmt: skip
    for message in Message.objects.filter(contact=contact, redacted_at=None, sid__isnull=False):
        order(
            CommandKind.DELETE_MESSAGE, key=f"erase:{message.sid}", at=at, account=message.account,
            contact=contact.pk, message=message.pk,
        )  # fmt: skip
