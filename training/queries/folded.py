"""Event rows as the fold sees them."""

from django.db.models import Q

from training import progress, scenarios
from training.choices import Verb
from training.models import Enrolment, Event
from training.queries import versions
from training.queries.moments import milliseconds, moment


def fact_of(event: Event) -> progress.Fact:
    """Return a row as the fold sees it."""
    return progress.Fact(
        id=str(event.pk),
        verb=event.verb,
        activity=str(event.activity or ""),
        language=event.language,
        at=milliseconds(moment(event)),
        payload=progress.read(event.payload),
        end=_end_of(event) if event.verb == Verb.CHOSE else "",
        version=str(event.course_version.public_id),
    )


def _end_of(event: Event) -> str:
    """Return the end that a path reached, by the graph of the edition it was walked in."""
    key = str(event.course_version.public_id)
    activity = versions.values_of([key])[key].activity(str(event.activity))
    return scenarios.walk(activity.graph, progress.read(event.payload)["path"]).end


def events_of(enrolment: Enrolment):
    """Return the events of an enrolment and of those merged into it, each with the edition under which it was made."""
    hers = Q(enrolment=enrolment) | Q(enrolment__in=enrolment.merged.values("pk"))
    return Event.objects.filter(hers).select_related("course_version").defer("course_version__body")
