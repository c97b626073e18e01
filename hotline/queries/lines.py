"""Lines and the words they speak, kept in the memory of each process for a few seconds.

The voice webhook has six statements and two milliseconds; it reads lines, hours and prompts from here. When the
database is gone the last known lines stay, so that a caller still reaches the duty phone.
"""

import datetime as dt
import hashlib
import time
import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from hotline import callers, roster
from hotline.ivr import Plan
from hotline.models import Block, Contact, DayException, Line, OpeningHours, Prompt, PromptRecording
from hotline.queries.flows import Flows, Version, draft_number, plan_of, read_flows
from hotline.queries.heartbeat import listen
from hotline.telephony.providers import SIMULATED_ACCOUNT
from languages import table

KEPT_SECONDS = 3.0


class OnAccount(Protocol):
    """What stands, or is about to stand, as a line on an account of a telephone provider."""

    @property
    def is_practice(self) -> bool: ...

    @property
    def account(self) -> str: ...


def reachable(line: OnAccount) -> bool:
    """Tell whether a telephone can reach a line: each but a practice line on the account that no network has.

    What can be reached says only what can be heard, whether people in need call it or only the staff do.
    """
    return not (line.is_practice and line.account == SIMULATED_ACCOUNT)


@dataclass(frozen=True)
class LineFacts:
    """What one line is, as a value."""

    id: int
    public_id: uuid.UUID
    country: str
    account: str
    name: str
    number: str
    numbers: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    hours: roster.Hours
    mode: str
    duty_phone: str
    other_number: str
    police_number: str
    sender: str
    whatsapp: str
    is_free: bool
    says_position: bool
    wait_minutes: int
    is_practice: bool
    is_active: bool = True
    off_at: dt.datetime | None = None
    forward_number: str = ""
    flow_id: int | None = None
    plan: Plan = field(default_factory=Plan, compare=False, repr=False)
    is_draft: bool = False
    course: int = 0  # whose certificate an operator must hold to be counted on; 0: none
    minutes: dict[dt.datetime, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_reachable(self) -> bool:
        """Tell whether a telephone can reach the line."""
        return reachable(self)

    @property
    def first_language(self) -> str:
        """Return the language that is said first."""
        return self.languages[0][1]

    def is_off_for(self, began: dt.datetime) -> bool:
        """Tell whether a call that began at an instant finds the line switched off; one that began before goes on."""
        return not self.is_active and (self.off_at is None or began >= self.off_at)

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether the line is open; hours begin at whole minutes, so a minute is judged once."""
        minute = at.replace(second=0, microsecond=0)
        known = self.minutes.get(minute)
        if known is None:
            known = roster.is_open(self.hours, minute)
            self.minutes.clear()
            self.minutes[minute] = known
        return known


@dataclass(frozen=True)
class Heard:
    """A recording that callers hear, and whether the prompt's words changed since it was made."""

    content_hash: str
    is_stale: bool
    source_digest: str = ""


@dataclass
class Memory:
    """Lines by the numbers they answer, words by prompt, recordings by line (0: shared), prompt and language.

    A line that is switched off is here too: it still says which number to call instead. `by_flow` holds lines as calls
    under way began with them, and drafts, which are dialled under a number of their own where calls are practised.
    `blocks`: until when a number is kept out of a country's queues.

    Several threads read it at once: it is never changed, a newer one takes its place.
    """

    lines: dict[str, LineFacts] = field(default_factory=dict)
    by_id: dict[int, LineFacts] = field(default_factory=dict)
    by_flow: dict[int, LineFacts] = field(default_factory=dict)
    drafts: dict[str, LineFacts] = field(default_factory=dict)
    blocks: dict[tuple[str, str], dt.datetime] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    recordings: dict[tuple[int, str, str], tuple[Heard, ...]] = field(default_factory=dict)
    read_at: float = 0.0

    @cached_property
    def lines_with_callers(self) -> list[LineFacts]:
        """Return the lines that callers can reach, each once; lines to practise on speak voices that no caller hears."""
        real = {line.id: line for line in self.lines.values() if not line.is_practice and line.languages}
        return list(real.values())

    @cached_property
    def fallback_line(self) -> LineFacts | None:
        """Return a line that stands for all, for the words of a call to an unknown number; None where none does.

        All that callers can reach say the same language first.
        """
        real = self.lines_with_callers
        return real[0] if len({line.first_language for line in real}) == 1 else None


_memory = Memory()


def forget_lines() -> None:
    """Read lines and prompts anew at the next request; called after they were edited."""
    _memory.read_at = 0.0


def memory() -> Memory:
    """Return what is known of lines and prompts, read anew when older than three seconds."""
    global _memory  # one reference is swapped: no thread meets half a memory
    known = _memory
    if time.monotonic() - known.read_at > KEPT_SECONDS or not known.read_at:
        known = _memory = _read()
    return known


def last_known() -> Memory:
    """Return the last lines read, without asking the database."""
    return _memory


def facts_now(country: str = "", *, with_off: bool = False, flows: Flows | None = None) -> list[LineFacts]:
    """Return the active lines, of one country or of all, as they are written now; those switched off only when asked."""
    hours: dict[int, dict[int, list[roster.Span]]] = {}
    for row in OpeningHours.objects.all():
        spans = hours.setdefault(row.line_id, {}).setdefault(row.weekday, [])
        spans.append(roster.Span(row.opens, row.closes))
    exceptions: dict[int, dict[dt.date, list[roster.Span]]] = {}
    for row in DayException.objects.filter(day__gte=timezone.now().date() - dt.timedelta(days=3)):
        spans = exceptions.setdefault(row.line_id, {}).setdefault(row.day, [])
        if row.opens is not None:
            spans.append(roster.Span(row.opens, row.closes))
    lines = Line.objects.select_related("country__duty_rule").prefetch_related("country__holidays")
    lines = lines if with_off else lines.filter(is_active=True)
    lines = lines.filter(country_id=country) if country else lines
    live = (flows or read_flows()).live
    return [_facts(line, hours.get(line.pk, {}), exceptions.get(line.pk, {}), live.get(line.pk)) for line in lines]


def _read() -> Memory:
    flows = read_flows()
    facts, words = facts_now(with_off=True, flows=flows), _words()
    by_id = {line.id: line for line in facts}
    drafts = {one.id: _draft(by_id[one.line_id], one) for one in flows.drafts if one.line_id in by_id}
    ended = {one.id: _as_begun(by_id[one.line_id], one) for one in flows.ended if one.line_id in by_id}
    listen()
    blocked = Block.objects.filter(lifted_at=None, until__gt=timezone.now())
    return Memory(
        lines=_by_number(facts),
        by_id=by_id,
        by_flow=ended | drafts,
        drafts={callers.called_number(line.number): line for line in drafts.values()},
        blocks={(one[0], one[1]): one[2] for one in blocked.values_list("country_id", "number_index", "until")},
        words=words,
        recordings=_recordings(words),
        read_at=time.monotonic(),
    )


def _as_begun(line: LineFacts, version: Version) -> LineFacts:
    """Return a line as a call under way began with it: keys and menus of then, the numbers that are right now."""
    now = {name: getattr(line.plan, name) for name in ("duty_phone", "other_number", "police_number")}
    plan = replace(version.plan, **now)
    heard = {"languages": plan.languages or line.languages, "says_position": plan.says_position}
    return replace(line, flow_id=version.id, plan=plan, wait_minutes=plan.wait_minutes, minutes=line.minutes, **heard)


def _draft(line: LineFacts, version: Version) -> LineFacts:
    """Return a line as its draft would be, on the practice network, whatever is missing in it."""
    plan = version.plan
    numbers = {name: getattr(plan, name) for name in ("duty_phone", "other_number", "police_number")}
    return replace(
        _as_begun(line, version), account=SIMULATED_ACCOUNT, number=draft_number(version.id), plan=plan,
        is_practice=True, is_active=True, is_draft=True, off_at=None, **numbers,
    )  # fmt: skip


def _by_number(facts: list[LineFacts]) -> dict[str, LineFacts]:
    """Return the lines by what may be called: the numbers they answer, then the numbers from which their texts come."""
    found = {number: line for line in facts for number in line.numbers}
    for line in sorted(facts, key=lambda one: not one.is_active):
        for sender in (line.sender, line.whatsapp):
            for number in callers.answered_as(sender):
                found.setdefault(number, line)
    return found


def _recordings(words: dict[str, dict[str, str]]) -> dict[tuple[int, str, str], tuple[Heard, ...]]:
    rows = PromptRecording.objects.filter(heard_at__isnull=False, retired_at__isnull=True).order_by("pk")
    columns = ("line_id", "prompt__key", "language", "content_hash", "source_digest")
    found: dict[tuple[int, str, str], tuple[Heard, ...]] = {}
    for line, key, code, content, digest in rows.values_list(*columns):
        is_stale = digest != source_digest(words.get(key, {}).get(code, ""))
        found[line or 0, key, code] = (*found.get((line or 0, key, code), ()), Heard(content, is_stale, digest))
    return found


def source_digest(text: str) -> str:
    """Return the digest that tells whether a prompt's words changed since it was recorded."""
    return hashlib.sha256(text.encode()).hexdigest()


def _words() -> dict[str, dict[str, str]]:
    columns = {code: build_localized_fieldname("text", code) for code in table.CODES}
    rows = Prompt.objects.values("key", *columns.values())
    return {row["key"]: {code: row[column] for code, column in columns.items() if row[column]} for row in rows}


def _facts(line: Line, week: dict, exceptions: dict, flow: Version | None) -> LineFacts:
    country = line.country
    hours = roster.Hours(
        time_zone=country.time_zone,
        week={day: tuple(spans) for day, spans in week.items()},
        exceptions={day: tuple(spans) for day, spans in exceptions.items()},
        holidays=frozenset(holiday.day for holiday in country.holidays.all()),
        opens_on_holidays=line.opens_on_holidays,
    )
    return LineFacts(
        id=line.pk, public_id=line.public_id, country=country.code, account=line.account, name=line.name, number=line.number,
        numbers=tuple(line.numbers.split()), languages=tuple(line.languages), hours=hours, mode=line.mode,
        duty_phone=line.duty_phone, other_number=line.other_number, police_number=line.police_number,
        sender=line.sender, whatsapp=line.whatsapp, is_free=line.is_free, says_position=line.says_position,
        wait_minutes=line.wait_minutes, is_practice=line.is_practice, is_active=line.is_active, off_at=line.off_at,
        course=getattr(getattr(country, "duty_rule", None), "course_id", 0),
        forward_number=line.mode_number, flow_id=flow.id if flow else None, plan=plan_of(line, flow.plan if flow else None),
    )  # fmt: skip


def week_of(line: Line) -> dict[int, list[tuple[dt.time, dt.time]]]:
    """Return when a line is open on each weekday, as it is written now."""
    week: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for row in line.hours.all():
        week.setdefault(row.weekday, []).append((row.opens, row.closes))
    return week


def days_version(line: Line) -> str:
    """Return a mark of the days that differ, as they are written now: another mark is another list."""
    rows = line.exceptions.order_by("pk").values_list("pk", "day", "opens", "closes", "note")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:32]


def line_called(number: str) -> LineFacts | None:
    """Return the line that answers a called number (hotline.callers.called_number), or None."""
    known = memory()
    return answering(known.lines, number) or known.drafts.get(number)


def answering(lines: dict[str, LineFacts], number: str) -> LineFacts | None:
    """Return the line among `lines` that answers a called number, with its + or without."""
    return lines.get(number) or (lines.get(f"+{number}") if number.isdigit() else None)


def line_by_id(key: int | None) -> LineFacts | None:
    """Return a line by its key; None for a contact without a line."""
    return memory().by_id.get(key) if key else None


def line_of_contact(contact: Contact) -> LineFacts | None:
    """Return the line of a contact as its call began with it; None for a contact without a line."""
    return memory().by_flow.get(contact.flow_id) or line_by_id(contact.line_id)


def last_known_line(number: str) -> LineFacts | None:
    """Return the line of a number from memory only: a database that is away or locked is not asked again."""
    return answering(last_known().lines, number)
