"""The rows of who is on duty: shifts, absences, who is at work beside the roster, all by one statement; and what cuts them."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, CharField, Q, Value
from django.db.models.functions import Coalesce

from hotline import roster
from hotline.choices import Duty
from hotline.models import Absence, OperatorState, Shift
from hotline.queries.lines import LineFacts
from hotline.queries.serving import has_role, serves
from hotline.rules import DESK
from languages.statements import PreparedAt
from training import queries as school
from training.choices import Trained

ABSENT = frozenset({"off", "break", "debrief"})
PRESENT = "present"  # stands for a duty: at work with the console open, without a shift
AWAY = "away"  # stands for a duty: does no shift in this time
STANDS = frozenset({Trained.CURRENT, Trained.REFRESHER_DUE})  # in the ninety days of grace she is counted on
LONGEST_EVER = dt.timedelta(days=7)  # of one shift; the roster takes none of more than sixteen hours
SEEN = dt.timedelta(seconds=90)  # so long a console that was open counts as open
NOW = dt.timedelta(seconds=1)

_COLUMNS = ("user_id", "starts_at", "ends_at", "duty", "language", "spoken", "state", "seen_at", "phone_verified_at",
            "uses_phone", "has_number", "in_browser", "signed_until")  # fmt: skip


OF_SHIFT = (
    "user_id", "starts_at", "ends_at", "duty", "user__language", "user__spoken", "user__operator_state__state",
    "user__operator_state__seen_at", "user__operator_state__phone_verified_at", "user__operator_state__uses_phone",
    Q(user__operator_state__phone__isnull=False), "user__operator_state__in_browser",
    "user__interpreter_profile__signed_until",
)  # fmt: skip


_NO = Value(False, BooleanField())
OF_AWAY = (
    "user_id", "starts_at", "ends_at", Value(AWAY, CharField()), "user__language", "user__spoken",
    Value("", CharField()), "starts_at", "ends_at", _NO, _NO, _NO, "user__interpreter_profile__signed_until",
)  # fmt: skip


def shifts_between(since: dt.datetime, until: dt.datetime):
    """Return the shifts that touch a span; a bound at both ends, so that a call reads none of the years before."""
    begun = {"starts_at__gt": since - LONGEST_EVER, "starts_at__lt": until}
    return Shift.objects.filter(serves(), ends_at__gt=since, **begun).order_by()


def shift_rows(line_id: int, since: dt.datetime, until: dt.datetime):
    """Return the shifts of a line that touch a span, in the columns of all these rows."""
    return shifts_between(since, until).filter(line_id=line_id).values_list(*OF_SHIFT)


def _people_of(rows, countries: Iterable[str]):
    """Return the rows of people of these countries, such that no index of people leads to them.

    A country has thousands of learners and few who work at its line: where the people of the country are looked for
    first, as SQLite would, each call reads them all.
    """
    return rows.alias(home=Coalesce("user__country_id", Value(""))).filter(home__in=list(countries))


def away_between(countries: Iterable[str], since: dt.datetime, until: dt.datetime):
    """Return the absences of people of some countries that touch a span."""
    rows = Absence.objects.filter(starts_at__lt=until, ends_at__gt=since)
    return _people_of(rows, countries).order_by()


def away_rows(countries: Iterable[str], since: dt.datetime, until: dt.datetime):
    """Return who is away between two instants, with as many columns as a shift has."""
    return away_between(countries, since, until).values_list(*OF_AWAY)


def present_since(countries: Iterable[str], since: dt.datetime):
    """Return who of some countries is at work, seen since an instant."""
    rows = OperatorState.objects.filter(has_role(*DESK), seen_at__gt=since)
    return _people_of(rows, countries).exclude(state__in=ABSENT)


def _present_rows(country: str, seen_since: dt.datetime):
    """Return who is at work in a country now, shift or not: from when, and until when she was seen."""
    return present_since([country], seen_since).order_by().values_list(
        "user_id", "since", "seen_at", Value(PRESENT, CharField()), "user__language", "user__spoken", "state",
        "seen_at", "phone_verified_at", "uses_phone", Q(phone__isnull=False), "in_browser",
        "user__interpreter_profile__signed_until",
    )  # fmt: skip


def _rows_now(line_id: int, country: str, at: dt.datetime):
    away, present = away_rows([country], at, at + NOW), _present_rows(country, at - SEEN)
    return shift_rows(line_id, at, at + NOW).union(away, present, all=True)


ROWS_NOW = PreparedAt(_rows_now, -7, "country of a line")


def as_dicts(rows) -> list[dict]:
    """Return rows of these statements by the names of their columns."""
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def without_away(rows: list[dict]) -> list[dict]:
    """Return the shifts without the times at which their people are away; who is at work beside the roster is there."""
    away: dict[int, list[roster.Times]] = {}
    for row in rows:
        if row["duty"] == AWAY:
            away.setdefault(row["user_id"], []).append((row["starts_at"], row["ends_at"]))
    found = []
    for row in rows:
        if row["duty"] == PRESENT:
            found.append(row)
        elif row["duty"] != AWAY:
            left = roster.left_of(row["starts_at"], row["ends_at"], away.get(row["user_id"], ()))
            found += [row | {"starts_at": starts, "ends_at": ends} for starts, ends in left]
    return found


def signed_off(rows: list[dict], zone: ZoneInfo) -> list[dict]:
    """Return the shifts, those of interpreters only as long as their sign-off is in date: nobody else of them is rung."""
    found = []
    for row in rows:
        if row["duty"] != Duty.INTERPRETER:
            found.append(row)
        elif row["signed_until"]:
            until = dt.datetime.combine(row["signed_until"] + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC)
            found += [row | {"ends_at": min(row["ends_at"], until)}] if until > row["starts_at"] else []
    return found


def certified(rows: list[dict], line: LineFacts, since: dt.datetime, until: dt.datetime) -> list[dict]:
    """Return the shifts, where the country asks for it those of operators only while their certificate stands."""
    if not line.course:
        return rows
    held = school.certified((row["user_id"] for row in rows), since, until).stretches
    found = []
    for row in rows:
        standing = [one for one in held.get((line.course, row["user_id"]), ()) if one.state in STANDS]
        if row["duty"] == Duty.INTERPRETER or (row["duty"] == PRESENT and standing):
            found.append(row)
            continue
        for one in standing:
            starts = max(row["starts_at"], one.begins)
            ends = min(row["ends_at"], one.ends or row["ends_at"])
            if row["duty"] != PRESENT and starts < ends:
                found.append(row | {"starts_at": starts, "ends_at": ends})
    return found
