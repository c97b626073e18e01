"""What comes in by form: signed tokens, answers, filters."""

import hashlib
import json

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts import rules
from accounts.models import Country
from languages.revisions import OVERTAKEN
from languages.text import OddText, check_input
from training import grading

SALT, TEST_SALT = "training.lesson", "training.test"
MAX_AGE = 14 * 24 * 3600


def sign(place: dict) -> str:
    """Return the hidden token of a form: what it is about and whose it is."""
    return signing.dumps(place, salt=SALT, compress=True)


def sign_test(person, attempt) -> str:
    """Return the hidden token of a test: whose it is, so that it can wait for her when her session is over."""
    return signing.dumps({"who": str(person), "attempt": str(attempt)}, salt=TEST_SALT)


def owner_of_test(data, attempt) -> str:
    """Return whom the token of a test names; "" for a token that is not ours, too old, or of another test."""
    try:
        told = signing.loads(data.get("token", "")[:2000], salt=TEST_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return ""
    return told["who"] if told["attempt"] == str(attempt) else ""


class TokenForm(forms.Form):
    """A post of a lesson's page; the token says which question or end it is about."""

    token = forms.CharField(max_length=2000, widget=forms.HiddenInput)

    def clean_token(self) -> dict:
        """Return what the token says, or refuse a token that is not ours or too old."""
        try:
            return signing.loads(self.cleaned_data["token"], salt=SALT, max_age=MAX_AGE)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("This page was open too long. Open the lesson again.")) from error


def response_of(item: grading.Item, data, prefix: str = ""):
    """Return the response to an item from posted fields; what is left open is empty."""
    name = f"{prefix}r"
    if item.kind == "multiple":
        return data.getlist(name)
    if item.kind == "match":
        pairs = [[left, data.get(f"{name}-{left}", "")] for left in item.options]
        return pairs if any(right for _left, right in pairs) else []
    if item.kind == "order":
        return _order(item, {step: data.get(f"{name}-{step}", "") for step in item.options})
    return data.get(name, "").strip()


def _order(item: grading.Item, places: dict[str, str]) -> list[str]:
    """Return the steps in the order a person gave; nothing when a place is missing or given twice."""
    if sorted(places.values()) != sorted(str(number) for number in range(1, len(item.options) + 1)):
        return []
    return sorted(places, key=lambda step: int(places[step]))


def sound_response(item: grading.Item, data, prefix: str = ""):
    """Return the response to an item, or nothing when what came does not fit it or holds odd characters."""
    response = response_of(item, data, prefix)
    return None if _has_odd_text(response) or not grading.fits(item, response) else response


def _has_odd_text(response) -> bool:
    """Tell whether a typed response holds characters that no keyboard makes on purpose."""
    if not isinstance(response, str):
        return False
    try:
        check_input(response)
    except OddText:
        return True
    return False


class CompletionFilter(forms.Form):
    """Filters of the completion report."""

    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), required=False, empty_label=_("All countries")
    )
    course = forms.ChoiceField(label=_("Course"), required=False)
    months = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[
            ("", _("From the beginning")),
            ("3", _("Last 3 months")),
            ("6", _("Last 6 months")),
            ("12", _("Last 12 months")),
        ],
    )
    group = forms.ChoiceField(
        label=_("Group by"), required=False, choices=[("office", _("Office")), ("country", _("Country"))]
    )

    def __init__(self, *args, countries, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = countries
        self.fields["course"].choices = [("", _("All courses")), *courses]


class OverlayForm(WagtailAdminModelForm):
    """A country entry; a manager writes for her own country only, and nobody over another's words unawares.

    An entry has no revisions: the form carries a digest of what it showed.
    """

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = "" if self.instance.pk is None else _digest(self.instance)
        self.theirs = {name: getattr(self.instance, name) for name in WORDS}
        self.initial["shown"] = self.stored
        if not (self.for_user.is_superuser or rules.is_administrator(self.for_user, None)):
            self.fields["country"].queryset = Country.objects.filter(pk=self.for_user.country_id)

    def _post_clean(self):
        """Send the form back when the entry was saved since it was shown; sent once more, it replaces what is there.

        The same form twice says what is stored already: that replaces nothing.
        """
        super()._post_clean()
        shown = self.data.get(self.add_prefix("shown"))
        if shown and shown != self.stored and _digest(self.instance) != self.stored:
            self.add_error(None, forms.ValidationError(OVERTAKEN))
            for name, text in self.theirs.items():
                if name in self.changed_data:
                    self.add_error(
                        name, forms.ValidationError(_("Stands there now: %(text)s"), params={"text": text or "–"})
                    )
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stored


WORDS = ("text_en", "source", "article")
CHOICES = ("country_id", "curriculum_id", "slot", "source_kind", "checked_at", "confirmed", "review_at")


def _digest(entry) -> str:
    """Return a digest of what the form of an entry shows; line ends are as the browser likes them."""
    values = ["\n".join(str(getattr(entry, name)).splitlines()) for name in WORDS + CHOICES]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
