"""The one way from an address to a contact: visible to this person and permitted, else 404."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.queries import names_of
from accounts.rules import allowed
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.models import Contact, Line
from hotline.queries import contacts_visible_to
from hotline.rules import RULES


def contact_for(user, public_id, action: str) -> Contact:
    """Return a contact on which this person may do the action; missing and forbidden both raise 404."""
    rows = contacts_visible_to(user).select_related("line", "country", "case", "claimed_by", "owner")
    contact = get_object_or_404(rows, public_id=public_id)
    if not allowed(user, RULES, action, contact):
        raise Http404
    return contact


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


def in_local_time(view):
    """Return the view with the clock of the country it is about, for the page and for the days that are typed.

    That is the country of the line in its address, which an administrator of none or of another sets up; else the
    person's own.
    """

    @wraps(view)
    def timed(request, *args, **kwargs):
        with timezone.override(_zone_of(request.user, kwargs.get("line"))):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return timed


def _zone_of(user, line) -> str | None:
    found = Line.objects.filter(public_id=line).values_list("country__time_zone", flat=True).first() if line else None
    country = getattr(user, "country", None)
    return found or (country.time_zone if country else None)
