"""The import of officials: dry run, then yes or no."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from accounts import actions, queries
from accounts.choices import COLUMN_WORDS, ROW_FAULTS
from accounts.forms import ImportConfirmForm, OfficialsForm

MOST_SIGNS = 60  # of a cell in a refused row; what would be written is shown whole


class ImportOfficials(FormView):
    """Take a file and show, row by row, what would happen. Nothing is written here."""

    form_class = OfficialsForm
    template_name = "accounts/import.html"

    def get_form_kwargs(self):
        """Give the form the person: managers bring in people of their own country only."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get(self, request, *args, **kwargs):
        """Show the empty form; who comes from "No" is told that nothing was written."""
        if "no" in request.GET:
            messages.info(request, _("Nothing was written."))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the offices, by country, as a file must name them."""
        return super().get_context_data(**kwargs) | {"offices": queries.offices_for_import(self.request.user)}

    def form_valid(self, form):
        """Show the report of the dry run."""
        reading = form.reading
        facts = {"reading": reading, "rows": [_line(row) for row in reading.rows], "plan": form.plan()}
        return render(self.request, "accounts/import_report.html", facts)


def _line(row) -> dict:
    """Return a row as the report shows it: number, cells, sentences about what is wrong."""
    faults = [
        {"column": COLUMN_WORDS[fault.column], "words": ROW_FAULTS[fault.code] % {"detail": fault.detail}}
        for fault in row.faults
    ]
    return {"number": row.number, "cells": row.cells, "faults": faults, "most": MOST_SIGNS if row.faults else 0}


class ImportConfirm(FormView):
    """Write exactly what the dry run showed."""

    form_class = ImportConfirmForm
    http_method_names = ["post"]

    def get_form_kwargs(self):
        """Give the form the person, to whom the plan is bound."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form):
        """Invite every official of the plan, all or none."""
        try:
            count = actions.import_officials(
                officials=form.cleaned_data["plan"], by=self.request.user, at=timezone.now()
            )
        except actions.AllHere as error:
            messages.info(self.request, str(error))
            return redirect("accounts:people")
        except actions.AlreadyHere as error:
            messages.error(self.request, str(error))
            return redirect("accounts:import_officials")
        words = ngettext("%(count)s official is invited.", "%(count)s officials are invited.", count)
        messages.success(self.request, words % {"count": count})
        return redirect("accounts:people")

    def form_invalid(self, form):
        """Say why the plan no longer holds."""
        for error in form.errors.get("plan", []):
            messages.error(self.request, error)
        return redirect("accounts:import_officials")
