"""Who is on duty, for the live router, the console and the proof of the roster."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from hotline import roster
from hotline.choices import SHIELDED, Duty, Presence
from hotline.models import Absence, Contact, Line, OperatorState, Shift
from hotline.queries.lines import LineFacts, memory
from hotline.queries.serving import has_role, serves
from hotline.rules import DESK
from hotline.telephony.providers import browser_access, is_simulated
from languages.statements import Prepared
from training import queries as school
from training.choices import Trained

ABSENT = frozenset({"off", "break", "debrief"})
SEEN_SECONDS = 90
SEEN = dt.timedelta(seconds=SEEN_SECONDS)
PRESENT = "present"  # stands for a duty: at work with the console open, without a shift
AWAY = "away"  # stands for a duty: does no shift in this time
FREE = frozenset({Presence.READY, Presence.OFFERED})
STANDS = frozenset({Trained.CURRENT, Trained.REFRESHER_DUE})  # in the ninety days of grace she is counted on
LONGEST_EVER = dt.timedelta(days=7)  # of one shift; the roster takes none of more than sixteen hours
TELEPHONES = 4  # rung one after the other, twenty seconds each: then the duty phone


def _is_reachable(row: dict, at: dt.datetime, account: str) -> bool:
    """Tell whether somebody on shift can take a call: her console was open lately, and a call can reach her.

    On the practice network her telephone answers by itself. An interpreter has no console: her telephone is all.
    """
    if row["duty"] == Duty.INTERPRETER:
        return _can_ring(row)
    if row["state"] in ABSENT:
        return False
    seen = row["seen_at"] is not None and at - row["seen_at"] < SEEN
    return is_simulated(account) or (seen and _can_talk(row, account))


def _can_talk(row: dict, account: str) -> bool:
    """Tell whether an operator's calls reach her: by her telephone, or in the browser where the account lets them."""
    return _can_ring(row) or bool(row["in_browser"] and browser_access(account))


def _can_ring(row: dict) -> bool:
    return bool(row["phone_verified_at"] and row["uses_phone"] and row["has_number"])


_COLUMNS = ("user_id", "starts_at", "ends_at", "duty", "language", "spoken", "state", "seen_at", "phone_verified_at",
            "uses_phone", "has_number", "in_browser", "signed_until")  # fmt: skip


_OF_SHIFT = (
    "user_id", "starts_at", "ends_at", "duty", "user__language", "user__spoken", "user__operator_state__state",
    "user__operator_state__seen_at", "user__operator_state__phone_verified_at", "user__operator_state__uses_phone",
    Q(user__operator_state__phone__isnull=False), "user__operator_state__in_browser",
    "user__interpreter_profile__signed_until",
)  # fmt: skip


_NO = Value(False, BooleanField())
_OF_AWAY = (
    "user_id", "starts_at", "ends_at", Value(AWAY, CharField()), "user__language", "user__spoken",
    Value("", CharField()), "starts_at", "ends_at", _NO, _NO, _NO, "user__interpreter_profile__signed_until",
)  # fmt: skip


def _shifts(since: dt.datetime, until: dt.datetime):
    """Return the shifts that touch a span; a bound at both ends, so that a call reads none of the years before."""
    begun = {"starts_at__gt": since - LONGEST_EVER, "starts_at__lt": until}
    return Shift.objects.filter(serves(), ends_at__gt=since, **begun).order_by()


def _shift_rows(line_id: int, since: dt.datetime, until: dt.datetime):
    return _shifts(since, until).filter(line_id=line_id).values_list(*_OF_SHIFT)


def _people_of(rows, countries: Iterable[str]):
    """Return the rows of people of these countries, such that no index of people leads to them.

    A country has thousands of learners and few who work at its line: where the people of the country are looked for
    first, as SQLite would, each call reads them all.
    """
    return rows.alias(home=Coalesce("user__country_id", Value(""))).filter(home__in=list(countries))


