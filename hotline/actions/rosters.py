"""Writes of the roster: shifts, and how a line answers today."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import actions as accounts
from accounts.models import Country, User
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.actions.public_numbers import keep_public_numbers
from hotline.choices import Mode
from hotline.models import DutyRule, Line, Shift
from hotline.queries.flows import verified_numbers
from hotline.queries.serving import may_serve
from hotline.roster import Fault, shift_faults


class ShiftRefused(Exception):
    """Raised when a shift cannot stand; `faults` say why: it ends before it starts, is too long, fills a day, or overlaps."""

    def __init__(self, faults: list[Fault]):
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


class PersonCannotServe(Exception):
    """Raised when a person without the role, of another country or with a closed account is put on the roster."""


@transaction.atomic
def add_shift(
    *, line: Line, user: User, duty: str, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Shift:
    """Put somebody on a line from an instant until an instant; refuse overlaps and more than 16 hours.

    The hours are counted at a stretch and by the days of the line's country.
    """
    if not may_serve(user, duty, line.country_id):
        raise PersonCannotServe(user.email)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    others = Shift.objects.filter(user=user).values_list("starts_at", "ends_at")
    if faults := shift_faults(starts_at, ends_at, others, ZoneInfo(line.country.time_zone)):
        raise ShiftRefused(faults)
    shift = Shift.objects.create(line=line, user=user, duty=duty, starts_at=starts_at, ends_at=ends_at)
    accounts.record(
        by=by,
        verb="hotline.shift_added",
        thing=user,
        at=at,
        country=line.country_id,
        line=str(line.public_id),
        starts=starts_at.isoformat(),
        ends=ends_at.isoformat(),
    )
    return shift


class ShiftEnded(Exception):
    """Raised when a shift that has ended is taken off: who was there then stays as it was."""


class ShiftGone(Exception):
    """Raised when a shift was taken off the roster before; the roster shows what stands."""


@transaction.atomic
def remove_shift(*, shift: Shift, by: User, at: datetime) -> None:
    """Take a shift off the roster: one that is to come goes, of one that runs now what was worked stays."""
    rows = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("line", "user")
    shift = rows.filter(pk=shift.pk).first()
    if shift is None:
        raise ShiftGone
    if shift.ends_at <= at:
        raise ShiftEnded(shift.pk)
    accounts.record(
        by=by,
        verb="hotline.shift_removed",
        thing=shift.user,
        at=at,
        country=shift.line.country_id,
        line=str(shift.line.public_id),
        starts=shift.starts_at.isoformat(),
    )
    if shift.starts_at < at:
        Shift.objects.filter(pk=shift.pk).update(ends_at=at)
    else:
        shift.delete()


class NumberNotVerified(ValueError):
    """Raised when a line would be forwarded to a number that no second person has called."""


@transaction.atomic
def set_mode(*, line: Line, mode: str, by: User, at: datetime, seen: str | None = None, number: str = "") -> Line:
    """Change how a line answers today; who did it and when stays visible on the console.

    `number` is where mode `forward` leads: one of the line's list that a second person has called. `seen` is how it
    answered when the page was opened; without it nobody looked.
    """
    row = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if mode == Mode.FORWARD and number not in verified_numbers(row):
        raise NumberNotVerified(number)
    is_same = row.mode == mode and row.mode_number == (number if mode == Mode.FORWARD else "")
    if seen is not None and row.mode_shown != seen and not is_same:
        raise SavedMeanwhile(by=row.mode_by, theirs=row.get_mode_display(), mine=Mode(mode).label)
    row.mode, row.mode_by, row.mode_at = Mode(mode), accounts.actor_id(by), at
    row.mode_number = number if mode == Mode.FORWARD else ""
    row.save(update_fields=["mode", "mode_number", "mode_by", "mode_at"])
    accounts.record(by=by, verb="hotline.mode_set", thing=row, at=at, country=row.country_id, mode=mode)
    keep_public_numbers(country=row.country_id, by=by, at=at)
    return row


@transaction.atomic
def set_duty_rule(*, country: Country, course: int, key: str, by: User, at: datetime) -> None:
    """Choose of which course an operator of a country must hold the certificate to be counted on; 0 is none."""
    if course:
        DutyRule.objects.update_or_create(country=country, defaults={"course_id": course, "changed_at": at})
    else:
        DutyRule.objects.filter(country=country).delete()
    accounts.record(by=by, verb="hotline.duty_rule_set", thing=country, at=at, country=country.pk, course=key)
