"""A country entry and a recording in the editor: things without revisions, whose forms bear a mark of what they showed."""

import datetime as dt
import hashlib
import json

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts import rules
from accounts.forms.fields import refuse_far_days
from accounts.models import Country
from accounts.queries.clocks import day_in
from accounts.queries.marks import mark
from languages.refusing import RefusesOddSigns
from languages.revisions import FILE_OVERTAKEN, Change
from training import changing, media, queries
from training.choices import (
    MEDIA_FAULTS,
    MEDIA_TAKEN,
)
from training.forms.editor import AsksKind
from training.models import Clip

# An entry has no history to look at; who saved it is not known, it may be oneself.
ENTRY_OVERTAKEN = _(
    "This entry was saved by somebody else, or in another window, while you wrote, so yours is not saved yet. What you "
    "wrote still stands here. Where the words differ, those that stand there now are told beside yours. Send yours once "
    "more to replace them."
)

WORDS = ("text_en", "source_en", "article")
CHOICES = ("country_id", "curriculum_id", "slot", "source_kind", "checked_at", "confirmed", "review_at")


def digest_of_entry(entry) -> str:
    """Return a digest of what the form of an entry shows; line ends are as the browser likes them."""
    values = ["\n".join(str(getattr(entry, name)).splitlines()) for name in WORDS + CHOICES]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


