"""Who is signed in, read at each request: the session and its account by statements that are compiled once."""

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend as ByPassword
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from languages.statements import Prepared


def _sessions(key: str, at: datetime):
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by()


def _accounts(pk: int):
    return User.objects.filter(pk=pk).order_by()


_SESSION = Prepared(_sessions, "key of a session", timezone.now())
_ACCOUNT = Prepared(_accounts, -7)


class SessionStore(db.SessionStore):
    """Sessions in the database, as the framework keeps them."""

    def _get_session_from_db(self):
        for found in _SESSION.objects(self.session_key, timezone.now()):
            return found
        self._session_key = None
        return None


class AuthenticationBackend(ByPassword):
    """Sign-in by e-mail address and password, as allauth does it."""

    def get_user(self, user_id):
        """Return the account of a session while it may be used."""
        return next((user for user in _ACCOUNT.objects(user_id) if self.user_can_authenticate(user)), None)
