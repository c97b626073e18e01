"""Practice calls for the staff: a supervisor or trainer begins them, sees what happens, and stops them. Absent from production."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from hotline.actions import rehearsals
from hotline.forms.rehearsals import WORDS, RehearsalForm
from hotline.queries.rehearsals import lines_to_rehearse, newest_rehearsals, rehearsal_mark, rehearsals_of
from hotline.views.access import in_local_time
from hotline.views.phone import in_demo_only


def _parts(request) -> dict:
    at, country = timezone.now(), request.user.country_id or ""
    shown = newest_rehearsals(country, at)
    return {"shown": shown, "mark": rehearsal_mark(country), "words": WORDS, "now": at}


@method_decorator(in_demo_only, name="dispatch")
class Rehearsals(FormView):
    """The form, and the newest rehearsals of the country."""

    template_name = "hotline/rehearsals.html"
    form_class = RehearsalForm

    def get_form_kwargs(self):
        """Return the lines that the form offers: practice lines of the person's country."""
        self.lines = list(lines_to_rehearse(self.request.user.country_id or ""))
        return super().get_form_kwargs() | {"lines": self.lines}

    def get_context_data(self, **kwargs):
        """Return what goes on beside the form."""
        return super().get_context_data(**kwargs) | _parts(self.request) | {"lines": self.lines}

    def form_valid(self, form):
        """Begin a rehearsal."""
        given = form.cleaned_data
        chosen = given.pop("line")
        line = next(one for one in self.lines if str(one.public_id) == chosen)
        try:
            rehearsals.start_rehearsal(line=line, by=self.request.user, at=timezone.now(), **given)
        except rehearsals.StillPlayed:
            messages.error(self.request, _("Practice calls to this line go on. Stop them first."))
        except rehearsals.NoPracticeLine:
            messages.error(self.request, _("This line takes calls of real callers now. Nothing was begun."))
        return redirect("hotline:rehearsals")


@in_demo_only
@require_GET
def live(request):
    """Answer the page's question whether anything changed: 204, or its live part anew."""
    if request.GET.get("seen") == rehearsal_mark(request.user.country_id or ""):
        return HttpResponse(status=204)
    return _live(request)


@in_local_time
def _live(request):
    return render(request, "hotline/_rehearsals.html", _parts(request))


@in_demo_only
@require_POST
def stop(request, public_id):
    """Stop a rehearsal: nobody calls any more, and who is on the line hangs up."""
    row = get_object_or_404(rehearsals_of(request.user.country_id or ""), public_id=public_id)
    rehearsals.stop_rehearsal(rehearsal=row, by=request.user, at=timezone.now())
    return redirect("hotline:rehearsals")
