"""What follows when somebody signs in or out, or sets up a second factor."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone

from accounts import actions


def connect() -> None:
    """Listen to sign-ins, to sign-outs and to second factors."""
    user_logged_in.connect(start_session, dispatch_uid="accounts.start_session")
    user_logged_out.connect(end_session, dispatch_uid="accounts.end_session")
    user_login_failed.connect(note_failure, dispatch_uid="accounts.note_failure")
    mfa.authenticator_added.connect(accept_new_factor, dispatch_uid="accounts.accept_new_factor")
    mfa.authenticator_removed.connect(note_removed_factor, dispatch_uid="accounts.note_removed_factor")
    mfa.authenticator_used.connect(rotate_session, dispatch_uid="accounts.rotate_session")


def start_session(sender, request, user, **kwargs):
    """Note when the session began, and record the sign-in."""
    at = timezone.now()
    if request is not None and hasattr(request, "session"):
        request.session["began_at"] = request.session["seen_at"] = int(at.timestamp())
    actions.record(by=user, verb="person.signed_in", thing=user, at=at, country=user.country_id or "")


def end_session(sender, request, user, **kwargs):
    """Forget from where and with which browser she was signed in."""
    if user is not None and request.session.session_key:
        actions.forget_session(key=request.session.session_key)


def note_failure(sender, credentials, **kwargs):
    """Record that a sign-in failed, without the address that was tried."""
    actions.record(by="anonymous", verb="person.sign_in_failed", at=timezone.now())


def accept_new_factor(sender, request, user, authenticator, **kwargs):
    """Take the code that proved a new factor as this session's second factor, under a new session id."""
    if authenticator.type != "recovery_codes":
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        _renew(request.session)
    actions.record(by=user, verb="person.factor_added", thing=user, at=timezone.now(), kind=str(authenticator.type))


def note_removed_factor(sender, request, user, authenticator, **kwargs):
    """Record that a second factor was taken away."""
    actions.record(by=user, verb="person.factor_removed", thing=user, at=timezone.now(), kind=str(authenticator.type))


def rotate_session(sender, request, user, **kwargs):
    """Give the session a new id once the second factor was shown."""
    if request.user.is_authenticated:
        _renew(request.session)


def _renew(session) -> None:
    """Give a session a new id, under which it stays among those that her profile lists and ends."""
    before = session.session_key
    session.cycle_key()
    actions.follow_session(key=before, onward=session.session_key)
