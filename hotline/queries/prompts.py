"""The screens of lines: which lines a person keeps, and what each prompt of a line sounds like in each language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from accounts.queries import names_of
from hotline.ivr import Plan
from hotline.ivr.plan import words_of
from hotline.models import Line, Prompt, PromptRecording
from hotline.queries.flows import draft_of, known_plan, plan_now
from hotline.queries.lines import source_digest
from hotline.queries.spoken import PIECES, SENT, callers_hear, needed_by
from languages import table
from languages.queries import unread_in
from languages.voices import has_unaccepted_voice, voice_for


def lines_kept_by(user) -> QuerySet[Line]:
    """Return the lines that a person sets up: administrators all, managers those of their country."""
    rows = Line.objects.select_related("country").order_by("country__name_en", "name")
    if user.has_role("administrator"):
        return rows
    return rows.filter(country_id=user.country_id) if user.has_role("manager") and user.country_id else rows.none()


def lines_heard_by(user) -> QuerySet[Line]:
    """Return the lines whose recordings a person may hear: also those of the country in which she works on the line."""
    if user.has_role("operator", "supervisor") and user.country_id and not user.has_role("administrator"):
        return Line.objects.select_related("country").filter(country_id=user.country_id)
    return lines_kept_by(user)


@dataclass(frozen=True)
class Sound:
    """One recording as a screen shows it."""

    row: PromptRecording
    uploaded_by: str
    heard_by: str
    is_stale: bool

    @property
    def is_shared(self) -> bool:
        """Tell whether all lines share it."""
        return self.row.line_id is None


@dataclass(frozen=True)
class Cell:
    """One prompt in one language: words, what callers hear now, what waits to be heard, and the state as a code."""

    prompt: Prompt
    words: str
    is_needed: bool
    is_piece: bool
    live: Sound | None
    waiting: Sound | None
    state: str
    is_of_house: bool = True  # its words are not the line's own
    is_heard: bool = True  # by callers: neither by the staff alone, nor of a flow that the line does not have
    is_draft: bool = False  # no native reader has read its words
    plan: Plan = field(default=Plan(), repr=False)

    @property
    def english(self) -> str:
        """Return the English of the prompt with the keys of the line: what the words of every language stand for."""
        return words_in(self.prompt, "en", self.plan)

    @property
    def reads(self) -> str:
        """Return the prompt in the language of the page, with the keys of the line; in English where that has no words."""
        return words_in(self.prompt, get_language(), self.plan) or self.english

    @property
    def is_missing(self) -> bool:
        """Tell whether the line cannot say this and must."""
        return self.is_needed and self.state in {"missing", "stale", "waiting", "no_words"}


@dataclass(frozen=True)
class Spoken:
    """One language of a line: whether a voice speaks it, its key, its cells, and those that its draft says otherwise.

    `in_draft` are its cells as they will be once the draft is published, None where there is none.
    """

    language: table.Row
    key: str
    has_voice: bool
    cells: list[Cell] = field(repr=False)
    drafted: list[Cell] = field(repr=False, default_factory=list)
    in_draft: list[Cell] | None = field(repr=False, default=None)

    @property
    def has_unaccepted_voice(self) -> bool:
        """Tell whether the network has only a neighbouring country's voice of it, with which no line speaks."""
        return has_unaccepted_voice(self.language.code)

    @property
    def missing(self) -> list[Cell]:
        """Return what is missing before the language can be on a line that people call, as callers hear it now."""
        return [cell for cell in self.cells if cell.is_missing]

    @property
    def missing_in_draft(self) -> list[Cell]:
        """Return what is missing of the draft before that: what its page counts; [] where there is no draft."""
        return [cell for cell in self.in_draft or [] if cell.is_missing]

    @property
    def unread(self) -> list[Cell]:
        """Return which words that callers hear no native reader has read."""
        return [cell for cell in self.cells if cell.is_heard and cell.is_draft]

    @property
    def unread_in_draft(self) -> list[Cell]:
        """Return the same once the draft is published; [] where there is none."""
        return [cell for cell in self.in_draft or [] if cell.is_heard and cell.is_draft]

    @property
    def draft_differs(self) -> bool:
        """Tell whether the draft lacks more or fewer prompts, or readers, than what callers hear now."""
        now, then = (self.missing, self.unread), (self.missing_in_draft, self.unread_in_draft)
        return self.in_draft is not None and [*map(len, now)] != [*map(len, then)]

    @property
    def recorded(self) -> int:
        """Return how many prompts callers hear from a recording."""
        return sum(cell.live is not None for cell in self.cells)

    @property
    def waiting(self) -> int:
        """Return how many recordings wait until somebody has heard them."""
        return sum(cell.waiting is not None for cell in self.cells)


