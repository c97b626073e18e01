"""Switching a line off and on. Who calls a line that is off hears which number to call instead."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.actions.lines import ChangedMeanwhile
from hotline.actions.public_numbers import keep_public_numbers
from hotline.models import Line
from hotline.queries.lines import forget_lines


@transaction.atomic
def switch_off(*, line: Line, reason: str, by, at: datetime, version: int | None = None) -> bool:
    """Take no new call on a line and publish its number no more; return False when it is off already.

    Calls that began before go on, and shifts stay. `version` is the line as the page showed it.
    """
    row = _held(line)
    if not row.is_active:
        return False
    _refuse_unseen(row, version)
    row.is_active, row.off_at, row.off_by, row.off_reason = False, at, accounts.actor_id(by), reason
    _keep(row, by, at)
    accounts.record(by=by, verb="hotline.line_off", thing=row, at=at, country=row.country_id, reason=reason)
    return True


@transaction.atomic
def switch_on(*, line: Line, reason: str, by, at: datetime, version: int | None = None) -> bool:
    """Take calls on a line again as it is set up, and publish its number; return False when it is on already."""
    row = _held(line)
    if row.is_active:
        return False
    _refuse_unseen(row, version)
    row.is_active, row.off_at, row.off_by, row.off_reason = True, None, "", ""
    _keep(row, by, at)
    accounts.record(by=by, verb="hotline.line_on", thing=row, at=at, country=row.country_id, reason=reason)
    return True


def _held(line: Line) -> Line:
    return Line.objects.select_for_update(no_key=True).get(pk=line.pk)


def _refuse_unseen(row: Line, version: int | None) -> None:
    if version not in {None, row.version}:
        raise ChangedMeanwhile(row)


def _keep(row: Line, by, at: datetime) -> None:
    row.version, row.changed_by, row.changed_at = row.version + 1, accounts.actor_id(by), at
    row.save()
    keep_public_numbers(country=row.country_id, by=by, at=at)
    forget_lines()
