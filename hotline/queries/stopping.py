"""Reads of who told a line to stop writing: by each channel for itself, so STOP to one leaves the other as it is."""

import datetime as dt

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, Subquery

from hotline.choices import Channel
from hotline.models import Contact, Opposition


def is_opposed(line: int, number_index: str, channel: str = Channel.SMS) -> bool:
    """Tell whether a number told a line to stop writing by a channel."""
    return Opposition.objects.filter(line_id=line, number_index=number_index, channel=channel).exists()


def stopped_at(contact: Contact) -> dt.datetime | None:
    """Return when the person told the line to stop writing; None when she or he did not, or wrote START since.

    A contact that was read with `stop_time` knows it already.
    """
    if "stopped_at" in contact.__dict__:
        return contact.stopped_at
    if not contact.number_index:
        return None
    where = {"line_id": contact.line_id, "number_index": contact.number_index, "channel": contact.texted_by}
    return Opposition.objects.filter(**where).values_list("at", flat=True).first()


def stop_time() -> Subquery:
    """Return what to annotate as `stopped_at` where many contacts are read at once."""
    rows = Opposition.objects.filter(line_id=OuterRef("line_id"), number_index=OuterRef("number_index"))
    of_channel = Q(channel=F("of")) | (Q(channel=Channel.SMS) & ~Q(of=Channel.WHATSAPP))
    return Subquery(
        rows.annotate(of=ExpressionWrapper(OuterRef("channel"), output_field=CharField()))
        .filter(of_channel)
        .values("at")[:1]
    )
