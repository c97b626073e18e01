"""Writes of what supervisors keep of interpreters."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.models import InterpreterProfile


@transaction.atomic
def set_profile(
    *,
    user: User,
    signed_until: date | None,
    known_in: Iterable[int],
    group: str,
    employer: str,
    by: User,
    at: datetime,
) -> InterpreterProfile:
    """Keep what decides whether an interpreter is rung. The audit log says that it changed, never what."""
    values = {"signed_until": signed_until, "group": group, "employer": employer, "changed_at": at}
    profile, _made = InterpreterProfile.objects.update_or_create(user=user, defaults=values)
    profile.known_in.set(known_in)
    accounts.record(by=by, verb="hotline.interpreter_set", thing=user, at=at, country=user.country_id or "")
    return profile
