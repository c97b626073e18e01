"""Copies in the editor: a form filled with what was copied, of a thing that is not stored yet and that "Add" stores."""

from django.core.exceptions import PermissionDenied
from wagtail.snippets.views.snippets import CopyView, HistoryView, UsageView

from training import queries


class FilledForm(CopyView):
    """The form of a new thing, filled; it is sent to "Add". Wagtail's own would store over what was copied."""

    http_method_names = ("get", "head", "options")

    def get_initial_form_instance(self):
        """Return the copy that the form shows."""
        return queries.copy_of(self.get_object())


class _OwnEntries:
    """A view of one country entry, for those who may change it."""

    def get_object(self, *args, **kwargs):
        """Return the entry, or refuse it as its form does."""
        entry = super().get_object(*args, **kwargs)
        if not queries.entries_visible_to(self.request.user).filter(pk=entry.pk).exists():
            raise PermissionDenied
        return entry


class CopyOfEntry(_OwnEntries, FilledForm):
    """The filled form of a new country entry."""


class HistoryOfEntry(_OwnEntries, HistoryView):
    """Who changed a country entry, and when."""


class UsageOfEntry(_OwnEntries, UsageView):
    """Where a country entry is referred to."""
