"""Who is signed in, read at each request: the session and its account by statements that are compiled once."""

import re
from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend as ByPassword
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from languages.statements import Prepared

KEY = re.compile("[a-z0-9]{32}")


def _sessions(key: str, at: datetime):
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by()


def _accounts(pk: int):
    return User.objects.filter(pk=pk).order_by()


_SESSION = Prepared(_sessions, "key of a session", timezone.now())
_ACCOUNT = Prepared(_accounts, -7)


class SessionStore(db.SessionStore):
    """Sessions in the database, as the framework keeps them; what cannot be the key of one is none, whatever signs it holds."""

    def _get_session_from_db(self):
        rows = _SESSION.objects(self.session_key, timezone.now()) if KEY.fullmatch(self.session_key) else []
        if not rows:
            self._session_key = None
        return rows[0] if rows else None


class AuthenticationBackend(ByPassword):
    """Sign-in by e-mail address and password, as allauth does it."""

    def get_user(self, user_id):
        """Return the account of a session while it may be used."""
        return next((user for user in _ACCOUNT.objects(user_id) if self.user_can_authenticate(user)), None)
