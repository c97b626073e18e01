"""Lines and the words they speak, kept in the memory of each process for a few seconds.

The voice webhook has six statements and two milliseconds; it reads lines, hours and prompts from here. When the
database is gone the last known lines stay, so that a caller still reaches the duty phone.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db import DatabaseError
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from hotline import roster
from hotline.models import DayException, Line, OpeningHours, Prompt, PromptRecording
from hotline.telephony import twiml
from languages import table
from languages.voices import voice_for

KEPT_SECONDS = 3.0
SENT = "text_"  # such prompts are never spoken


@dataclass(frozen=True)
class LineFacts:
    """What one line is, as a value."""

    id: int
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
    is_free: bool
    records: bool
    says_position: bool
    wait_minutes: int
    is_practice: bool
    minutes: dict[dt.datetime, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def first_language(self) -> str:
        """Return the language that is said first."""
        return self.languages[0][1]

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether the line is open; hours begin at whole minutes, so a minute is judged once."""
        minute = at.replace(second=0, microsecond=0)
        if minute not in self.minutes:
            self.minutes.clear()
            self.minutes[minute] = roster.is_open(self.hours, minute)
        return self.minutes[minute]

    def opens_at(self, at: dt.datetime) -> str:
        """Return the local time of the next opening as digits to be read, or "" when none is near."""
        change = None if self.is_open(at) else roster.next_change(self.hours, at)
        return f"{change.astimezone(self.hours.zone):%H%M}" if change else ""


@dataclass
class Memory:
    """Lines by the numbers they answer, and prompt cells, as last read."""

    lines: dict[str, LineFacts] = field(default_factory=dict)
    by_id: dict[int, LineFacts] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    recordings: dict[tuple[str, str], str] = field(default_factory=dict)
    read_at: float = 0.0

    @cached_property
    def fallback_line(self) -> LineFacts | None:
        """Return some line, for the words of a call to an unknown number."""
        return next(iter(self.lines.values()), None)


_memory = Memory()


def forget_lines() -> None:
    """Read lines and prompts anew at the next request; called after they were edited."""
    _memory.read_at = 0.0


def memory() -> Memory:
    """Return what is known of lines and prompts, read anew when older than three seconds."""
    if time.monotonic() - _memory.read_at > KEPT_SECONDS or not _memory.read_at:
        fresh = _read()
        _memory.__dict__.clear()
        _memory.__dict__.update(fresh.__dict__)
        _memory.read_at = time.monotonic()
    return _memory


def last_known() -> Memory:
    """Return the last lines read, without asking the database."""
    return _memory


def _read() -> Memory:
    hours: dict[int, dict[int, list[roster.Span]]] = {}
    for row in OpeningHours.objects.all():
        spans = hours.setdefault(row.line_id, {}).setdefault(row.weekday, [])
        spans.append(roster.Span(row.opens, row.closes))
    exceptions: dict[int, dict[dt.date, list[roster.Span]]] = {}
    for row in DayException.objects.filter(day__gte=timezone.now().date() - dt.timedelta(days=3)):
        spans = exceptions.setdefault(row.line_id, {}).setdefault(row.day, [])
        if row.opens is not None:
            spans.append(roster.Span(row.opens, row.closes))
    lines = Line.objects.filter(is_active=True).select_related("country").prefetch_related("country__holidays")
    facts = [_facts(line, hours.get(line.pk, {}), exceptions.get(line.pk, {})) for line in lines]
    return Memory(
        lines={number: line for line in facts for number in line.numbers},
        by_id={line.id: line for line in facts},
        words=_words(),
        recordings={
            (row["prompt__key"], row["language"]): row["content_hash"]
            for row in PromptRecording.objects.filter(heard_at__isnull=False).values(
                "prompt__key", "language", "content_hash"
            )
        },
    )


def _words() -> dict[str, dict[str, str]]:
    columns = {code: build_localized_fieldname("text", code) for code in table.CODES}
    rows = Prompt.objects.values("key", *columns.values())
    return {row["key"]: {code: row[column] for code, column in columns.items() if row[column]} for row in rows}


def _facts(line: Line, week: dict, exceptions: dict) -> LineFacts:
    country = line.country
    hours = roster.Hours(
        time_zone=country.time_zone,
        week={day: tuple(spans) for day, spans in week.items()},
        exceptions={day: tuple(spans) for day, spans in exceptions.items()},
        holidays=frozenset(holiday.day for holiday in country.holidays.all()),
        opens_on_holidays=line.opens_on_holidays,
    )
    return LineFacts(
        id=line.pk, country=country.code, account=line.account, name=line.name, number=line.number,
        numbers=tuple(line.numbers.split()), languages=tuple(line.languages), hours=hours, mode=line.mode,
        duty_phone=line.duty_phone, other_number=line.other_number, police_number=line.police_number,
        sender=line.sender, is_free=line.is_free, records=line.records_calls, says_position=line.says_position,
        wait_minutes=line.wait_minutes, is_practice=line.is_practice,
    )  # fmt: skip


def line_called(number: str) -> LineFacts | None:
    """Return the line that answers a called number (hotline.callers.called_number), or None."""
    lines = memory().lines
    return lines.get(number) or (lines.get(f"+{number}") if number.isdigit() else None)


