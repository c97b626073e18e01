"""Learning without an account: in which country, the code as somebody types it, and that erasing is meant."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PlainText
from training import credentials

ELSEWHERE = "other"


class BeginForm(forms.Form):
    """In which country somebody begins a course, whose law and numbers are shown, and for which group of readers.

    The group is asked only where lessons are for one, and may be left open.
    """

    country = forms.ChoiceField(
        label=_("Which country is this about?"),
        help_text=_("The country that you leave, or for which you want to know the law and whom to call."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the country this is about, or “Another country”.")},
    )

    track = forms.ChoiceField(
        label=_("For whom are you taking this course?"),
        help_text=_(
            "Some lessons are for one group only. Choose yours, and only its lessons are asked of you. You can change it; "
            "what you have done stays done."
        ),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, countries: list[tuple[str, str]], tracks: Sequence[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [*countries, (ELSEWHERE, _("Another country"))]
        self.fields["track"].choices = [*tracks, ("", _("I choose later: every lesson is asked of me until then"))]
        if not tracks:
            del self.fields["track"]

    def clean_country(self) -> str | None:
        """Return the code of the country; None for another one."""
        chosen = self.cleaned_data["country"]
        return None if chosen == ELSEWHERE else chosen


class ProgressCodeForm(forms.Form):
    """The code of progress, as somebody types it: in any case, with or without gaps."""

    code = PlainText(
        label=_("Your code"),
        max_length=credentials.LONGEST_TYPED,
        help_text=_(
            "20 letters and digits. Gaps, dashes and small letters make no difference, nor O for 0 or I for 1."
        ),
        error_messages={"required": _("Type the code that you wrote down.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )

    def clean_code(self) -> str:
        """Return what was typed; what cannot be a code is told how one looks, and is no try."""
        typed = self.cleaned_data["code"]
        if not credentials.code_of(typed, credentials.PROGRESS_LENGTH):
            raise ValidationError(
                _("A code of progress has 20 letters and digits, never the letter U. What you typed is none.")
            )
        return typed


class EraseForm(ProgressCodeForm):
    """That erasing is meant, with the code where nobody is known by it, and whether this phone is emptied too."""

    sure = forms.BooleanField(
        label=_("Erase all my progress. I know that nobody can bring it back."),
        error_messages={"required": _("Tick this if you mean it.")},
    )
    phone = forms.BooleanField(label=_("Empty this phone too"), required=False, initial=True)

    def __init__(self, *args, is_known: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["code"]
