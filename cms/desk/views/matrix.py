"""What is translated: things by languages."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from cms.desk import bundles, matrix, queries
from cms.desk.forms import FilterForm
from languages import queries as language_queries
from languages import table
from training.queries.figures import findings_open


class Matrix(TemplateView):
    """Rows are courses, pathways, prompts, pages; columns are languages, the person's own first."""

    template_name = "desk/matrix.html"

    def get_context_data(self, **kwargs):
        """Add the rows that fit the filters."""
        form = FilterForm(self.request.GET)
        chosen = form.cleaned_data if form.is_valid() else {}
        filters = matrix.Filters(**chosen)
        user = self.request.user
        columns = matrix.columns_for(user, filters)
        mine = [code for code in user.speaks if queries.may_translate(user, code)]
        return super().get_context_data(**kwargs) | {
            "form": form,
            "filters": filters,
            "groups": matrix.groups_for(user, filters),
            "columns": [table.BY_CODE[code] for code in columns],
            "works_in": [table.BY_CODE[code] for code in mine],
            "is_limited": not all(queries.may_translate(user, code) for code in columns if code != table.SOURCE),
            "kinds": bundles.GROUPS.items(),
            "reviews": queries.reviews_for(user),
            "finding_count": findings_open(mine).count(),
            "stale_count": language_queries.stale_units(mine).count(),
        }


def next_text(request):
    """Go to the next text for this person, in a row and language or anywhere."""
    language, bundle = request.GET.get("language", ""), request.GET.get("bundle", "")[:60]
    if language and language not in table.BY_CODE:
        raise Http404
    found = queries.next_place(request.user, language, bundle)
    if found is not None:
        thing, code, segment = found
        return redirect(queries.thing_address("thing", thing, code, unit=segment.pk))
    thing = queries.first_of(bundle) if bundle else None
    if thing is not None and queries.may_translate(request.user, language):
        return redirect(queries.thing_address("thing", thing, language))
    if language and not queries.may_translate(request.user, language):
        messages.info(request, _("You do not work in this language. Your account says which ones you work in."))
    else:
        messages.success(request, _("Nothing waits for you."))
    return redirect("desk:matrix")
