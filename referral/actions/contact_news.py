"""What the enrolled address and number of an agency are told when theirs shall change, and when it was done."""

import datetime as dt
from typing import Literal

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.models import AgencyContact, Notice
from referral.queries.contacts import change_key

News = Literal["contact_change", "contact_changed"]


def tell_old(
    *, contact: AgencyContact, news: News, email: str | None, number: str | None, at: dt.datetime
) -> tuple[str, ...]:
    """Queue a letter to the old address and a text to the old number, each where there is one; return which.

    Neither says anything of the new ones or of anybody. The text goes to the number given here, whatever the contact's
    is when it leaves; its words are the hotline's, by `news`.
    """
    key, told = change_key(contact, news), []
    if email:
        with translation.override(contact.language):
            subject, text = _letter(news)
        accounts.queue_letter(
            key=key, to=email, language=contact.language, subject=subject, text=text, at=at, receiver=contact
        )
        told.append("letter")
    if number:
        _queue_text(key, contact, news, number, at)
        told.append("text")
    return tuple(told)


def _queue_text(key: str, contact: AgencyContact, news: News, number: str, at: dt.datetime) -> None:
    notice = Notice(
        key=key, kind=news, country_id=contact.country_id, contact=contact, language=contact.language, due_at=at
    )
    accounts.seal(notice, "to", number)
    if not Notice.objects.filter(key=key).exists():
        notice.save()


def _letter(news: News) -> tuple[str, str]:
    if news == "contact_changed":
        return _("A new address is in force"), _(
            "Requests to your office go to another address or number from now on. Two managers put it in force.\n"
            "If your office did not ask for this, call the hotline at once."
        )
    return _("A new address was asked for"), _(
        "Somebody asked that requests to your office go to another address or number from now on.\n"
        "If this was not you, answer to the hotline within three days."
    )