def _away(countries: Iterable[str], since: dt.datetime, until: dt.datetime):
    rows = Absence.objects.filter(starts_at__lt=until, ends_at__gt=since)
    return _people_of(rows, countries).order_by()


def _away_rows(countries: Iterable[str], since: dt.datetime, until: dt.datetime):
    """Return who is away between two instants, with as many columns as a shift has."""
    return _away(countries, since, until).values_list(*_OF_AWAY)


def _seen(countries: Iterable[str], since: dt.datetime):
    rows = OperatorState.objects.filter(has_role(*DESK), seen_at__gt=since)
    return _people_of(rows, countries).exclude(state__in=ABSENT)


def _present_rows(country: str, seen_since: dt.datetime):
    """Return who is at work in a country now, shift or not: from when, and until when she was seen."""
    return _seen([country], seen_since).order_by().values_list(
        "user_id", "since", "seen_at", Value(PRESENT, CharField()), "user__language", "user__spoken", "state",
        "seen_at", "phone_verified_at", "uses_phone", Q(phone__isnull=False), "in_browser",
        "user__interpreter_profile__signed_until",
    )  # fmt: skip


def _rows_now(line_id: int, since: dt.datetime, until: dt.datetime, country: str, seen_since: dt.datetime):
    away, present = _away_rows([country], since, until), _present_rows(country, seen_since)
    return _shift_rows(line_id, since, until).union(away, present, all=True)


_MARK = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_MARKS = (-7, _MARK, _MARK + dt.timedelta(days=1))
_NOW = Prepared(_rows_now, *_MARKS, "country of a line", _MARK + dt.timedelta(days=2))


def _as_dicts(rows) -> list[dict]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def _at_work(line: LineFacts, at: dt.datetime) -> list[dict]:
    """Return the shifts that run now, and as an operator's shift whoever else is at work with the console open."""
    found = _as_dicts(_NOW.rows(line.id, at, at + dt.timedelta(seconds=1), line.country, at - SEEN))
    rows = _certified(_signed(_without_away(found), line.hours.zone), line, at, at + dt.timedelta(seconds=1))
    rostered = {row["user_id"] for row in rows if row["duty"] != PRESENT and row["starts_at"] <= at < row["ends_at"]}
    return [row if row["duty"] != PRESENT else _as_shift(row) for row in rows
            if row["duty"] != PRESENT or row["user_id"] not in rostered]  # fmt: skip


def _without_away(rows: list[dict]) -> list[dict]:
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


def _signed(rows: list[dict], zone: ZoneInfo) -> list[dict]:
    """Return the shifts, those of interpreters only as long as their sign-off is in date: nobody else of them is rung."""
    found = []
    for row in rows:
        if row["duty"] != Duty.INTERPRETER:
            found.append(row)
        elif row["signed_until"]:
            until = dt.datetime.combine(row["signed_until"] + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC)
            found += [row | {"ends_at": min(row["ends_at"], until)}] if until > row["starts_at"] else []
    return found


def _certified(rows: list[dict], line: LineFacts, since: dt.datetime, until: dt.datetime) -> list[dict]:
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


def _as_shift(row: dict) -> dict:
    return row | {"duty": Duty.OPERATOR, "ends_at": row["seen_at"] + SEEN}


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
    """Who can be counted on at one instant: by the roster, or at work beside it. Read at the first question, once.

    For a contact that is hidden from some of them, they are not there.
    """

    def __init__(self, line: LineFacts, at: dt.datetime, contact: Contact | None = None):
        self.line, self.at, self.contact = line, at, contact

    @cached_property
    def _rows(self) -> list[dict]:
        rows = _at_work(self.line, self.at)
        named = self.contact.named_among(row["user_id"] for row in rows) if self.contact else frozenset()
        return [row for row in rows if row["user_id"] not in named]

    def is_left_to_nobody(self) -> bool:
        """Tell whether the contact is hidden, and nobody on duty is left who could answer it: then no room is waited in."""
        is_hidden = self.contact is not None and SHIELDED in self.contact.flag_codes
        return is_hidden and self.targets(self.contact.language or self.line.first_language).kind == "nobody"

    def targets(self, language: str) -> roster.Targets:
        """Return who can answer a caller of a language."""
        facts = [_facts(row, _is_reachable(row, self.at, self.line.account)) for row in self._rows]
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
    return on_duty_by_line([line], at)[line.pk]


