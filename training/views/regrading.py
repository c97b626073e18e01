"""A right answer was corrected: what marking tests anew would do, and the yes to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from training import actions
from training.models import Course
from training.queries.regrading import has_own_waiting, regrading
from training.rules import RULES


def _marked(request, course: Course, now):
    try:
        count = actions.regrade(course=course, by=request.user, at=now)
    except actions.NotRecorded as refusal:
        messages.error(request, str(refusal))
    else:
        if not count:  # somebody else was faster: the page says that nothing is left
            return redirect("training:regrade", course.key)
        words = ngettext("%(count)s test was marked anew.", "%(count)s tests were marked anew.", count)
        messages.success(request, words % {"count": count})
    return redirect("training:regrade", course.key)


@require_http_methods(["GET", "POST"])
@in_own_time
def regrade(request, key):
    """Show who would pass by corrected answers and who keeps a pass, by name; with a yes, mark the tests anew.

    An administrator is told how many, not who. Nobody marks her own test: she is told that it waits for somebody else.
    """
    course, now = Course.objects.live().filter(key=key).first(), timezone.now()
    if course is None:
        raise Http404
    if request.method == "POST":
        return _marked(request, course, now)
    found, is_named = regrading(request.user, course), allowed(request.user, RULES, "view_names")
    if is_named and (named := len(found.gaining) + len(found.keeping)):
        actions.note_names_read(by=request.user, rows=named, at=now)
    context = {
        "course": course,
        "found": found,
        "is_named": is_named,
        "has_own": has_own_waiting(request.user, course),
        "at_once": actions.REGRADED_AT_ONCE,
    }
    return render(request, "training/regrade.html", context)
