"""A line's WhatsApp, for administrators: its sender there, and the ready-made words that were approved."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from hotline.actions import lines, templates
from hotline.forms.whatsapp import TemplateForm, WhatsAppForm
from hotline.queries.lines import week_of
from hotline.queries.whatsapp import ready_words
from hotline.views.lines import kept_line
from languages.text import isolate


class WhatsApp(FormView):
    """The page of a line's WhatsApp; its form sets the sender."""

    template_name = "hotline/whatsapp.html"
    form_class = WhatsAppForm

    def setup(self, request, *args, **kwargs):
        """Find the line among those the person sets up."""
        super().setup(request, *args, **kwargs)
        self.line = kept_line(request.user, kwargs["line"])

    def get_initial(self):
        """Show the sender as it stands."""
        return {"whatsapp": self.line.whatsapp, "version": self.line.version}

    def get_context_data(self, **kwargs):
        """Add the line, and its ready-made words beside what is approved of them."""
        shown = {"template_form": TemplateForm(), "line": self.line, "ready": ready_words(self.line)}
        return super().get_context_data(**shown | kwargs)

    def form_valid(self, form):
        """Set the sender; another line's is refused, and so is what somebody changed meanwhile."""
        facts, version = {"whatsapp": form.cleaned_data["whatsapp"]}, form.cleaned_data["version"]
        try:
            lines.change_line(
                line=self.line, facts=facts, week=week_of(self.line), version=version, by=self.request.user,
                at=timezone.now(),
            )  # fmt: skip
        except lines.NumberTaken as taken:
            form.add_error("whatsapp", _("Another line answers %(numbers)s already.") % {"numbers": isolate(taken)})
            return self.form_invalid(form)
        except lines.ChangedMeanwhile:
            messages.error(
                self.request, _("Somebody else changed this line meanwhile. Nothing was saved. Look, then save again.")
            )
            return redirect("hotline:whatsapp", line=self.line.public_id)
        messages.success(self.request, _("Saved."))
        return redirect("hotline:whatsapp", line=self.line.public_id)


@require_POST
def keep_template(request, line):
    """Write down approved words."""
    row, form = kept_line(request.user, line), TemplateForm(request.POST)
    if not form.is_valid():
        page = WhatsApp()
        page.setup(request, line=line)
        context = page.get_context_data(form=WhatsAppForm(initial=page.get_initial()), template_form=form)
        return render(request, page.template_name, context, status=422)
    data = form.cleaned_data
    templates.keep_template(
        line=row, key=data["key"], language=data["language"], content_sid=data["content_sid"],
        approved_at=form.approved_at, by=request.user, at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Saved."))
    return redirect("hotline:whatsapp", line=line)


@require_POST
def drop_template(request, line, template):
    """Take approved words out."""
    row = kept_line(request.user, line)
    if templates.drop_template(line=row, template=template, by=request.user, at=timezone.now()):
        messages.success(request, _("Taken out: these words leave only within 24 hours of a message."))
    return redirect("hotline:whatsapp", line=line)
