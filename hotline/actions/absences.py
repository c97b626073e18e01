"""Writes of who is away: told by a person of herself, or by a supervisor of her people."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.models import Absence

LONGEST = timedelta(days=366)


class AbsenceRefused(Exception):
    """Raised when a time away cannot stand: it ends before it begins, is over, or is longer than a year; choose other days."""


class AlreadyAway(Exception):
    """Raised when the whole of a time lies in one that is written down already, `absence`; nothing was written."""

    def __init__(self, absence: Absence):
        super().__init__(str(absence))
        self.absence = absence


@transaction.atomic
def note_absence(*, user: User, starts_at: datetime, ends_at: datetime, by: User, at: datetime) -> Absence:
    """Write down that somebody does no shift in a time; the router and the proof count on her no more.

    One time away takes in those that lie in it, and one that lies in another is not written (AlreadyAway): taken back,
    none leaves another.
    """
    if ends_at <= starts_at or ends_at <= at or ends_at - starts_at > LONGEST:
        raise AbsenceRefused
    User.objects.select_for_update(of=("self",), no_key=True).get(
        pk=user.pk
    )  # of two that are sent at once, the second finds the first
    if known := Absence.objects.filter(user=user, starts_at__lte=starts_at, ends_at__gte=ends_at).first():
        raise AlreadyAway(known)
    taken_in = _taken_in(user, starts_at, ends_at)
    absence = Absence.objects.create(user=user, starts_at=starts_at, ends_at=ends_at, made_at=at)
    for one in taken_in:
        _record("hotline.absence_ended", one, by, at)
    _record("hotline.absence_noted", absence, by, at)
    return absence


def _taken_in(user: User, starts_at: datetime, ends_at: datetime) -> list[Absence]:
    """Take away the times that lie in another; return them as they were."""
    rows = Absence.objects.filter(user=user, starts_at__gte=starts_at, ends_at__lte=ends_at).select_related("user")
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    Absence.objects.filter(pk__in=[one.pk for one in found]).delete()
    return found


@transaction.atomic
def end_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """Take a time away back: one that is to come goes, one that runs now ends now, one that is over stays."""
    absence = (
        Absence.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(pk=absence.pk)
        .first()
    )
    if absence is None or absence.ends_at <= at:
        return
    _record("hotline.absence_ended", absence, by, at)
    if absence.starts_at < at:
        Absence.objects.filter(pk=absence.pk).update(ends_at=at)
    else:
        absence.delete()


def _record(verb: str, absence: Absence, by: User, at: datetime) -> None:
    accounts.record(
        by=by, verb=verb, thing=absence.user, at=at, country=absence.user.country_id or "",
        starts=absence.starts_at.isoformat(), ends=absence.ends_at.isoformat(),
    )  # fmt: skip
