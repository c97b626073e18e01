"""allauth's forms in this house's words, with limits of length and of attempts."""

import string
import unicodedata

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import actions
from accounts.forms.passwords import refuse_two_that_differ
from accounts.sealing import SealError
from languages.text import latin_digits

LABELS = {
    "login": pgettext_lazy("label of a form field", "E-mail"),
    "email": pgettext_lazy("label of a form field", "E-mail"),
    "password": pgettext_lazy("label of a form field", "Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code from the app, or a recovery code"),
    "name": _("Name of this key"),
}
LONGEST = {"login": 254, "email": 254, "code": 20, "name": 100}
HINTS = {"password1": _("At least 12 characters. A sentence of a few words is easy to keep and hard to guess.")}
_ADDRESS = {"invalid": _("Enter the address in full, for example name@office.example.")}
APART = frozenset(string.punctuation + string.whitespace)
ERRORS = {"login": _ADDRESS, "email": _ADDRESS}


class OwnWords:
    """Puts our labels and limits on a form of allauth; a label says more than a placeholder."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            field.error_messages |= ERRORS.get(name, {})
            longest = LONGEST.get(name, 128)
            field.widget.attrs.setdefault("maxlength", longest)
            field.validators = [*field.validators, _no_longer_than(longest)]


def _no_longer_than(longest: int):
    def check(value):
        if isinstance(value, str) and (len(value) > longest or "\0" in value):
            raise ValidationError(
                _("At most %(longest)s characters, without control signs."), params={"longest": longest}, code="long"
            )

    return check


class SignInForm(OwnWords, account.LoginForm):
    """E-mail and password."""


class ResetForm(OwnWords, account.ResetPasswordForm):
    """The address to which a link for a new password goes."""

    def clean(self):
        """Refuse the twenty-first request of an hour from one address of the network."""
        address = account.get_adapter().get_client_ip(account.context.request)
        if not actions.count_attempt(key=f"reset:address:{address}", limit=20, seconds=3600, at=timezone.now()):
            raise ValidationError(_("Too many requests from here. Try again in an hour."), code="limited")
        return super().clean()


class TypedTwice(OwnWords):
    """A new password, typed twice; allauth's own sentence about two that differ is missing in some of our languages."""

    def clean(self):
        """Refuse two passwords that differ, in place of allauth's comparison."""
        cleaned = super(account.PasswordVerificationMixin, self).clean()
        refuse_two_that_differ(self)
        return cleaned


class NewPasswordForm(TypedTwice, account.ResetPasswordKeyForm):
    """A new password after a reset."""


class ChangePasswordForm(TypedTwice, account.ChangePasswordForm):
    """The password now, and a new one."""

    def clean_oldpassword(self):
        """Compare the password now within the limits of the sign-in: a session left open tries no passwords."""
        address = account.get_adapter().get_client_ip(account.context.request)
        if not actions.count_password(email=self.user.email, address=address, at=timezone.now()):
            raise account.get_adapter().validation_error("too_many_login_attempts")
        return super().clean_oldpassword()


class FirstPasswordForm(TypedTwice, account.SetPasswordForm):
    """A password for an account that has none."""


class ConfirmForm(OwnWords, account.ReauthenticateForm):
    """The password again, before something of weight."""


def bare(code: str) -> str:
    """Return a code as allauth compares it: without space and punctuation; digits of other scripts are taken too."""
    plain = latin_digits(code).lower()
    return "".join(sign for sign in plain if sign not in APART and unicodedata.category(sign)[0] not in "ZPC")


class CountedCode(OwnWords):
    """Counts codes by account: five in ten minutes, and no code twice, on every process alike."""

    def clean_code(self):
        """Return the code when it is right, within the limit, and new; however it is spaced, it is one code."""
        at, person = timezone.now(), self.user.public_id
        if not actions.count_attempt(key=f"factor:{person}", limit=5, seconds=600, at=at):
            raise ValidationError(_("Too many codes were tried. Wait ten minutes, then try again."), code="limited")
        self.cleaned_data["code"] = bare(self.cleaned_data["code"])
        code = super().clean_code()
        if not actions.count_attempt(key=f"factor-used:{person}:{code}", limit=1, seconds=86400, at=at):
            raise ValidationError(_("This code was used already. Wait for the next one."), code="used")
        return code


class FactorForm(CountedCode, factor.AuthenticateForm):
    """The second step of signing in."""


class FactorAgainForm(CountedCode, factor.ReauthenticateForm):
    """The second step, asked for again."""


class ActivateForm(CountedCode, ActivateTOTPForm):
    """The first code of a new authenticator app.

    The secret of a picture that may have been scanned stays for half an hour from its first showing, however often and in
    whichever language its page is opened: allauth would make another one each time. The session holds it sealed; where its
    seal key was taken out another one is drawn.
    """

    KEPT_SECONDS = 1800

    def __init__(self, *args, **kwargs):
        session, now = account.context.request.session, int(timezone.now().timestamp())
        kept, drawn_at = session.get(SECRET_SESSION_KEY), session.get("factor_drawn_at")
        super().__init__(*args, **kwargs)
        is_kept = kept and drawn_at is not None and (self.is_bound or 0 <= now - drawn_at <= self.KEPT_SECONDS)
        opened = _opened(kept) if is_kept else None
        self.is_redrawn = bool(is_kept) and opened is None
        if self.is_redrawn:
            self.secret = generate_totp_secret()
        if opened is None:
            kept, session["factor_drawn_at"] = actions.seal_secret(self.secret), now
        self.secret = opened or self.secret
        session[SECRET_SESSION_KEY] = kept
        self.fields["code"].label = _("The six digits that the app shows now")

    def clean_code(self):
        """Return the code when it is right; for a picture that was drawn anew meanwhile nobody can have one yet."""
        if self.is_redrawn:
            raise ValidationError(
                _("This picture is a new one. Scan it, then type the digits that the app shows for it.")
            )
        return super().clean_code()


def _opened(kept: str) -> str | None:
    """Return a secret that a session kept; None where its seal key was taken out meanwhile."""
    try:
        return actions.open_secret(kept)
    except SealError:
        return None


class AddKeyForm(OwnWords, AddWebAuthnForm):
    """A security key with a name."""