def line_by_id(key: int | None) -> LineFacts | None:
    """Return a line by its key; None for a contact without a line."""
    return memory().by_id.get(key) if key else None


def spoken_cell(key: str, language: str) -> twiml.Cell:
    """Return how a prompt is heard in a language: recording, own voice, or written words on a practice line.

    A language in which the words do not exist is heard in the next language of its chain, tagged as what it is.
    """
    known = last_known()
    words = known.words.get(key, {})
    code = next((code for code in (language, *table.CHAINS.get(language, ()), table.SOURCE) if code in words), "")
    if recording := known.recordings.get((key, language)):
        address = f"{settings.PUBLIC_URL}/hotline/audio/{language}/{key.replace('_', '-')}/{recording}/"
        return twiml.Cell(words.get(code, ""), language, recording=address)
    voice = voice_for(code) if code else None
    return twiml.Cell(
        words.get(code, ""), code or table.SOURCE, voice=voice.name if voice else "",
        voice_language=voice.locale if voice else "",
    )  # fmt: skip


@dataclass(frozen=True)
class PublicLine:
    """What a public page says of a country's line, in the active language."""

    number: str
    name: str
    hours_text: str
    is_open: bool
    until: dt.datetime | None
    is_free: bool
    is_practice: bool


def line_of(country_code: str, at: dt.datetime | None = None) -> PublicLine | None:
    """Return the line that a country publishes, or None."""
    now = at or timezone.now()
    line = next((line for line in memory().by_id.values() if line.country == country_code), None)
    if line is None:
        return None
    is_open = line.mode != "message" and roster.is_open(line.hours, now)
    change = roster.next_change(line.hours, now)
    until = change.astimezone(line.hours.zone) if change else None
    return PublicLine(line.number, line.name, hours_text(line.hours), is_open, until, line.is_free, line.is_practice)


def hours_text(hours: roster.Hours) -> str:
    """Return the opening hours of the week in the active language, equal days in a row told once."""
    groups: list[tuple[int, int, tuple[roster.Span, ...]]] = []
    for day in range(7):
        spans = hours.week.get(day, ())
        if groups and groups[-1][2] == spans:
            groups[-1] = (groups[-1][0], day, spans)
        elif spans:
            groups.append((day, day, spans))
        else:
            groups.append((day, day, ()))
    told = [_group_text(first, last, spans) for first, last, spans in groups if spans]
    return ", ".join(told)


def _group_text(first: int, last: int, spans: tuple[roster.Span, ...]) -> str:
    times = ", ".join(_span_text(span) for span in spans)
    if first == 0 and last == 6:
        return _("every day, %(times)s") % {"times": times}
    if first == last:
        return _("%(day)s %(times)s") % {"day": _day(first), "times": times}
    return _("%(first)s to %(last)s %(times)s") % {"first": _day(first), "last": _day(last), "times": times}


def _span_text(span: roster.Span) -> str:
    if span.opens == span.closes == roster.END_OF_DAY:
        return _("all day and night")
    return _("%(opens)s to %(closes)s") % {
        "opens": formats.time_format(span.opens, "H:i"),
        "closes": formats.time_format(span.closes, "H:i"),
    }


def _day(number: int) -> str:
    monday = dt.date(2024, 1, 1)
    return formats.date_format(monday + dt.timedelta(days=number), "l")


def prompt_gaps(line: LineFacts) -> list[tuple[str, str]]:
    """Return each (prompt, language) of a line that it could not say."""
    return unheard([code for _key, code in line.languages], is_practice=line.is_practice)


def unheard(codes: Sequence[str], *, is_practice: bool) -> list[tuple[str, str]]:
    """Return each (prompt, language) without recording or own voice; words do in practice and for text messages."""
    known, gaps = memory(), []
    for key, words in sorted(known.words.items()):
        for code in codes:
            heard = (key, code) in known.recordings or (code in words and voice_for(code) is not None)
            if not heard and not (code in words and (is_practice or key.startswith(SENT))):
                gaps.append((key, code))
    return gaps


def source_digest(text: str) -> str:
    """Return the digest that tells whether a prompt's words changed since it was recorded."""
    return hashlib.sha256(text.encode()).hexdigest()


def duty_words(line: LineFacts | None) -> tuple[str, str]:
    """Return ready-made words and the duty phone for a call that the flow cannot serve; never asks the database."""
    known = line or last_known().fallback_line
    language = known.first_language if known else table.SOURCE
    cell = spoken_cell("trouble", language)
    if not cell.text and not cell.recording:
        with translation.override(table.SOURCE):
            cell = twiml.Cell(
                _("Stay on the line. We are connecting you."), table.SOURCE, voice="Polly.Amy", voice_language="en-GB"
            )
    return twiml.spoken(cell), (line.duty_phone if line else "") or settings.DUTY_PHONE


def last_known_line(number: str) -> LineFacts | None:
    """Return the line of a number from memory only, for when the database is away."""
    try:
        return line_called(number)
    except DatabaseError:
        lines = last_known().lines
        return lines.get(number) or lines.get(f"+{number}")


def recording_of(key: str, language: str, content_hash: str) -> PromptRecording | None:
    """Return the recording that an address names, or None; keys stand with hyphens in addresses."""
    rows = PromptRecording.objects.filter(prompt__key=key.replace("-", "_"), language=language)
    return rows.filter(content_hash=content_hash).first()
