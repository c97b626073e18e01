"""The end of a refresher or of a course, told on the page that comes next, whether a form or a phone's own script sent it."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.template.loader import render_to_string

from training import queries
from training.actions import Arrival, Outcome
from training.choices import END, Verb
from training.models import Learner
from training.queries.holders import is_holder


def tell_refreshed(
    request, learner: Learner, events: Iterable[uuid.UUID], at: dt.datetime, *, with_certificates: bool = True
) -> None:
    """Say on her next page that her refresher is done, or what she is certified for, where events of just now did that."""
    events = list(events)
    reached = queries.refreshed_by(learner, events, at) if events else None
    if reached:
        told = queries.Finished(reached.number, is_holder=is_holder(request.user), has_moved=reached.has_moved)
        _tell(request, told)
    elif events and with_certificates and not is_holder(request.user):
        _tell(request, queries.certified_for(queries.kinds_issued(learner, at)))


def _tell(request, finished: queries.Finished | None) -> None:
    """Hand on what happened; the page that shows it says it anew in its own language (components/messages.html)."""
    if finished is not None:
        words = render_to_string("training/_told_finished.html", {"finished": finished})
        messages.success(request, words, extra_tags=finished.tag)


def taken(arrivals: Iterable[Arrival], outcomes: Iterable[Outcome]) -> list[uuid.UUID]:
    """Return the events that were taken and may end a refresher; one that came before tells nothing anew."""
    both = zip(arrivals, outcomes, strict=True)
    return [arrival.id for arrival, outcome in both if outcome.status == "accepted" and _may_end(arrival)]


def _may_end(arrival: Arrival) -> bool:
    return arrival.verb == Verb.CHOSE or (arrival.verb == Verb.REACHED and arrival.payload.get("screen") == END)
