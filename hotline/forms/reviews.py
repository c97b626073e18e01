"""Forms of quality reviews: ask for one, give it, say that it was seen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE, FreeText
from hotline.actions.reviews import COMMENT_LENGTH, WORDS_LENGTH
from hotline.actions.sheets import QUOTES
from hotline.choices.reviews import CRITERIA, OWN_REASONS, PICK_REASONS, Mark


def refuse_quotes(text: str) -> None:
    """Refuse quotations: what a person of a contact said is nobody's to judge by."""
    if any(mark in text for mark in QUOTES):
        raise ValidationError(
            _(
                "Write what happened in your own words, without quotation marks: quoted words can be used against the person."
            )
        )


class OwnWords(FreeText):
    """A few sentences in the writer's own words."""

    default_validators = [*FreeText.default_validators, refuse_quotes]

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def to_python(self, value):
        """Return the text with one sign for each end of a line, so that its length is what its writer counts."""
        return super().to_python(value).replace("\r\n", "\n")


class AskForm(forms.Form):
    """Why a contact of one's own is to be looked at."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=_("Why you ask"), choices=[CHOOSE, *((one.value, one.label) for one in OWN_REASONS)]
    )
    question = OwnWords(
        label=_("What you would like to know, if you wish"),
        help_text=_("No name, no number, and nothing that the person said."),
        required=False,
        max_length=WORDS_LENGTH,
    )


class PickForm(forms.Form):
    """Whose work on a contact a supervisor looks at, and why."""

    use_required_attribute = False
    person = forms.ChoiceField(label=_("Whose work"))
    reason = forms.ChoiceField(
        label=_("Why you chose it"), choices=[CHOOSE, *((one.value, one.label) for one in PICK_REASONS)]
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(person.public_id), person.get_full_name()) for person in people]


class ReviewForm(forms.Form):
    """How each criterion was met, and a comment to the operator."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, (words, where) in CRITERIA.items():
            self.fields[f"mark_{code}"] = forms.ChoiceField(
                label=words, help_text=where, choices=Mark.choices, widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the four.")},
            )  # fmt: skip
        self.fields["comment"] = OwnWords(
            label=_("To the operator"),
            help_text=_("What went well, and what you would do in another way. Nothing that the person said."),
            max_length=COMMENT_LENGTH,
        )

    @property
    def criteria(self):
        """Return the fields of the criteria, in order."""
        return [self[f"mark_{code}"] for code in CRITERIA]

    @property
    def marks(self) -> dict[str, str]:
        """Return how each criterion was met, by its code."""
        return {code: self.cleaned_data[f"mark_{code}"] for code in CRITERIA}


class SeenForm(forms.Form):
    """What the operator says to a review of her work."""

    answer = OwnWords(label=_("Your answer, if you wish"), required=False, max_length=WORDS_LENGTH)
