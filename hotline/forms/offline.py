"""Forms about contacts that no telephone brings, and about what binds a contact to others or hides it."""

import datetime as dt
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.choices import OfficeKind
from accounts.forms.fields import CHOOSE, Day
from hotline.choices import OFFLINE, NotSame
from languages import table

OLD = dt.timedelta(days=731)


def new_key() -> str:
    """Return a name for a page that is being opened."""
    return str(uuid.uuid4())


class OfflineForm(forms.Form):
    """A contact that is written down: how it came, when it happened, in which language, for which line."""

    asked_back = ""

    kind = forms.ChoiceField(
        label=_("How it came"), widget=forms.RadioSelect, choices=[(one.value, one.label) for one in OFFLINE]
    )
    happened_on = Day(label=_("Day it happened"))
    language = forms.ChoiceField(
        label=_("Speaks"),
        required=False,
        choices=[("", _("not chosen")), *((row.code, row.own) for row in table.TABLE)],
    )
    line = forms.ChoiceField(label=_("Line"))
    key = forms.UUIDField(widget=forms.HiddenInput)
    sure = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args, lines, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines, self.today = {str(line.public_id): line for line in lines}, today
        self.fields["line"].choices = [(key, line.number) for key, line in self.lines.items()]
        self.fields["happened_on"].initial = today

    def clean_line(self):
        """Return the line itself."""
        return self.lines[self.cleaned_data["line"]]

    def clean(self):
        """Refuse a day that is not here yet; ask back one that lies more than two years in the past."""
        data = super().clean()
        day = data.get("happened_on")
        if day and day > self.today:
            self.add_error("happened_on", _("This day is not here yet. Write down when it happened."))
        elif day and self.today - day > OLD and data.get("sure") != day.isoformat():
            self.asked_back = day.isoformat()
            self.data = self.data.copy()
            self.data["sure"] = self.asked_back
            words = _("Is %(day)s right? It lies more than two years back. If so, send it again; if not, correct it.")
            self.add_error("happened_on", ValidationError(words, params={"day": date_format(day, "DATE_FORMAT")}))
        return data

    def begin_anew(self) -> None:
        """Say that the page wrote down another contact before; sent once more, this is a contact of its own."""
        self.data = self.data.copy()
        self.data["key"] = new_key()
        words = _(
            "With this page a contact was written down before; it is kept. If this is another one, send it again."
        )
        self.add_error(None, words)


class FindCaseForm(forms.Form):
    """Part of the code of a case that a contact may be joined to."""

    code = forms.CharField(label=_("Case code"), max_length=16, required=False)


class UndoLinkForm(forms.Form):
    """Why two contacts are not of one person after all."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[CHOOSE, *NotSame.choices])


class ShieldForm(forms.Form):
    """From whom a contact is hidden: an office, all offices of a kind, or one account; exactly one of them.

    `shown` is the mark of whom the page said it would keep out, "" before it said so.
    """

    kind = forms.ChoiceField(label=_("All offices of a kind"), required=False, choices=[CHOOSE, *OfficeKind.choices])
    office = forms.ChoiceField(label=_("One office"), required=False)
    user = forms.ChoiceField(label=_("One account"), required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args, offices, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.offices, self.people = {str(one.pk): one for one in offices}, {str(one.public_id): one for one in people}
        self.fields["office"].choices = [CHOOSE, *((key, one.name) for key, one in self.offices.items())]
        self.fields["user"].choices = [CHOOSE, *((key, one.get_full_name()) for key, one in self.people.items())]

    def clean(self):
        """Ask for exactly one."""
        data = super().clean()
        if not self.errors and sum(bool(data.get(name)) for name in ("kind", "office", "user")) != 1:
            raise ValidationError(_("Choose one of the three: a kind of office, an office, or an account."))
        return data

    def having_shown(self, mark: str) -> None:
        """Let the next sending count as made by somebody who was shown whom it would keep out."""
        self.data = self.data.copy()
        self.data["shown"] = mark

    @property
    def whom(self) -> dict:
        """Return from whom, for the action."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "office": self.offices.get(data["office"]),
            "user": self.people.get(data["user"]),
        }
