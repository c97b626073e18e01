"""Who is signed in, read at each request: the session and its account by statements that are compiled once.

A page that asks by itself, every two seconds, has both by one statement: whose session it was the last time is kept in
memory as a guess. What the session says now is what counts; where it names another account, that one is read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend as ByPassword
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.utils import timezone

from accounts.models import User
from languages.statements import Prepared

KEY = re.compile("[a-z0-9]{32}")


def _sessions(key: str, at: datetime):
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by()


def _accounts(pk: int):
    return User.objects.filter(pk=pk).order_by()


def _accounts_with_session(pk: int, key: str, at: datetime):
    return _accounts(pk).annotate(session_data=Subquery(_sessions(key, at).values("session_data")[:1]))


_SESSION = Prepared(_sessions, "key of a session", timezone.now())
_ACCOUNT = Prepared(_accounts, -7)
_BOTH = Prepared(_accounts_with_session, -7, "key of a session", timezone.now())
_READ: ContextVar[User | None] = ContextVar("account that was read with the session", default=None)
_WHOSE: dict[str, int] = {}
MOST_KEPT = 5000


class SessionStore(db.SessionStore):
    """Sessions in the database, as the framework keeps them; what cannot be the key of one is none, whatever signs it holds."""

    guess: int | None = None
    account: User | None = None

    def _get_session_from_db(self):
        row = self._row() if KEY.fullmatch(self.session_key) else None
        if row is None:
            self._session_key = None
        return row

    def _row(self) -> Session | None:
        """Return the row of the session; with a guess whose it is, that account by the same statement."""
        at = timezone.now()
        if self.guess is None or not (found := _BOTH.objects(self.guess, self.session_key, at)):
            return next(iter(_SESSION.objects(self.session_key, at)), None)
        self.account = found[0]
        data = self.account.__dict__.pop("session_data")
        return Session(session_key=self.session_key, session_data=data) if data is not None else None


@contextmanager
def read_at_once(session: SessionStore) -> Iterator[None]:
    """Read a session and its account by one statement, for whoever asks inside who is signed in."""
    key = session.session_key
    session.guess = _WHOSE.get(key)
    session.get("_auth_user_id")
    read = _READ.set(session.account)
    try:
        yield
    finally:
        _READ.reset(read)
        session.guess = session.account = None


def keep_whose(session: SessionStore, user: User) -> None:
    """Remember whose session it was, as a guess for the next time."""
    if len(_WHOSE) >= MOST_KEPT:
        _WHOSE.clear()
    _WHOSE[session.session_key] = user.pk


class AuthenticationBackend(ByPassword):
    """Sign-in by e-mail address and password, as allauth does it."""

    def get_user(self, user_id):
        """Return the account of a session while it may be used."""
        read = _READ.get()
        found = [read] if read is not None and read.pk == user_id else _ACCOUNT.objects(user_id)
        return next((user for user in found if self.user_can_authenticate(user)), None)
