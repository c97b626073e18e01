"""The one way from an address to a contact: visible to this person and permitted, else 404."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reselect, reswap, retarget

from accounts.queries import names_of
from accounts.rules import allowed
from accounts.views.clocks import by_clock
from hotline.actions.exports import read_contact
from hotline.actions.in_hand import InHand
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.actions.shielding import note_met
from hotline.choices import OFFLINE
from hotline.models import Contact, Line
from hotline.queries import contacts_visible_to
from hotline.queries.contacts import cases_found_by
from hotline.queries.may_answer import is_open_to
from hotline.rules import RULES, is_talking
from languages.text import beside, ended, isolate, listed

# Why a conversation is not closed.
NOT_SEEN = gettext_lazy("Not closed: the conversation changed. Read what is new, then close it.")
TAKE_OVER = gettext_lazy("%(name)s is answering this conversation. Take it over first.")


def contact_for(user, public_id, action: str) -> Contact:
    """Return a contact on which this person may do the action; missing and forbidden both raise 404."""
    rows = contacts_visible_to(user).select_related("line", "country", "case", "claimed_by", "owner")
    contact = rows.filter(public_id=public_id).first()
    if contact is None:
        note_met(public_id=public_id, by=user, at=timezone.now())
        raise Http404
    if not allowed(user, RULES, action, contact):
        raise Http404
    return contact


def reads(user, contact: Contact) -> bool:
    """Tell whether this person may be shown what was said in a contact; that she is gets on record.

    Not so where she talks to the person, unless it became a case that is not hers.
    """
    if not allowed(user, RULES, "read_sheet", contact):
        return False
    is_of_others = contact.case_id is not None and contact.case.owner_id != user.pk
    if is_of_others or not is_talking(user, contact):
        read_contact(contact=contact, by=user, at=timezone.now())
    return True


def may_answer(user, contact: Contact) -> bool:
    """Tell whether this person may open a conversation to answer it."""
    return allowed(user, RULES, "send_message", contact) and is_open_to(user, contact, timezone.now())


def may_write(user, contact: Contact) -> bool:
    """Tell whether this person may go on writing in a conversation: who may open it to answer, and who answers it now."""
    return may_answer(user, contact) or is_talking(user, contact)


def became_case(request, contact: Contact, words: str = "") -> HttpResponse:
    """Say that a contact became a case that this person has not, and give her back what she wrote; nothing was kept.

    Where it became one after the page looked it up, it is looked up again: whoever may find the case is led to it.
    """
    if contact.case_id is None:
        contact.refresh_from_db(fields=["case"])
    shown = {
        "contact": contact,
        "may_find_case": may_find_case(request.user, contact),
        "typed": [{"words": words}] if words else [],
    }
    page = render(request, "hotline/became_case.html", shown, status=200 if request.htmx else 409)
    return reselect(retarget(reswap(page, "outerHTML"), "#main"), "#main") if request.htmx else page


def may_find_case(user, contact: Contact) -> bool:
    """Tell whether the page of a contact's case is there for this person: opened at once, or with a reason."""
    return bool(cases_found_by(user, [contact]))


def line_for(user, public_id, action: str) -> Line:
    """Return a line of the person's country on which she or he may do the action, else raise 404."""
    line = get_object_or_404(Line.objects.select_related("country"), public_id=public_id, country_id=user.country_id)
    if not allowed(user, RULES, action, line):
        raise Http404
    return line


def go_to(request, to, **where):
    """Lead the browser to a page; a form sent in the background is told the address, so that its page stays until then."""
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url(to, **where))
    return redirect(to, **where)


def tell_meanwhile(request, changed: SavedMeanwhile) -> None:
    """Say who saved what meanwhile and what was not saved, on the page that is shown next."""
    name = names_of([changed.by]).get(changed.by, "–")
    words = _(
        "%(name)s changed this to “%(theirs)s” meanwhile. Yours, “%(mine)s”, was not saved. Look, then choose again."
    )
    messages.warning(request, words % {"name": name, "theirs": changed.theirs, "mine": changed.mine})


def in_hand_words(other: InHand) -> str:
    """Return that a colleague has the call, or the sheet, by now, and that nothing was kept of what was sent."""
    is_sheet = other.contact.kind in OFFLINE
    words = _("%(name)s is writing in this sheet.") if is_sheet else _("%(name)s has taken this call.")
    taken, kept = words % {"name": other.holder.get_short_name()}, _("Nothing was written.")
    return f"{taken} {kept}"


def told_of(contact: Contact, *what: str) -> str:
    """Return of which contact something is told, so that a wrong row is noticed."""
    language = get_language()
    return ended(beside(isolate(contact.code), listed(what, language), language), language)


def _zone_of(request, line=None, **others) -> str | None:
    """Return the zone of the line in the address, which an administrator of none or of another country sets up.

    Without one it is the zone of the person's own country.
    """
    found = Line.objects.filter(public_id=line).values_list("country__time_zone", flat=True).first() if line else None
    country = getattr(request.user, "country", None)
    return found or (country.time_zone if country else None)


in_local_time = by_clock(_zone_of)
