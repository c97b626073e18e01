"""Texts of one thing in one language as a PO file: out, and back after a dry run."""

import base64

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from cms.desk import actions, queries
from cms.desk.forms import ConfirmForm, FileForm
from cms.desk.views.things import permitted_thing
from cms.desk.words import OUTCOMES, file_sentence, sentence
from languages import actions as language_actions
from languages import exchange, table
from languages import queries as language_queries


def export(request, model, pk, language):
    """Send the texts of a thing in a language as a PO file."""
    thing = permitted_thing(request, model, pk, language)
    actions.record_export(thing=thing, language=language, by=request.user, at=timezone.now())
    content = exchange.write_po(language_queries.exchange_file(thing, language))
    name = f"{thing._meta.model_name}-{thing.pk}-{table.BY_CODE[language].folder}.po"
    return HttpResponse(
        content,
        content_type="text/x-gettext-translation; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


class Import(FormView):
    """Take a file and show, line by line, what would happen; write it when confirmed."""

    template_name = "desk/import.html"
    form_class = FileForm

    def dispatch(self, request, *args, **kwargs):
        """Load the thing and permit the language."""
        self.language = kwargs["language"]
        self.thing = permitted_thing(request, kwargs["model"], kwargs["pk"], self.language)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        """Return the form of the step: a file first, then the confirmation."""
        return ConfirmForm if "confirmed" in self.request.POST else FileForm

    def get_context_data(self, **kwargs):
        """Add the thing and the language."""
        return super().get_context_data(**kwargs) | {
            "thing": self.thing,
            "model": self.thing._meta.label_lower,
            "name": queries.name_of(self.thing),
            "row": table.BY_CODE[self.language],
        }

    def form_valid(self, form):
        """Show the dry run, or write what was confirmed."""
        if isinstance(form, ConfirmForm):
            return self.write(form.cleaned_data["content"], form.cleaned_data["confirmed"])
        return self.show(form.cleaned_data["file"], form)

    def form_invalid(self, form):
        """Show the form again; a confirmation that got lost begins anew."""
        if isinstance(form, ConfirmForm):
            messages.error(self.request, _("The file got lost on the way. Choose it again."))
            return redirect(queries.thing_address("import", self.thing, self.language))
        return super().form_invalid(form)

    def show(self, content: bytes, form):
        """Show what an import would do."""
        try:
            report = language_actions.dry_run(self.thing, self.language, content)
        except (exchange.BadFile, exchange.WrongObject) as error:
            form.add_error("file", file_sentence(error))
            return self.form_invalid(form)
        lines = [
            {"found": found, "words": OUTCOMES[found.code], "faults": [sentence(fault) for fault in found.faults]}
            for found in report.outcomes
        ]
        confirm = {"content": base64.b64encode(content).decode(), "confirmed": report.fingerprint}
        context = self.get_context_data(form=form) | {
            "report": report,
            "lines": [line for line in lines if line["found"].code not in {"unchanged", "empty"}],
            "counts": [(OUTCOMES[code], count) for code, count in report.counts().items()],
            "confirm_form": ConfirmForm(initial=confirm),
        }
        return render(self.request, self.template_name, context)

    def write(self, content: bytes, confirmed: str):
        """Write exactly what was shown."""
        try:
            report = actions.import_lines(
                thing=self.thing, language=self.language, content=content, confirmed=confirmed, by=self.request.user,
                at=timezone.now(),
            )  # fmt: skip
        except (language_actions.ImportChangedMeanwhile, language_actions.TargetChangedMeanwhile):
            messages.error(self.request, _("Somebody worked on these texts meanwhile. Choose the file again."))
            return redirect(queries.thing_address("import", self.thing, self.language))
        except (exchange.BadFile, exchange.WrongObject) as error:
            messages.error(self.request, file_sentence(error))
            return redirect(queries.thing_address("import", self.thing, self.language))
        words = ngettext("%(count)s text is kept as draft.", "%(count)s texts are kept as drafts.", report.written)
        messages.success(self.request, words % {"count": report.written})
        return redirect(queries.thing_address("thing", self.thing, self.language))
