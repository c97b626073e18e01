"""Danger: why its band stands over a contact, since when, whether the caller denied it by key; who is yet to be told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats, timezone

from accounts.reports import clock_words
from hotline import triage
from hotline.choices import DANGER_TOLD, REHEARSED, Answer
from hotline.models import Contact, ContactEvent, Sheet

KEY, ANSWER, SHEET = "danger_key", "question_answered", "sheet"
RECENT = timedelta(days=1)  # what became known longer ago is no alarm any more
BY_CALLER = Q(kind=KEY) | Q(kind=ANSWER, detail__question="danger", detail__answer=Answer.YES)


@dataclass(frozen=True)
class Danger:
    """Since when somebody is in danger and by what: the danger key, an answer by key, or the sheet; "" when unknown.

    `denied_at`: when "No" by key came after the last of these. The band stays: somebody may be listening.
    """

    by: str = ""
    since: str = ""
    who: str = ""
    denied_at: str = ""


def danger_of(contact: Contact) -> Danger:
    """Return why the band of danger stands over a contact: what the caller said by key, else what the sheet holds."""
    said = list(contact.events.filter(BY_CALLER).order_by("at", "id").values_list("kind", "at"))
    if not said:
        return _by_sheet(contact)
    (kind, since), (_kind, last) = said[0], said[-1]
    noes = contact.key_answers.filter(question="danger", answer=Answer.NO, at__gte=last)
    return Danger(kind, clock(since), denied_at=clock(noes.values_list("at", flat=True).first()))


def _by_sheet(contact: Contact) -> Danger:
    """Return who wrote on the sheet that the person is not safe, and when: the first version of those since."""
    first = None
    for sheet in contact.sheets.select_related("saved_by").order_by("-version"):
        if not triage.is_in_danger(sheet.answers):
            break
        first = sheet
    if first is None:
        return Danger()
    return Danger(SHEET, clock(first.saved_at), first.saved_by.get_short_name() if first.saved_by else "")


def clock(at: datetime | None) -> str:
    """Return the time of day of an instant, with its day unless that is today; "" for none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return formats.time_format(local.time(), "H:i") if is_today else clock_words(at)


def untold(at: datetime) -> QuerySet:
    """Return the keys of the contacts in danger, by key or by the sheet, of whom nobody who supervises was told; those of late, oldest first."""
    here = Contact.objects.filter(~Exists(_told_of(OuterRef("pk"))), country__isnull=False, erased_at=None).order_by()
    here = here.exclude(flags__contains=REHEARSED)
    sheets = Sheet.objects.filter(saved_at__gt=at - RECENT, answers__safe_now=triage.NO)
    by_key = here.filter(is_danger=True, started_at__gt=at - RECENT).values_list("pk", flat=True)
    by_sheet = here.filter(pk__in=sheets.order_by().values("contact_id")).values_list("pk", flat=True)
    return by_key.union(by_sheet).order_by("pk")


def is_told(contact: Contact) -> bool:
    """Tell whether who supervises was told of the danger in this contact."""
    return _told_of(contact.pk).exists()


def _told_of(contact) -> QuerySet[ContactEvent]:
    return ContactEvent.objects.filter(contact_id=contact, kind=DANGER_TOLD)
