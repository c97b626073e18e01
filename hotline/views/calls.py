"""The call log: the list, the file, and the ledger of missed contacts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.reports import clock_words, export_mark
from accounts.rules import allowed
from hotline.actions import exports
from hotline.forms.log import ExportForm, LogFilter
from hotline.queries import log
from hotline.queries.answering import with_answerers
from hotline.queries.blocks import with_marks
from hotline.queries.contacts import cases_found_by
from hotline.queries.dialling import calls_to_agree, with_call_bars
from hotline.queries.followers import with_followers
from hotline.queries.needs import with_needs
from hotline.queries.safety import with_hours
from hotline.queries.unfinished import unfinished_contacts
from hotline.reports import ROW_LIMIT, as_csv, too_many_words
from hotline.rules import RULES

PER_PAGE = 30


def filtered(request):
    """Return the filter form of a request and the contacts that it leaves."""
    form = LogFilter(request.GET or None, lines=log.lines_of(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    since, until = form.days(timezone.get_current_timezone()) if wanted else (None, None)
    return form, log.logged_contacts(request.user, wanted, since, until, at=timezone.now())


class CallLog(TemplateView):
    """Every contact of the country, newest first; for administrators those of no line."""

    template_name = "hotline/call_log.html"

    def get_context_data(self, **kwargs):
        """Return a page of the log and its filters."""
        form, contacts = filtered(self.request)
        page = Paginator(contacts, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "found_cases": cases_found_by(self.request.user, page),
            "reads_no_line": self.request.user.has_role("administrator"),
            "to_agree": calls_to_agree(self.request.user, timezone.now()),
            "export_form": ExportForm(),
            "may_export": allowed(self.request.user, RULES, "export_log", self.request.user),
            "too_many": too_many_words(page.paginator.count),
            "query": self.request.GET.urlencode(),
        }


class Missed(TemplateView):
    """The ledger of missed contacts: who follows up, by when, and how it ended; and the sheets that nobody finishes."""

    template_name = "hotline/missed.html"

    def get_context_data(self, **kwargs):
        """Return a page of the ledger."""
        now = timezone.now()
        only = self.request.GET.get("outcome") == "callback"
        contacts = log.missed_contacts(self.request.user, only_callbacks=only)
        page = Paginator(contacts, PER_PAGE).get_page(self.request.GET.get("page"))
        rows = with_call_bars(with_answerers(with_hours(page.object_list), now), now)
        rows = with_marks(log.with_closers(rows, self.request.user, now))
        page.object_list = with_followers(with_needs(rows), self.request.user)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "to_agree": calls_to_agree(self.request.user, now),
            "only_callbacks": only,
            "answered": [] if only else log.answered_texts(self.request.user)[:PER_PAGE],
            "reads_no_line": self.request.user.has_role("administrator"),
            "unfinished": [] if only else with_needs(unfinished_contacts(self.request.user, now)[:PER_PAGE]),
            "now": now,
        }


def _file_name(user, form) -> str:
    """Return the name of the log's file: country, the days that were asked for, the day on which it is made."""
    asked = form.cleaned_data if form.is_bound else {}
    days = [f"{word}-{asked[name]}" for word, name in (("from", "since"), ("to", "until")) if asked.get(name)]
    return "-".join(["contacts", user.country_id, *days, f"made-{timezone.localdate()}.csv"])


@require_POST
def export(request):
    """Give the filtered log as a file, with a reason, recorded."""
    if not allowed(request.user, RULES, "export_log", request.user):
        raise Http404
    form, back = ExportForm(request.POST), f"{reverse('hotline:call_log')}?{request.GET.urlencode()}"
    if not form.is_valid():
        messages.error(request, _("Choose why you export the log."))
        return redirect(back)
    wanted, rows = filtered(request)
    contacts, now, reason = list(rows[: ROW_LIMIT + 1]), timezone.now(), form.cleaned_data["reason"]
    if wanted.errors or len(contacts) > ROW_LIMIT:  # the log says what is wrong, and how many there are
        return redirect(back)
    try:
        entry = exports.export_log(contacts=contacts, by=request.user, at=now, reason=reason)
    except exports.TooMany as error:
        words = _(
            "You exported the log as often in 24 hours as one person may. You can export it again from %(when)s. If it"
            " cannot wait, ask another supervisor to export it."
        )
        messages.error(request, words % {"when": clock_words(error.opens_at)})
        return redirect(back)
    words = str(dict(form.fields["reason"].choices)[reason])
    mark = export_mark(by=request.user, at=now, entry=entry, reason=words)
    response = HttpResponse(as_csv(contacts, mark), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(request.user, wanted)}"'
    return response
