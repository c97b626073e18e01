"""A country entry in the editor: what saving it does is shown before it is done, and it is done whole or not at all."""

import hashlib

from django.core import signing
from django.shortcuts import render
from django.utils import timezone
from wagtail.snippets.views.snippets import CreateView, EditView

from training import actions, queries

LASTS = 3600  # seconds for which what was shown may be saved
_OWN = {"csrfmiddlewaretoken", "seen", "back"}
_signer = signing.TimestampSigner(salt="training.entries")


class _SavesWhole:
    """The editor's saving, as one act with the translations and editions that follow it."""

    def save_instance(self):
        """Store the entry together with what follows it."""
        save = super().save_instance
        return actions.save_overlay(overlay=self.form.instance, save=save, by=self.request.user, at=timezone.now())


class _ShownFirst(_SavesWhole):
    """A form of an entry: pressed once, it shows what saving does to readers; pressed on that page, it saves.

    An entry keeps no drafts, so the page that shows it carries what was typed, and sends it through the same form.
    """

    def form_valid(self, form):
        """Save what readers have as it was shown, and what they do not read at once."""
        if "back" in self.request.POST:
            self.form = form
            return self.render_to_response(self.get_context_data(form=form))
        if not form.is_shown_first or self._was_shown(form):
            return super().form_valid(form)
        return self._show(form)

    def _was_shown(self, form) -> bool:
        """Tell whether exactly this was shown to this person a while ago."""
        try:
            return _signer.unsign(self.request.POST.get("seen", ""), max_age=LASTS) == self._mark(form)
        except signing.BadSignature:
            return False

    def _mark(self, form) -> str:
        what = f"{self.request.user.pk}:{form.instance.pk}:{form.stored}:{form.in_hand}"
        return hashlib.sha256(what.encode()).hexdigest()

    def _show(self, form):
        entry, sent = form.instance, self.request.POST
        is_own = entry.country_id == self.request.user.country_id
        context = {
            "found": queries.entry_effects(entry, at=timezone.now(), is_own=is_own),
            "is_own": is_own,
            "entry": entry,
            "is_unconfirmed": form.is_unconfirmed,
            "checked_later": form.checked_later,
            "is_overdue": form.is_overdue,
            "typed": [(name, value) for name, values in sent.lists() if name not in _OWN for value in values],
            "seen": _signer.sign(self._mark(form)),
            "is_again": "seen" in sent,
        }
        return render(self.request, "training/entry_effects.html", context)


class NewEntry(_ShownFirst, CreateView):
    """The form of a new country entry."""


class EditEntry(_ShownFirst, EditView):
    """The form of a country entry that stands."""
