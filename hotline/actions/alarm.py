"""The alarm that leaves the screen: supervisors are told by letter that somebody on their line is in danger."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import note
from hotline.choices import DANGER_TOLD
from hotline.models import Contact
from hotline.queries.danger import is_told
from hotline.queries.duty import on_duty

LETTER = "danger"


@transaction.atomic
def tell_of_danger(*, key: int, at: datetime) -> bool:
    """Write to the supervisors on shift, or to all of the country, that somebody is in danger; once a contact."""
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("line", "country")
    contact = rows.get(pk=key)
    if is_told(contact):
        return False
    on_shift = {shift.user_id for shift in on_duty(contact.line, at)} if contact.line else set()
    tell_supervisors(contact, lambda person: _write_to(person, contact, at), at, on_shift=on_shift)
    note(contact, DANGER_TOLD, by="worker", at=at)
    return True


def _write_to(person: User, contact: Contact, at: datetime) -> None:
    """Queue one letter in its reader's language, without a word of the caller."""
    with translation.override(person.language):
        subject, text = _words(contact)
    key = f"{LETTER}:{contact.public_id}:{person.public_id}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )


def _words(contact: Contact) -> tuple[str, str]:
    """Return subject and text; a call that is over by now is told of as that."""
    names = {"country": contact.country.name if contact.country else ""}
    if contact.ended_at is None:
        subject = _("Somebody in danger is on your line")
        text = _("Somebody in danger is on the line of %(country)s. Sign in and look at the console:") % names
        address = reverse("hotline:console")
    else:
        subject = _("Somebody in danger was on your line")
        text = _("Somebody in danger was on the line of %(country)s. Sign in and look at the call log:") % names
        address = reverse("hotline:call_log")
    practice = f"{_('Practice.')} " if contact.is_practice else ""
    return subject, f"{practice}{text}\n{settings.PUBLIC_URL}{address}"