def on_duty_by_line(lines: Iterable[Line], at: dt.datetime) -> dict[int, list[Shift]]:
    """Return the shifts that run at an instant on each of some lines, all in one query."""
    found: dict[int, list[Shift]] = {line.pk: [] for line in lines}
    away = Absence.objects.filter(user=OuterRef("user"), starts_at__lte=at, ends_at__gt=at)
    rows = Shift.objects.filter(serves(), ~Exists(away), line__in=list(found), starts_at__lte=at, ends_at__gt=at)
    for shift in rows.select_related("user", "user__operator_state").order_by("duty", "user__name"):
        found[shift.line_id].append(shift)
    return found


def at_work(countries: Iterable[str], at: dt.datetime) -> list[OperatorState]:
    """Return who of some countries is at work with the console open, by the roster or beside it, with their people."""
    return list(_seen(countries, at - SEEN).select_related("user"))


def operators_on(line: Line, since: dt.datetime, until: dt.datetime) -> list[roster.ShiftFacts]:
    """Return the operators' shifts of a line that run between two instants, with what each speaks, as the router reads it."""
    shifts = _shift_rows(line.pk, since, until).filter(duty=Duty.OPERATOR)
    rows = _as_dicts(shifts.union(_away_rows([line.country_id], since, until), all=True))
    return [_facts(row, is_reachable=True) for row in _without_away(rows)]


def roster_gaps(line: Line, at: dt.datetime, days: int = 14) -> list[roster.Gap]:
    """Return every time of the next days at which a caller of a published language would find nobody of it.

    On a live line an operator whom no call can reach is nobody.
    """
    return gaps_by_line([line], at, days)[line.pk]


def gaps_by_line(lines: Iterable[Line], at: dt.datetime, days: int = 14) -> dict[int, list[roster.Gap]]:
    """Return the gaps of some lines, their shifts read in one query; a line that nobody can call yet has none to tell."""
    known = memory().by_id
    facts = {line.pk: known[line.pk] for line in lines if line.pk in known}
    until, countries = at + dt.timedelta(days=days), {line.country for line in facts.values()}
    shifts = _shifts(at, until).filter(line__in=list(facts)).values_list(*_OF_SHIFT, "line_id")
    rows = list(shifts.union(_away(countries, at, until).values_list(*_OF_AWAY, Value(0)), all=True))
    away = [row[:-1] for row in rows if not row[-1]]
    of_line = {pk: _as_dicts([*away, *(row[:-1] for row in rows if row[-1] == pk)]) for pk in facts}
    signed = {pk: _signed(_without_away(found), facts[pk].hours.zone) for pk, found in of_line.items()}
    counted = {pk: _certified(found, facts[pk], at, until) for pk, found in signed.items()}
    return {pk: _gaps(facts[pk], found, at, days) for pk, found in counted.items()}


def _is_counted(row: dict, account: str) -> bool:
    """Tell whether the proof counts on somebody's shift: an interpreter needs a telephone of her own on any line."""
    if row["duty"] == Duty.INTERPRETER:
        return _can_ring(row)
    return is_simulated(account) or _can_talk(row, account)


def _gaps(line: LineFacts, rows: list[dict], at: dt.datetime, days: int) -> list[roster.Gap]:
    shifts = [_facts(row, _is_counted(row, line.account)) for row in rows]
    return roster.proof(line.hours, shifts, [code for _key, code in line.languages], at, days)
