"""Who is on duty, for the live router, the console and the proof of the roster."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils import timezone

from hotline import roster
from hotline.choices import SHIELDED, Duty, Presence
from hotline.models import Absence, Contact, Line, OperatorState, Shift
from hotline.queries.browsers import tried_lately
from hotline.queries.duty_rows import (
    ABSENT,
    LONGEST_EVER,
    NOW,
    OF_AWAY,
    OF_SHIFT,
    PRESENT,
    ROWS_NOW,
    SEEN,
    as_dicts,
    away_between,
    away_rows,
    certified,
    present_since,
    shift_rows,
    shifts_between,
    signed_off,
    without_away,
)
from hotline.queries.lines import LineFacts, memory
from hotline.queries.serving import serves
from hotline.telephony.providers import browser_access, is_simulated
from languages.statements import PreparedAt

FREE = frozenset({Presence.READY, Presence.OFFERED})
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


def _at_work(line: LineFacts, at: dt.datetime) -> list[dict]:
    """Return the shifts that run now, and as an operator's shift whoever else is at work with the console open."""
    found = as_dicts(ROWS_NOW.rows(line.id, line.country, at))
    rows = certified(signed_off(without_away(found), line.hours.zone), line, at, at + NOW)
    rostered = {row["user_id"] for row in rows if row["duty"] != PRESENT and row["starts_at"] <= at < row["ends_at"]}
    return [row if row["duty"] != PRESENT else _as_shift(row) for row in rows
            if row["duty"] != PRESENT or row["user_id"] not in rostered]  # fmt: skip


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
    for shift in _shifts_at(at).filter(line__in=list(found)):
        found[shift.line_id].append(shift)
    return found


def _shifts_at(at: dt.datetime) -> QuerySet[Shift]:
    away = Absence.objects.filter(user=OuterRef("user"), starts_at__lte=at, ends_at__gt=at)
    begun = {"starts_at__gt": at - LONGEST_EVER, "starts_at__lte": at}  # none of the years before is read
    rows = Shift.objects.filter(serves(), ~Exists(away), ends_at__gt=at, **begun)
    return rows.select_related("user", "user__operator_state").order_by("duty", "user__name")


def _shifts_in(country: str, at: dt.datetime) -> QuerySet[Shift]:
    return _shifts_at(at).filter(line__country=country)


def _at_work_in(country: str, at: dt.datetime) -> QuerySet[OperatorState]:
    return present_since([country], at - SEEN).select_related("user")


_SHIFTS, _AT_WORK = PreparedAt(_shifts_in, "country of a line"), PreparedAt(_at_work_in, "country of a line")


def working_in(country: str, at: dt.datetime) -> tuple[list[Shift], list[OperatorState]]:
    """Return the shifts that run on lines of a country, and who is at work with the console open: two queries, as every poll asks."""
    return _SHIFTS.objects(country, at), _AT_WORK.objects(country, at)


def operators_on(line: Line, since: dt.datetime, until: dt.datetime) -> list[roster.ShiftFacts]:
    """Return the operators' shifts of a line that run between two instants, with what each speaks, as the router reads it."""
    shifts = shift_rows(line.pk, since, until).filter(duty=Duty.OPERATOR)
    rows = as_dicts(shifts.union(away_rows([line.country_id], since, until), all=True))
    return [_facts(row, is_reachable=True) for row in without_away(rows)]


def roster_gaps(line: Line, at: dt.datetime, days: int = 14) -> list[roster.Gap]:
    """Return every time of the next days at which a caller of a published language would find nobody of it.

    On a live line an operator whom no call can reach is nobody.
    """
    return gaps_by_line([line], at, days)[line.pk]


def gaps_by_line(lines: Iterable[Line], at: dt.datetime, days: int = 14) -> dict[int, list[roster.Gap]]:
    """Return the gaps of some lines, their shifts read in one query; a line that nobody can call yet has none to tell."""
    known = memory().by_id
    return gaps_of({line.pk: known[line.pk] for line in lines if line.pk in known}, at, days)


def gaps_of(facts: dict[int, LineFacts], at: dt.datetime, days: int = 14) -> dict[int, list[roster.Gap]]:
    """Return the gaps of some lines by their keys, as `gaps_by_line` does, of what is known of them already."""
    until, countries = at + dt.timedelta(days=days), {line.country for line in facts.values()}
    shifts = shifts_between(at, until).filter(line__in=list(facts)).values_list(*OF_SHIFT, "line_id")
    rows = list(shifts.union(away_between(countries, at, until).values_list(*OF_AWAY, Value(0)), all=True))
    away = [row[:-1] for row in rows if not row[-1]]
    of_line = {pk: as_dicts([*away, *(row[:-1] for row in rows if row[-1] == pk)]) for pk in facts}
    signed = {pk: signed_off(without_away(found), facts[pk].hours.zone) for pk, found in of_line.items()}
    counted = {pk: certified(found, facts[pk], at, until) for pk, found in signed.items()}
    by_browser = {row["user_id"] for found in counted.values() for row in found if _has_but_a_browser(row)}
    tried = tried_lately(by_browser, at)
    return {pk: _gaps(facts[pk], found, at, days, tried) for pk, found in counted.items()}


def _has_but_a_browser(row: dict) -> bool:
    return bool(row["duty"] == Duty.OPERATOR and row["in_browser"] and not _can_ring(row))


def _is_counted(row: dict, account: str, tried: frozenset[int]) -> bool:
    """Tell whether the proof counts on somebody's shift: an interpreter needs a telephone of her own on any line.

    Whom nothing but a browser reaches is counted on where it was tried lately (`tried_lately`), not because she had one once.
    Who has a verified telephone too is counted on: a browser that was not tried on her shift is no telephone of hers any more
    as soon as she is ready, and hers rings (hotline.actions.operators.begin_shift).
    """
    if row["duty"] == Duty.INTERPRETER:
        return _can_ring(row)
    if _has_but_a_browser(row) and row["user_id"] not in tried:
        return is_simulated(account)
    return is_simulated(account) or _can_talk(row, account)


def _gaps(line: LineFacts, rows: list[dict], at: dt.datetime, days: int, tried: frozenset[int]) -> list[roster.Gap]:
    shifts = [_facts(row, _is_counted(row, line.account, tried)) for row in rows]
    return roster.proof(line.hours, shifts, [code for _key, code in line.languages], at, days)
