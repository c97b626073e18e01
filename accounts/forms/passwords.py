"""What a password must be, in the house's own sentences: Django's are missing in some of our languages."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    """Refuses a short password and says how long it is."""

    def validate(self, password, user=None):
        """Refuse a password with fewer characters than the limit."""
        if len(password) < self.min_length:
            raise ValidationError(
                _("Write at least %(limit_value)s characters; there are %(show_value)s now."),
                code="password_too_short",
                params={"limit_value": self.min_length, "show_value": len(password)},
            )


class NotCommon(password_validation.CommonPasswordValidator):
    """Refuses a password that many people use."""

    def get_error_message(self):
        """Return what is wrong and what to do."""
        return _("Many people use this password. Choose another.")


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    """Refuses a password of digits alone."""

    def get_error_message(self):
        """Return what is wrong and what to do."""
        return _("Digits alone are easy to guess. Add words.")


class NotLikeThePerson(password_validation.UserAttributeSimilarityValidator):
    """Refuses a password that is much like the name or the address."""

    def __init__(self):
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self):
        """Return what is wrong and what to do."""
        return _("This password is too much like the name or the address. Choose another.")


def refuse_two_that_differ(form) -> None:
    """Put a sentence at the second password of a form when it is not the first one again."""
    first, second = form.cleaned_data.get("password1"), form.cleaned_data.get("password2")
    if first and second and first != second:
        form.add_error("password2", _("The two passwords differ. Type the same one twice."))
