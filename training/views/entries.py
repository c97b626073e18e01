"""A country entry in the editor: what saving or deleting it does is shown before it is done, whole or not at all."""

import hashlib
import json

from django.core import signing
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView

from training import actions, queries
from training.actions.overlays import delete_overlay
from training.forms import digest_of_entry
from training.models import Overlay
from training.queries.entries import entries_read
from training.queries.entry_effects import Deletion, deletion

LASTS = 3600  # seconds for which what was shown may be done
_OWN = {"csrfmiddlewaretoken", "seen", "back"}
_signer = signing.TimestampSigner(salt="training.entries")


def _mark(*what) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _is_seen(request, mark: str) -> bool:
    """Tell whether a request brings back the mark of what was shown a while ago."""
    try:
        return _signer.unsign(request.POST.get("seen", ""), max_age=LASTS) == mark
    except signing.BadSignature:
        return False


class _NotSaved(Exception):
    """What was sent is judged otherwise where nobody else can save or delete the entry, so it is not saved."""


class _ShownFirst:
    """A form of an entry: pressed once, it shows what saving does to readers; pressed on that page, it saves.

    An entry keeps no drafts, so the page that shows it carries what was typed, and sends it through the same form. What
    is saved was judged under the lock, by what stood there then.
    """

    def form_valid(self, form):
        """Save what readers have as it was shown, and what they do not read at once."""
        self.form = form
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if self._is_to_show():
            return self._show(form)
        try:
            return super().form_valid(form)
        except _NotSaved:
            return self._show(self.form) if self.form.is_valid() else self.form_invalid(self.form)

    def save_instance(self):
        """Store the entry together with what follows it: translations and editions."""
        save = super().save_instance

        def judged():
            self._judge()
            return save()

        try:
            return actions.save_overlay(
                overlay=self.form.instance, save=judged, by=self.request.user, at=timezone.now()
            )
        except IntegrityError:  # no course stands where both were added, so neither waited
            self._judge()
            raise

    def _judge(self) -> None:
        """Judge what was sent once more, by what stands now; raises `_NotSaved`, and `Http404` of what was deleted."""
        self.object = self.get_object()
        self.form = self.get_form()
        if not self.is_valid(self.form) or self._is_to_show():
            raise _NotSaved

    def _is_to_show(self) -> bool:
        """Tell whether readers would get something that was not shown yet."""
        return self.form.is_shown_first and not self._was_shown(self.form)

    def _was_shown(self, form) -> bool:
        """Tell whether exactly this was shown to this person a while ago."""
        return _is_seen(self.request, self._mark(form))

    def _mark(self, form) -> str:
        return _mark(self.request.user.pk, form.instance.pk, form.stored, form.in_hand)

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


class DeleteEntry(DeleteView):
    """The page that asks before an entry is deleted: of one that readers have, it shows what that does to them.

    Pressed there, the entry goes as it was shown. Numbers of people change by the hour and are no part of the mark.
    """

    def get(self, request, *args, **kwargs):
        """Show what deleting does where readers have the entry; otherwise ask as of anything else."""
        return self._show() if entries_read([self.object]) else super().get(request, *args, **kwargs)

    def form_valid(self, form):
        """Delete what no reader has at once, and what readers have as it was shown."""
        delete = super().form_valid

        def judged():
            self.object = get_object_or_404(Overlay, pk=self.object.pk)
            return delete(form) if self._is_shown() else None

        return delete_overlay(overlay=self.object, delete=judged) or self._show(is_again=True)

    def _is_shown(self) -> bool:
        return not entries_read([self.object]) or _is_seen(self.request, self._mark(self._found()))

    def _found(self) -> Deletion:
        return deletion(self.object, at=timezone.now(), is_own=self._is_own)

    @property
    def _is_own(self) -> bool:
        return self.object.country_id == self.request.user.country_id

    def _mark(self, found: Deletion) -> str:
        instead = found.instead and digest_of_entry(found.instead)
        where = [(one.heading, one.lessons, one.refreshed != 0, one.minutes) for one in found.reach]
        words = (digest_of_entry(self.object), instead, where, found.going, found.lacking)
        return _mark("delete", self.request.user.pk, self.object.pk, *words)

    def _show(self, *, is_again: bool = False):
        found = self._found()
        context = {
            "found": found,
            "entry": self.object,
            "is_own": self._is_own,
            "seen": _signer.sign(self._mark(found)),
            "is_again": is_again,
            "next": self.get_success_url(),
        }
        return render(self.request, "training/entry_deletion.html", context)
