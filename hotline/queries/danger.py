"""Why the band of danger stands over a contact: since when, by what, and whether the caller denied it by key."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import formats, timezone

from accounts.reports import clock_words
from hotline import triage
from hotline.choices import Answer
from hotline.models import Contact

KEY, ANSWER, SHEET = "danger_key", "question_answered", "sheet"
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
