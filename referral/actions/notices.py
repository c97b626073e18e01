"""What became of a text that a case had to send: it left, or it could not and somebody is told."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts import actions as accounts
from accounts.models import Letter
from referral.actions import runs
from referral.actions.work import tell
from referral.choices import NoticeFault
from referral.models import AgencyLink, Escalation, Notice

LINK_KEY = "agency_link:"


def notice_address(*, notice: Notice, at: dt.datetime) -> str:
    """Return the address that a text carries, opened for the worker that sends it; empty once it was handed on."""
    return accounts.reveal(notice, "link", by="worker", at=at, reason=notice.kind) or ""


def notice_number(*, notice: Notice, at: dt.datetime) -> str:
    """Return the number to which a text goes: that of the moment it was written for, else the contact's; "" for none."""
    holder, field = (notice.contact, "number") if notice.to is None else (notice, "to")
    return accounts.reveal(holder, field, by="worker", at=at, reason=notice.kind) or ""


def notice_ends(*, notice: Notice) -> dt.datetime | None:
    """Return when the address that a text carries stops working; None when it carries none."""
    link = _link_of(notice)
    return min(filter(None, (link.expires_at, link.used_at, link.revoked_at))) if link else None


@transaction.atomic
def notice_left(*, notice: Notice, at: dt.datetime) -> None:
    """Write down that a text was handed on, and empty its link."""
    _take(notice, at)


@transaction.atomic
def notice_failed(*, notice: Notice, fault: NoticeFault, at: dt.datetime) -> None:
    """Write down why a text cannot leave or did not arrive, empty its link, and tell whoever has the case to call the agency."""
    is_news = _take(notice, at, fault) or Notice.objects.filter(pk=notice.pk, fault="").update(fault=fault)
    link = _link_of(notice) if is_news else None
    if link is None:
        return
    case, run = link.referral.case, link.referral.run
    runs.note_event(
        case=case, kind="text_failed", run=run.number, key=f"text_failed:{notice.public_id}", by="system", at=at,
        referral=str(link.referral.public_id),
    )  # fmt: skip
    tell(case=case, run=run.number, rule=f"text_failed:{notice.pk}", role="hotline", at=at)


def _take(notice: Notice, at: dt.datetime, fault: str = "") -> int:
    """Take a text off the list of what is due, once; the demo keeps it, sealed, because its page shows it."""
    emptied = {} if settings.KEEPS_LETTERS else {"link": None, "to": None}
    return Notice.objects.filter(pk=notice.pk, taken_at=None).update(taken_at=at, fault=fault, **emptied)


def _link_of(notice: Notice) -> AgencyLink | None:
    if not notice.key.startswith(LINK_KEY):
        return None
    links = AgencyLink.objects.select_related("referral__case", "referral__run")
    return links.filter(public_id=notice.key.removeprefix(LINK_KEY)).first()


@transaction.atomic
def letter_given_up(*, letter: Letter, link: AgencyLink | None, at: dt.datetime) -> bool:
    """Settle a letter with a link that could not leave; tell whoever has the case, once, if its answer is awaited.

    Returns whether somebody was told.
    """
    if not accounts.settle_letters(letters=Letter.objects.filter(pk=letter.pk), at=at) or link is None:
        return False
    case, run, rule = link.referral.case, link.referral.run, f"letter_failed:{letter.pk}"
    if Escalation.objects.filter(run=run, rule=rule).exists():
        return False
    referral = str(link.referral.public_id)
    runs.note_event(case=case, kind="letter_failed", run=run.number, key=rule, by="system", at=at, referral=referral)
    tell(case=case, run=run.number, rule=rule, role="hotline", at=at)
    return True
