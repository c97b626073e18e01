"""The audit log, to read."""

from django.utils import timezone
from django.views.generic import ListView

from accounts import actions, queries
from accounts.forms import AuditFilter


class AuditLog(ListView):
    """Every act and reading, newest first. Looking at the log is itself recorded."""

    template_name = "accounts/audit.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self):
        """Return the entries that fit the filters, and record the reading."""
        self.filter = AuditFilter(self.request.GET)
        chosen = self.filter.chosen()
        by = self.request.user
        actions.record(by=by, verb="audit.read", at=timezone.now(), filters=sorted(chosen))
        return queries.audit_listed(chosen)

    def paginate_queryset(self, queryset, page_size):
        """Return the page asked for, or the nearest there is."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        """Add the filters, the names behind the ids of this page, and the head of the chain."""
        context = super().get_context_data(**kwargs)
        names = queries.names_of({entry.actor for entry in context["entries"]})
        lines = [{"entry": entry, "who": names.get(entry.actor, entry.actor)} for entry in context["entries"]]
        return context | {"filter": self.filter, "lines": lines, "head": queries.chain_head()}
