"""The end of a refresher or of a course, told on the page that comes next, whether a form or a phone's own script sent it."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from training import queries
from training.actions import Arrival, Outcome
from training.choices import END, CertificateKind, Verb
from training.models import Learner
from training.queries.holders import is_holder


def tell_refreshed(
    request, learner: Learner, events: Iterable[uuid.UUID], at: dt.datetime, *, with_certificates: bool = True
) -> None:
    """Say on her next page that her refresher is done, or what she is certified for, where events of just now did that."""
    events = list(events)
    number = queries.refreshed_by(learner, events, at) if events else 0
    if number:
        messages.success(request, _told(request, number))
    elif events and with_certificates and not is_holder(request.user):
        _tell_certified(request, queries.kinds_issued(learner, at))


def _tell_certified(request, kinds: Iterable[str]) -> None:
    """Say on her next page which certificates were issued to her just now, with the way to them."""
    words = certified_words(kinds)
    if words:
        certificates, link = reverse("training:certificates"), _("My certificates")
        messages.success(request, format_html('<strong>{}</strong> <a href="{}">{}</a>', words, certificates, link))


def certified_words(kinds: Iterable[str]) -> str:
    """Return which certificates somebody has, in words; nothing where she has none."""
    kinds = set(kinds)
    if len(kinds) > 1:
        return _("You have the certificates of completion and of achievement.")
    if kinds == {CertificateKind.COMPLETION}:
        return _("You have the certificate of completion.")
    return _("You have the certificate of achievement.") if kinds else ""


def taken(arrivals: Iterable[Arrival], outcomes: Iterable[Outcome]) -> list[uuid.UUID]:
    """Return the events that were taken and may end a refresher; one that came before tells nothing anew."""
    both = zip(arrivals, outcomes, strict=True)
    return [arrival.id for arrival, outcome in both if outcome.status == "accepted" and _may_end(arrival)]


def _may_end(arrival: Arrival) -> bool:
    return arrival.verb == Verb.CHOSE or (arrival.verb == Verb.REACHED and arrival.payload.get("screen") == END)


def _told(request, number: int) -> str:
    if is_holder(request.user):
        current = _("What you have done is current to version %(number)s of the course.") % {"number": number}
        return format_html("<strong>{}</strong> {}", _("Your refresher is done."), current)
    current = _("Your certificate is current to version %(number)s.") % {"number": number}
    certificates = reverse("training:certificates")
    done, words = _("Your refresher is done."), _("My certificates")
    return format_html('<strong>{}</strong> {} <a href="{}">{}</a>', done, current, certificates, words)
