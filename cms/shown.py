"""What a picture's or document's form showed: neither has revisions, so nobody writes over another's words unawares."""

from django import forms
from django.utils.translation import gettext as _

from accounts.queries.marks import mark
from languages.refusing import RefusesOddSigns
from languages.revisions import FILE_OVERTAKEN

SHOWN = ("title", "description", "collection_id", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")  # fmt: skip
WORDS = ("title", "description")


class KnowsWhatItShowed(RefusesOddSigns):
    """A form, put before Wagtail's, that bears a mark of the row it showed and is sent back when the row is another by now.

    Sent once more, it replaces what is there; the same form twice replaces nothing.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.stored = _mark(self.instance) if self.instance.pk else ""
        self.tags = _tags(self.instance) if self.instance.pk else []
        self.theirs = {name: getattr(self.instance, name) for name in WORDS if name in self.fields}
        self.initial["shown"] = self.stored

    def _post_clean(self):
        """Send the form back when somebody else saved since it was shown, with what stands there now beside each word."""
        super()._post_clean()
        shown = self.data.get(self.add_prefix("shown"))
        if not shown or shown == self.stored or self._says_the_same():
            return
        self.add_error(None, forms.ValidationError(FILE_OVERTAKEN))
        for name, text in self.theirs.items():
            if name in self.changed_data:
                told = forms.ValidationError(_("Stands there now: %(text)s"), params={"text": text or "–"})
                self.add_error(name, told)
        self.data = self.data.copy()
        self.data[self.add_prefix("shown")] = self.stored

    def _says_the_same(self) -> bool:
        sent = sorted(self.cleaned_data.get("tags", self.tags))
        return _mark(self.instance, sent) == self.stored


def _mark(row, tags: list[str] | None = None) -> str:
    values = [getattr(row, name, None) for name in SHOWN]
    return mark(*values, row.file.name, _tags(row) if tags is None else tags)


def _tags(row) -> list[str]:
    return sorted(row.tags.names())