class OverlayForm(AsksKind, RefusesOddSigns, WagtailAdminModelForm):
    """A country entry; a manager writes for her own country only, and nobody over another's words unawares.

    An entry has no revisions: the form carries a digest of what it showed, and what is saved goes to readers. So it asks
    which kind of change it is where a live course can show the entry.

    A day of checking is that of a text. With other words a confirmed entry needs the day on which these were checked, or
    goes back to not confirmed, without the old day. Only a repair keeps it: called wording by who saves it, and found to
    be no more by the rules. Her reason to call a number or a duty wording spares people a refresher; it does not make
    somebody have read and confirmed the new words.
    """

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = "" if self.instance.pk is None else digest_of_entry(self.instance)
        self.told = queries.told_of_entry(self.instance) if self.instance.pk else None
        self.stood = (self.instance.country_id, self.instance.curriculum_id)
        self.checked_before, self.confirmed_before = self.instance.checked_at, self.instance.confirmed
        self.review_before = self.instance.review_at
        if not self.is_read:
            self.fields["change"].help_text = _(
                "Who has finished gets a refresher for a material one. Left empty, it counts as minor."
            )
        self.theirs = {name: getattr(self.instance, name) for name in WORDS}
        self.initial["shown"] = self.stored
        for name in ("checked_at", "review_at"):
            self.fields[name].validators.append(refuse_far_days)
        if not (self.for_user.is_superuser or rules.is_administrator(self.for_user, None)):
            self.fields["country"].queryset = Country.objects.filter(pk=self.for_user.country_id)

    def clean(self):
        """Refuse days that cannot be, and a second entry where one stands."""
        cleaned = super().clean()
        checked, review = cleaned.get("checked_at"), cleaned.get("review_at")
        if checked and checked > _today(cleaned.get("country")):
            self.add_error("checked_at", _("This day has not come yet. Enter the day on which the text was checked."))
        if cleaned.get("confirmed") and not checked and "checked_at" not in self.errors:
            self.add_error("checked_at", _("Enter the day on which the text was confirmed, or leave it unconfirmed."))
        if checked and review and review <= checked:
            self.add_error("review_at", _("Enter a day after the one on which the text was checked."))
        if self._stands_already(cleaned):
            self.add_error("slot", _("There is an entry for this already, for every curriculum. Change that one."))
        self._stay(cleaned)
        return cleaned

    def _stay(self, cleaned) -> None:
        """Keep what readers have in its country, curriculum and slot: elsewhere it is another entry, which nobody has checked."""
        stays = _("Readers have this entry where it stands, so it stays. Add a new one there, then delete this one.")
        for name, stood in zip(("country", "curriculum"), self.stood, strict=True):
            if self.is_read and name in cleaned and getattr(cleaned[name], "pk", None) != stood:
                self.add_error(name, stays)
        place = (*(getattr(cleaned.get(name), "pk", None) for name in ("country", "curriculum")), cleaned.get("slot"))
        is_moved = self.instance.pk is not None and place != (*self.stood, self.instance.slot)
        if is_moved and queries.other_text_behind(self.instance):
            told = _(
                "Here its readers would read the entry for every curriculum instead, which says something else. First give "
                "this one the words of that one, with the kind of change that it is; then move it."
            )
            self.add_error("slot", told)
        elif self.is_read and cleaned.get("slot", self.instance.slot) != self.instance.slot:
            self.add_error("slot", stays)

    def _stands_already(self, cleaned) -> bool:
        """Tell whether another entry says this for every curriculum; the one of a curriculum is told apart by Django."""
        country, slot = cleaned.get("country"), cleaned.get("slot")
        if not (country and slot) or cleaned.get("curriculum"):
            return False
        same = type(self.instance).objects.filter(country=country, slot=slot, curriculum=None)
        return same.exclude(pk=self.instance.pk).exists()

    def _post_clean(self):
        """Send the form back when the entry was saved since it was shown; sent once more, it replaces what is there.

        The same form twice says what is stored already: that replaces nothing.
        """
        super()._post_clean()
        self._ask_when_checked()
        shown = self.data.get(self.add_prefix("shown"))
        if self.instance.pk and shown and shown != self.stored and digest_of_entry(self.instance) != self.stored:
            self.add_error(None, forms.ValidationError(ENTRY_OVERTAKEN))
            for name, text in self.theirs.items():
                if name in self.changed_data:
                    self.add_error(
                        name, forms.ValidationError(_("Stands there now: %(text)s"), params={"text": text or "–"})
                    )
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stored

    @cached_property
    def is_read(self) -> bool:
        """Tell whether a live course can show the entry as it is stored; asked before the form is put into it."""
        return self.instance.pk is not None and queries.courses_of(self.instance).exists()

    @property
    def is_shown_first(self) -> bool:
        """Tell whether saving it would let readers read something else, or something where they had nothing, or keep them
        from a course that needs it."""
        is_other = bool(self._proposal().change) and queries.courses_of(self.instance).exists()
        return is_other or self.is_unconfirmed and self._is_read() or self.is_read and self.is_less_sure

    @property
    def is_less_sure(self) -> bool:
        """Tell whether the entry would be confirmed no more, lose the day on which it was checked, or seem checked earlier,
        or the day of its next check would be over."""
        lost = bool(self.checked_before) and not self.instance.checked_at
        return self.is_unconfirmed or lost or bool(self.checked_later) or self.is_overdue

    @property
    def checked_later(self) -> dt.date | None:
        """Return the day on which readers are told now that the text was checked, where an earlier one would be told."""
        checked = self.instance.checked_at
        return self.checked_before if checked and self.checked_before and checked < self.checked_before else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether the day of the next check would be another one, and over already."""
        review = self.instance.review_at
        return review is not None and review != self.review_before and review < _today(self.instance.country)

    @property
    def is_unconfirmed(self) -> bool:
        """Tell whether what readers see there would be confirmed no more."""
        if self.instance.confirmed:
            return False
        return self.confirmed_before or getattr(self._replaced(), "confirmed", False)

    @property
    def in_hand(self) -> str:
        """Return a digest of what would be saved, with what is said of the edit."""
        return f"{digest_of_entry(self.instance)}:{self.instance.change}:{self.instance.lowered_because}"

    def _is_read(self) -> bool:
        return self.is_read or self._replaced() is not None

    def _replaced(self):
        """Return the entry for every curriculum that readers of a live course see where a new one will stand, or None."""
        entry = self.instance
        is_placed = not self.is_read and entry.country_id and entry.curriculum_id and entry.slot
        return queries.seen_instead(entry) if is_placed and queries.courses_of(entry).exists() else None

    def _goes_out(self) -> bool:
        return True

    def _proposal(self):
        return queries.proposal_for_entry(self.instance, self.told if self.is_read else None)

    def _ask_when_checked(self) -> None:
        """Refuse the day on which the former words were checked for other ones; drop it where they are not confirmed."""
        checked = self.instance.checked_at
        if self.told is None or not checked or checked != self.checked_before:
            return
        moved = changing.proposal(self.told, queries.told_of_entry(self.instance)).change
        if not moved or moved == self.cleaned_data.get("change") == Change.WORDING:
            return
        if not self.cleaned_data.get("confirmed"):
            self.instance.checked_at = self.cleaned_data["checked_at"] = None
            return
        told = _(
            "On this day the former text was checked. Enter the day on which the new one was checked, or take away the "
            "tick at “confirmed”."
        )
        self.add_error("checked_at", told)


def _today(country) -> dt.date:
    """Return the day that it is in a country; by UTC where none is chosen."""
    return day_in(country, timezone.now()) if country else timezone.localdate()


class ClipForm(RefusesOddSigns, WagtailAdminModelForm):
    """A sound or film: its file is judged by what is in it, kept without notes, and stays as it is.

    Its name has no revisions: the form bears a mark of what it showed.
    """

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Clip
        fields = ("title", "language", "file")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.media_kept = None
        self.stored = mark(self.instance.title, self.instance.language) if self.instance.pk else ""
        self.initial["shown"], file = self.stored, self.fields["file"]
        file.widget, file.help_text = forms.FileInput(attrs={"accept": ".mp3,.m4a,.wav,.mp4"}), MEDIA_TAKEN
        if self.instance.pk:
            file.disabled, told = True, _("%(ending)s, %(size)s. A file stays as it is: for another one, add anew.")
            file.help_text = told % {
                "ending": self.instance.ending.upper(),
                "size": filesizeformat(self.instance.size),
            }

    def clean_file(self):
        """Return the file without notes when it is one that phones play; it is read only when it is small enough."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if file.size > media.MOST:
            raise forms.ValidationError(MEDIA_FAULTS["large"])
        try:
            self.media_kept = found = media.bare(file.read())
        except media.MediaRefused as fault:
            raise forms.ValidationError(MEDIA_FAULTS[fault.code]) from fault
        return SimpleUploadedFile(f"clip.{found.ending}", found.content, found.content_type)

    def _post_clean(self):
        """Note what the file is; send the form back when somebody else changed the name since it was shown."""
        super()._post_clean()
        if found := self.media_kept:
            self.instance.kind, self.instance.content_type = found.kind, found.content_type
            self.instance.size, self.instance.sha256 = (
                len(found.content),
                hashlib.sha256(found.content).hexdigest(),
            )
        shown = self.data.get(self.add_prefix("shown"))
        if shown and shown != self.stored and mark(self.instance.title, self.instance.language) != self.stored:
            self.add_error(None, forms.ValidationError(FILE_OVERTAKEN))
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stored
