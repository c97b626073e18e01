"""The outline of a course: its order, changed by buttons, by keys, or by drag where there is JavaScript."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from training import actions, queries
from training.forms import OutlineForm, said_of_an_order_of_others, said_of_ordering

REFUSED = {
    actions.NotThere: (422, gettext_lazy("This part does not stand in the course any more. Here is the outline as it is now.")),
    actions.AddressTaken: (
        422,
        gettext_lazy("Nothing was moved: the other module has a lesson of the same address. Change one of the two in the editor first."),
    ),
    actions.ModuleNotPublished: (
        422,
        gettext_lazy("Nothing was moved: readers would lose the lesson, as the other module is not published. Publish it first."),
    ),
    actions.OutlineChanged: (
        409,
        gettext_lazy("Nothing was moved: the outline has changed since you opened it. Here it is as it stands now; move again."),
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def outline(request, key):
    """Show the outline of a course, or move one part of it."""
    found = queries.outline_of(key)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _moved(request, found)
    return _page(request, found)


def _moved(request, found):
    form = OutlineForm(request.POST, outline=found)
    if not form.is_valid():
        return _page(request, found, fault=REFUSED[actions.NotThere][1], status=422)
    try:
        is_new = actions.move_part(
            course=found.course, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now(), **form.goal
        )
    except actions.CourseOfOthers as theirs:
        return _page(request, found, fault=said_of_ordering(theirs.refusal), status=403)
    except tuple(REFUSED) as error:
        status, fault = REFUSED[type(error)]
        return _page(request, queries.outline_of(found.course.key), fault=fault, status=status)
    if is_new:
        told = (
            _("“%(name)s” was moved. Readers see the new order.") if found.course.live else _("“%(name)s” was moved.")
        )
        messages.success(request, told % {"name": form.name})
    query = f"?moved={form.goal['part']}&by={form.cleaned_data['act']}"
    return redirect(f"{reverse('training:outline', args=[found.course.key])}{query}")


def _page(request, found, *, fault="", status=200):
    moved, refusal = request.GET.get("moved", ""), queries.refusal_to_order(request.user, found.course)
    context = {
        "outline": found,
        "fault": fault,
        "barred": said_of_an_order_of_others(refusal) if refusal else "",
        "moved": int(moved) if moved.isdecimal() and len(moved) < 10 else 0,
        "moved_by": request.GET.get("by", ""),
    }
    return render(request, "training/outline.html", context, status=status)
