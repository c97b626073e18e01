"""The house's sentences where Django's own validators would speak: they say what to write, not what to ensure."""

from django.core import validators
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    validators.MinValueValidator: _("This must be %(limit_value)s or more."),
    validators.MaxValueValidator: _("This must be %(limit_value)s or less."),
    validators.MinLengthValidator: _("Write at least %(limit_value)s characters; there are %(show_value)s now."),
    validators.MaxLengthValidator: _("Write at most %(limit_value)s characters; there are %(show_value)s now."),
}


def use_own_sentences() -> None:
    """Give every form of the house, and the editor's, the sentences above; a form's own message still wins."""
    for validator, sentence in SENTENCES.items():
        validator.message = sentence