@dataclass(frozen=True)
class _Flow:
    """A line with one of its plans, and the other one, whose recordings are not this one's."""

    line: Line
    plan: Plan
    other: Plan
    names: dict[str, str]
    needed: dict[str, frozenset[str]]  # by language, as the next two
    heard: dict[str, frozenset[str]]
    unread: dict[str, frozenset[int]]


def spoken_on(line: Line, codes: Sequence[str] = table.CODES) -> list[Spoken]:
    """Return what a line can say in languages: those on the line first, in its order, then the others."""
    prompts = [prompt for prompt in Prompt.objects.order_by("pk") if not prompt.key.startswith(SENT)]
    (sounds, names), plans = _sounds(line, codes), plans_of(line)
    unread = unread_in(Prompt, codes)
    heard, drafted = (
        _Flow(
            line, plan, other, names,
            {code: needed_by(plan, code, line.is_free) for code in codes},
            {code: callers_hear(plan, code, line.is_free) for code in codes}, unread,
        )
        for plan, other in ((plans[0], plans[-1]), (plans[-1], plans[0]))
    )  # fmt: skip
    keys = {code: key for key, code in line.languages}
    order = [code for code in keys if code in codes] + [code for code in codes if code not in keys]
    return [
        _spoken(code, keys.get(code, ""), prompts, sounds, heard, drafted if len(plans) > 1 else None)
        for code in order
    ]


def _spoken(code: str, key: str, prompts: list[Prompt], sounds: dict, heard: _Flow, drafted: _Flow | None) -> Spoken:
    """Return one language as callers hear it and, where there is a draft, as that will say it."""
    rows = [(prompt, sounds.get((prompt.pk, code), [])) for prompt in prompts]
    cells = [_cell(heard, prompt, code, kept) for prompt, kept in rows]
    in_draft = drafted and [_cell(drafted, prompt, code, kept) for prompt, kept in rows]
    otherwise = [then for now, then in zip(cells, in_draft or [], strict=False) if now.words != then.words]
    return Spoken(table.BY_CODE[code], key, voice_for(code) is not None, cells, otherwise, in_draft)


def plans_of(line: Line) -> list[Plan]:
    """Return the plan that callers of a line hear, and after it its draft, where there is one."""
    draft = draft_of(line)
    return [plan_now(line), *([known_plan(draft.body, draft.pk)] if draft else [])]


def words_in(prompt: Prompt, code: str, plan: Plan) -> str:
    """Return what a line with a plan says for a prompt in a language, "" where nothing is written."""
    return words_of(prompt.key, code, getattr(prompt, build_localized_fieldname("text", code)) or "", plan)


def digest_in(prompt: Prompt, code: str, plan: Plan) -> str:
    """Return the digest of those words: a recording of them bears it."""
    return source_digest(words_in(prompt, code, plan))


def _sounds(line: Line, codes: Sequence[str]) -> tuple[dict, dict[str, str]]:
    rows = PromptRecording.objects.filter(language__in=codes, retired_at=None).defer("audio")
    found: dict[tuple[int, str], list[PromptRecording]] = {}
    for row in [row for row in rows if row.line_id in (None, line.pk)]:
        found.setdefault((row.prompt_id, row.language), []).append(row)
    kept = [row for rows in found.values() for row in rows]
    return found, names_of({name for row in kept for name in (row.uploaded_by, row.heard_by)})


def _cell(flow: _Flow, prompt: Prompt, code: str, rows: list[PromptRecording]) -> Cell:
    words, names = words_in(prompt, code, flow.plan), flow.names
    digest, others = source_digest(words), digest_in(prompt, code, flow.other)
    sounds = [
        Sound(row, names.get(row.uploaded_by, row.uploaded_by), names.get(row.heard_by, row.heard_by),
              row.source_digest != digest)
        for row in sorted(rows, key=lambda row: (row.source_digest != digest, row.line_id is None))
        if row.source_digest == digest or row.source_digest != others
    ]  # fmt: skip
    live = next((sound for sound in sounds if sound.row.heard_at), None)
    waiting = next((sound for sound in sounds if not sound.row.heard_at), None)
    state = _state(words, live, waiting, has_voice=voice_for(code) is not None)
    is_needed = prompt.key in flow.needed[code]
    is_of_house = (prompt.key, code) not in flow.plan.own_words
    return Cell(
        prompt, words, is_needed, prompt.key.startswith(PIECES), live, waiting, state, is_of_house,
        is_heard=prompt.key in flow.heard[code], is_draft=is_of_house and prompt.pk in flow.unread[code], plan=flow.plan,
    )  # fmt: skip


def _state(words: str, live: Sound | None, waiting: Sound | None, *, has_voice: bool) -> str:
    """Return how callers hear a cell: recorded, voice; or why not: stale, waiting, missing, no_words."""
    if live and not live.is_stale:
        return "recorded"
    if words and has_voice:
        return "voice"
    if waiting:
        return "waiting"
    if live:
        return "stale"
    return "missing" if words else "no_words"
