"""Fields that every form of this room uses: plain text without odd signs, and what tells one sending from another."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actions import index_of
from accounts.chain import canonical
from accounts.models import Country
from languages import text
from languages.refusing import refuse_odd_signs
from referral.models import Area
from referral.queries.directory import areas_of
from referral.queries.sendings import MARK_LENGTH, SIGN


class PlainTextField(forms.CharField):
    """A text without control signs and unbalanced direction signs; several lines when `rows` is given."""

    def __init__(self, *, rows: int = 0, max_length: int = 2000, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(max_length=max_length, widget=kwargs.pop("widget", widget), **kwargs)
        self.is_one_line = not rows

    def to_python(self, value):
        """Return the text in one normal form; refuse what nobody types on purpose."""
        value = super().to_python(value)
        if not value:
            return value
        refuse_odd_signs(value)
        if self.is_one_line and "\n" in text.clean(value):
            raise ValidationError(_("Write this in one line."), code="line_break")
        return text.clean(value)


class TelephoneField(forms.CharField):
    """A telephone number, kept as the network takes it; a form says of which country it is before it is cleaned.

    `may_be_short` takes what only that country dials too, such as 116.
    """

    def __init__(self, *, may_be_short: bool = False, **kwargs):
        widget = forms.TextInput(attrs={"type": "tel", "dir": "ltr", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **kwargs)
        self.may_be_short, self.country = may_be_short, ""

    def clean(self, value):
        """Return the number; refuse what cannot be dialled."""
        value = super().clean(value)
        known = text.dialled_in if self.may_be_short else text.e164
        number = known(value, self.country)
        if value and not number:
            raise ValidationError(
                _("This is no telephone number. Write all its digits, as you would dial it."), code="number"
            )
        return number


LONGEST_KEY = 18  # digits; the databases keep no longer keys, and fail when asked for one


class RowsField(forms.ModelMultipleChoiceField):
    """Any of some rows. A key longer than any of a row is an unknown choice like every other."""

    def _check_values(self, value):
        for key in value:
            if len(str(key)) > LONGEST_KEY:
                words = self.error_messages["invalid_choice"]
                raise ValidationError(words, code="invalid_choice", params={"value": str(key)[:LONGEST_KEY] + "…"})
        return super()._check_values(value)


class AreaField(forms.ModelChoiceField):
    """One of the regions of a country, asked for by the country's own word for them, in the reader's language."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Area.objects.none(), required=False, **kwargs)

    def ask_in(self, country: Country | None) -> None:
        """Ask for a region of a country; of nobody's country there is none to choose."""
        self.queryset, self.label = areas_of(country), country.area_word if country else _("Region")


SHOWN_LENGTH = 24
BESIDE = {"csrfmiddlewaretoken", "key", "seen", "anyway", "another"}  # what a page sends beside the answers


def _mark(user, code: str, token: str) -> str:
    told = f"{user.public_id}:{code}:{token}"
    return salted_hmac("referral.form_shown", told, algorithm="sha256").hexdigest()[:SHOWN_LENGTH]


def shown_key(user, code: str) -> str:
    """Return a new key for a form of a case; it proves later that the form was shown to this person."""
    token = uuid.uuid4().hex
    return token + _mark(user, code, token)


def was_shown(user, code: str, key: str) -> bool:
    """Tell whether the form that bears this key was shown to this person, in a case with this code."""
    return constant_time_compare(key[-SHOWN_LENGTH:], _mark(user, code, key[:-SHOWN_LENGTH]))


def marked(key: str, asked: str, sent: QueryDict) -> str:
    """Return the key of a form that was sent, with a keyed mark of what was sent and of what was `asked` for.

    The same answers sent once more have the same key; others from the same form another one. The mark tells nothing to
    whoever reads the rows: its hash is keyed, bound to this one form, and cut.
    """
    told = sorted((name, values) for name, values in sent.lists() if name not in BESIDE)
    mark = index_of(canonical([key, asked, told]), "referral.sent")
    return f"{key}{SIGN}{mark[:MARK_LENGTH]}"


def anew(sent: QueryDict) -> QueryDict:
    """Return what was sent in a form with a new key: sent again, it is a new act."""
    data = sent.copy()
    data["key"] = uuid.uuid4().hex
    return data


class SentOnce(forms.Form):
    """A form that carries its own key and the number of events its sender had seen."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, seen: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        if "seen" in self.fields:
            self.fields["seen"].initial = seen

    def clean_key(self):
        """Return the sending's key; a form without one (typed by hand) gets its own."""
        return self.cleaned_data["key"] or uuid.uuid4().hex
