"""Reads of who told a line to stop writing: by each channel for itself, so STOP to one leaves the other as it is."""

import datetime as dt

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, Subquery

from hotline.choices import START_EARLY, Channel
from hotline.models import Contact, ContactEvent, Opposition


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


def is_start_early(contact: Contact) -> bool:
    """Tell whether the person, after the STOP that stands, wrote a START that came too soon to count."""
    stopped = stopped_at(contact)
    if stopped is None:
        return False
    of_number = Q(contact__line_id=contact.line_id, contact__number_index=contact.number_index)
    by_whatsapp = Q(contact__channel=Channel.WHATSAPP)
    is_same = by_whatsapp if contact.texted_by == Channel.WHATSAPP else ~by_whatsapp
    return ContactEvent.objects.filter(of_number & is_same, kind=START_EARLY, at__gte=stopped).exists()


def stop_time() -> Subquery:
    """Return what to annotate as `stopped_at` where many contacts are read at once."""
    rows = Opposition.objects.filter(line_id=OuterRef("line_id"), number_index=OuterRef("number_index"))
    of_channel = Q(channel=F("of")) | (Q(channel=Channel.SMS) & ~Q(of=Channel.WHATSAPP))
    return Subquery(
        rows.annotate(of=ExpressionWrapper(OuterRef("channel"), output_field=CharField()))
        .filter(of_channel)
        .values("at")[:1]
    )
