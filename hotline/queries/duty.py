"""Who is on duty, for the live router, the console and the proof of the roster."""

import datetime as dt
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from hotline import roster
from hotline.choices import Duty, Presence
from hotline.models import Line, OperatorState, Shift
from hotline.queries.lines import LineFacts, memory
from hotline.telephony.providers import is_simulated
from languages.statements import Prepared

ABSENT = frozenset({"off", "break", "debrief"})
SEEN_SECONDS = 90
FREE = frozenset({Presence.READY, Presence.OFFERED})
TELEPHONES = 4  # rung one after the other, twenty seconds each: then the duty phone


def _is_reachable(row: dict, at: dt.datetime, by_itself: bool) -> bool:
    """Tell whether somebody on shift can take a call: her console was open lately, and a telephone of hers can ring.

    On the practice network her telephone answers by itself.
    """
    if row["state"] in ABSENT:
        return False
    seen = row["seen_at"] is not None and at - row["seen_at"] < dt.timedelta(seconds=SEEN_SECONDS)
    return by_itself or (seen and _can_ring(row))


def _can_ring(row: dict) -> bool:
    return bool(row["phone_verified_at"] and row["uses_phone"] and row["has_number"])


_COLUMNS = ("user_id", "starts_at", "ends_at", "duty", "language", "spoken", "state", "seen_at", "phone_verified_at",
            "uses_phone", "has_number")  # fmt: skip


def _shift_rows(line_id: int, since: dt.datetime, until: dt.datetime):
    rows = Shift.objects.filter(line_id=line_id, starts_at__lt=until, ends_at__gt=since, user__is_active=True)
    return rows.order_by().values_list(
        "user_id", "starts_at", "ends_at", "duty", "user__language", "user__spoken", "user__operator_state__state",
        "user__operator_state__seen_at", "user__operator_state__phone_verified_at", "user__operator_state__uses_phone",
        Q(user__operator_state__phone__isnull=False),
    )  # fmt: skip


_MARK = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_SHIFTS = Prepared(_shift_rows, -7, _MARK, _MARK + dt.timedelta(days=1))


def _shifts(line_id: int, since: dt.datetime, until: dt.datetime) -> list[dict]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in _SHIFTS.rows(line_id, since, until)]


def _facts(row: dict, is_reachable: bool) -> roster.ShiftFacts:
    languages = tuple(dict.fromkeys([row["language"], *row["spoken"].split()]))
    return roster.ShiftFacts(row["user_id"], row["starts_at"], row["ends_at"], languages, row["duty"], is_reachable)


def last_talk(user) -> dt.datetime | None:
    """Return until when a person was on a call: now while one goes on, else when the last one ended, its sheet open."""
    row = OperatorState.objects.filter(user_id=user.pk).values("state", "since").first()
    if row is None or row["state"] not in (Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP):
        return None
    return row["since"] if row["state"] == Presence.WRAP_UP else timezone.now()


class OnDuty:
    """Who is on duty on a line at one instant: the roster is read at the first question, once."""

    def __init__(self, line: LineFacts, at: dt.datetime):
        self.line, self.at = line, at

    @cached_property
    def _rows(self) -> list[dict]:
        return _shifts(self.line.id, self.at, self.at + dt.timedelta(seconds=1))

    def targets(self, language: str) -> roster.Targets:
        """Return who can answer a caller of a language."""
        by_itself = is_simulated(self.line.account)
        facts = [_facts(row, _is_reachable(row, self.at, by_itself)) for row in self._rows]
        return roster.targets(facts, language, self.at)

    def telephones(self, language: str) -> tuple[int, ...]:
        """Return the people whose verified telephones a document rings by itself, in their order.

        Those who speak the language, else all others who are free. Whether the console is open does not count.
        """
        facts = [_facts(row, row["state"] in FREE and _can_ring(row)) for row in self._rows]
        found = roster.targets(facts, language, self.at)
        return (found.speakers or found.others)[:TELEPHONES]


def targets_now(line: LineFacts, language: str, at: dt.datetime) -> roster.Targets:
    """Return who can answer a caller of a language at this instant: one query."""
    return OnDuty(line, at).targets(language)


def on_duty(line: Line, at: dt.datetime) -> list[Shift]:
    """Return the shifts that run at an instant, with their people and what these are doing."""
    rows = Shift.objects.filter(line=line, starts_at__lte=at, ends_at__gt=at, user__is_active=True)
    return list(rows.select_related("user", "user__operator_state").order_by("duty", "user__name"))


def roster_gaps(line: Line, at: dt.datetime, days: int = 14) -> list[roster.Gap]:
    """Return every time of the next days at which a caller of a published language would find nobody of it.

    On a live line an operator without a verified telephone is nobody.
    """
    facts = memory().by_id[line.pk]
    until, by_itself = at + dt.timedelta(days=days), is_simulated(facts.account)
    shifts = [
        _facts(row, by_itself or row["duty"] != Duty.OPERATOR or _can_ring(row)) for row in _shifts(line.pk, at, until)
    ]
    return roster.proof(facts.hours, shifts, [code for _key, code in facts.languages], at, days)
