"""The import of officials: dry run, then yes or no.

Between the two the file waits in the session of whoever brought it: each answer to a click leads on to an address, so
that "Back" finds a page again. A yes, a no or another file takes it out; after an hour it counts no more.
"""

import base64
import zlib

from django.contrib import messages
from django.core.files.base import ContentFile
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from accounts import actions
from accounts.choices import COLUMN_WORDS, ROW_FAULTS, OfficeKind
from accounts.forms import ImportConfirmForm, OfficialsForm
from accounts.forms.officials import PLAN_LASTS
from accounts.queries.offices import countries_for_import, offices_for_import

MOST_KINDS = 200  # new offices whose kind can be chosen in the report; the kind of others is corrected later
KEPT = "officials_file"
MOST_SIGNS = 60  # of a cell in a refused row; what would be written is shown whole


class ImportOfficials(FormView):
    """Take a file and show, row by row, what would happen. Nothing is written here."""

    form_class = OfficialsForm
    template_name = "accounts/import.html"

    def get_form_kwargs(self):
        """Give the form the person: managers bring in people of their own country only."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get(self, request, *args, **kwargs):
        """Show the report of the file that waits, or the empty form; who says "No" is told that nothing was written."""
        if "report" in request.GET:
            return self.report(request)
        if "no" in request.GET:
            request.session.pop(KEPT, None)
            messages.info(request, _("Nothing was written."))
        return super().get(request, *args, **kwargs)

    def report(self, request):
        """Read the waiting file again, with what is known now; without one, lead back to the form."""
        file = _kept_file(request)
        form = OfficialsForm(files={"file": file}, data={}, user=request.user) if file else None
        if form is None or not form.is_valid():
            messages.info(
                request, _("This report was answered, or is older than an hour. Read the file again to see one.")
            )
            return redirect("accounts:import_officials")
        return render(request, "accounts/import_report.html", self.facts(form))

    def get_context_data(self, **kwargs):
        """Add the offices, by country, as a file must name them."""
        return super().get_context_data(**kwargs) | {"offices": offices_for_import(self.request.user)}

    def form_valid(self, form):
        """Keep the file in the session and lead to its report."""
        packed = base64.b64encode(zlib.compress(form.content)).decode()
        self.request.session[KEPT] = {"file": packed, "at": timezone.now().timestamp()}
        return redirect(f"{reverse('accounts:import_officials')}?report")

    def facts(self, form) -> dict:
        """Return the report of the dry run."""
        reading = form.reading
        names = dict(countries_for_import(self.request.user).values_list("pk", "name"))
        return {
            "reading": reading,
            "rows": [_line(row) for row in reading.rows],
            "plan": form.plan(),
            "new_offices": [{"office": office, "country": names[office.country]} for office in reading.new_offices],
            "with_offices": len(reading.good) + len(reading.waiting),
            "kinds": OfficeKind.choices,
            "neutral_kind": OfficeKind.OTHER.value,
            "most_kinds": MOST_KINDS,
        }


def _kept_file(request) -> ContentFile | None:
    """Return the file that waits for a yes, while the plan made of it would still count."""
    kept = request.session.get(KEPT)
    if kept is None or timezone.now().timestamp() - kept["at"] > PLAN_LASTS:
        request.session.pop(KEPT, None)
        return None
    return ContentFile(zlib.decompress(base64.b64decode(kept["file"])), name="officials.csv")


def _line(row) -> dict:
    """Return a row as the report shows it: number, cells, sentences about what is wrong."""
    faults = [
        {"column": COLUMN_WORDS[fault.column], "words": ROW_FAULTS[fault.code] % {"detail": fault.detail}}
        for fault in row.faults
    ]
    most = MOST_SIGNS if row.faults and not row.lacks_office else 0
    return {
        "number": row.number,
        "cells": row.cells,
        "faults": faults,
        "most": most,
        "lacks_office": row.lacks_office,
    }


class ImportConfirm(FormView):
    """Write exactly what the dry run showed."""

    form_class = ImportConfirmForm
    http_method_names = ["post"]

    def get_form_kwargs(self):
        """Give the form the person, to whom the plan is bound."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form):
        """Invite every official of the plan, all or none, with the new offices when she said so."""
        self.request.session.pop(KEPT, None)
        wanted = {name: form.cleaned_data[name] for name in ("officials", "offices")}
        try:
            count = actions.import_officials(by=self.request.user, at=timezone.now(), **wanted)
        except actions.AllHere as error:
            messages.info(self.request, str(error))
            return redirect("accounts:people")
        except (actions.AlreadyHere, actions.OfficeClosed) as error:
            messages.error(self.request, str(error))
            return redirect("accounts:import_officials")
        words = ngettext("%(count)s official is invited.", "%(count)s officials are invited.", count)
        messages.success(self.request, words % {"count": count})
        if added := len(wanted["offices"]):
            words = ngettext("%(count)s office is added.", "%(count)s offices are added.", added)
            messages.success(self.request, words % {"count": added})
        return redirect("accounts:people")

    def form_invalid(self, form):
        """Say why the plan no longer holds."""
        for error in form.errors.get("plan", []):
            messages.error(self.request, error)
        return redirect("accounts:import_officials")
