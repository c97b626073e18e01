"""How allauth behaves in this house: no open sign-up, counted attempts, letters by outbox, sealed second factors."""

import uuid
from pathlib import PurePath

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import actions, queries
from accounts.choices import NOTICES
from accounts.models import User

FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation or import; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask the administrator of your programme."),
        "email_password_mismatch": _("The e-mail address and the password do not fit together. Look at both again."),
        "incorrect_password": _("This is not your password. Try again, or choose a new one by e-mail."),
        "enter_current_password": _("This is not your password. Try again, or choose a new one by e-mail."),
        "too_many_login_attempts": _("Too many attempts. Wait ten minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait ten minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        """Return no: accounts are made by invitation."""
        return False

    def is_safe_url(self, url):
        """Return whether `next` is a page of ours."""
        return bool(url) and queries.is_our_path(url)

    def get_login_redirect_url(self, request):
        """Return the page on which this person works."""
        return queries.home_for(request.user)

    def get_password_change_redirect_url(self, request):
        """Return the person's own page."""
        return queries.profile_url()

    def get_logout_redirect_url(self, request):
        """Return the front page."""
        return queries.front_url()

    def pre_authenticate(self, request, **credentials):
        """Count the attempt by account and by address before any password is compared; over the limit nothing is."""
        email, address = str(credentials.get("email", "")), self.get_client_ip(request)
        if not actions.count_password(email=email, address=address, at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Return no for five minutes after a sign-in: the person has just proved who she is."""
        records = get_authentication_records(self.request, self.request.user)
        if records and timezone.now().timestamp() - records[-1]["at"] < FRESH_SECONDS:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_password_reset_mail(self, user, email, context):
        """Send at most three links an hour to one account; the page answers alike in any case."""
        if actions.count_attempt(key=f"reset:account:{user.public_id}", limit=3, seconds=3600, at=timezone.now()):
            super().send_password_reset_mail(user, email, context)

    def send_mail(self, template_prefix, email, context):
        """Queue a letter in the reader's language; the worker sends it."""
        person = User.objects.filter(email__iexact=email).first()
        language = person.language if person else translation.get_language()
        with translation.override(language):
            letter = NOTICES[template_prefix]
            text = render_to_string("accounts/letters/notice.txt", context | {"letter": letter, "person": person})
            subject = str(letter.subject)
        key = f"account:{PurePath(template_prefix).name}:{uuid.uuid4()}"
        at = timezone.now()
        actions.queue_letter(key=key, to=email, language=language, subject=subject, text=text, at=at, receiver=person)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; seeds are sealed before they are stored."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one and type it at once."),
    }

    def encrypt(self, text):
        """Return the seed sealed with the installation's key."""
        return actions.seal_secret(text)

    def decrypt(self, encrypted_text):
        """Return the seed; a value that cannot be opened raises, and nobody is let in."""
        return actions.open_secret(encrypted_text)

    def get_totp_issuer(self):
        """Return a neutral name for the list in the authenticator app."""
        return "Fanal"

    def build_totp_svg(self, url):
        """Return the picture for the app as a bare SVG element, fit to stand inside the page under the strict policy."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
