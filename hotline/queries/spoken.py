"""What a line says: how each prompt is heard in a language, what cannot be heard yet, how the next opening is told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import translation
from django.utils.translation import gettext as _

from hotline import ivr, roster
from hotline.ivr import Plan
from hotline.ivr.faults import heard_in
from hotline.ivr.plan import LANGUAGE_KEYS, NAMES_DANGER, NAMES_SILENT, words_of
from hotline.models import PromptRecording
from hotline.queries.lines import Heard, LineFacts, Memory, last_known, memory, source_digest
from hotline.telephony import twiml
from hotline.telephony.providers import is_simulated
from languages import table
from languages.choices import NAMES
from languages.text.joining import listed
from languages.voices import Voice, voice_for, voices_of

LOST = "lost_sound"  # the worker-side mark of a recording that a line plays and that is gone
SENT = "text_"  # such prompts are never spoken
DAY, HOUR, HALF = "day_", "hour_", "half_"
PIECES = (DAY, HOUR, HALF)
CLOSED = "closed"
WHISPERED = frozenset({"whisper", "agency_whisper", "join_whisper"})  # to whom the line rings, never to the caller
GREETINGS = {True: "greeting", False: "greeting_paid"}
# `closed` is said only where all its pieces can be heard; without them the line says that nobody answers at this hour.
# What the staff alone hear of their own telephones is no reason to keep a language off a line.
OPTIONAL = frozenset({"closed", "own_phone", "whisper_pin", "join_pin", "pin_again", "not_free", "not_free_wait"})
# Said by no version of today; its row and recordings stay where they were made.
RETIRED = frozenset({"callback_consent", "notice"})
# Said only where the flow of a line is not the usual one; publishing asks for them then.
UNUSUAL = frozenset({
    "offer_message", "offer_callback", "choice_keep", "choice_message", "choice_language", "give_number",
    "more_languages", "wish_woman", "wish_man", "wish_noted", "expect_plain", "expect_soon", "expect_5", "expect_10",
    "expect_long",
})  # fmt: skip
USUAL = Plan()
# A flow with everything on: what no step of it says is said in the room, or to whom the line rings.
WHOLE = Plan(
    languages=(("1", "en"), ("2", "fr")), expectation="measured", duty_phone="1", other_number="1", police_number="1"
)
# English says the hour before the day: "at eight in the morning on Monday".
HOUR_FIRST = frozenset({"en"})


def cells_of(line: LineFacts | None) -> twiml.Cells:
    """Return how the prompts of a line are heard: its own recordings come before those that all lines share."""
    return partial(spoken_cell, line=line)


def cells_by_voice(line: LineFacts | None) -> twiml.Cells:
    """Return the same while the database may be away, behind which recordings lie: a voice of the language comes first."""
    return partial(spoken_cell, line=line, by_voice=True)


def spoken_cell(key: str, language: str, line: LineFacts | None = None, *, by_voice: bool = False) -> twiml.Cell:
    """Return how a prompt is heard in a language: recording, own voice, or words that the practice network shows.

    Words that name the danger key name the line's own. `by_voice`: its own voice comes before a recording.

    What cannot be heard in the language is heard in the next one of its chain, tagged as what it is.
    """
    known, plan = last_known(), line.plan if line else USUAL
    words = known.words.get(key, {})
    for code in (language, *table.CHAINS.get(language, ()), table.SOURCE):
        is_spoken = by_voice and code in words and voice_for(code)
        if not is_spoken and (recording := _recording(known, key, code, line.id if line else 0, plan)):
            address = f"{settings.PUBLIC_URL}/hotline/audio/{code}/{key.replace('_', '-')}/{recording}/"
            whose = f"?l={line.id}" if line else ""
            return twiml.Cell(words.get(code, ""), code, recording=f"{address}{whose}")
        voice = _chosen_voice(code, plan) or voice_for(code)
        said = words_of(key, code, words.get(code, ""), plan)
        if said and voice:
            return twiml.Cell(said, code, voice=voice.name, voice_language=voice.locale)
        if said and line and line.is_practice and is_simulated(line.account):
            return twiml.Cell(said, code, voice=twiml.WRITTEN)
    return twiml.Cell("", table.SOURCE)


def read_cell(key: str, language: str, plan: Plan = USUAL) -> twiml.Cell:
    """Return the words of a prompt as they are read, not heard, in a language or the next of its chain: the house's, or
    with a plan those of its line, with its keys in them.
    """
    words = last_known().words.get(key, {})
    said = {one: words_of(key, one, words.get(one, ""), plan) for one in (language, *table.CHAINS.get(language, ()))}
    code = next((one for one in said if said[one]), table.SOURCE)
    return twiml.Cell(said.get(code) or words_of(key, code, words.get(code, ""), plan), code)


def _chosen_voice(code: str, plan: Plan) -> Voice | None:
    """Return the voice that the plan names for a language, if it is one of that language."""
    return voices_of(code).get(dict(plan.voices).get(code, "")) if plan.voices else None


def _recording(known: Memory, key: str, code: str, line_id: int, plan: Plan) -> str:
    """Return the content hash of what is played; old words are played only where no voice can say the new ones.

    A recording that names another key than the line's is never played where the words can be said: it would mislead.
    """
    found = _recordings(known, key, code, line_id)
    if right := next((one for one in found if not _is_stale(known, one, key, code, plan)), None):
        return right.content_hash
    return found[0].content_hash if found and not voice_for(code) else ""


def _recordings(known: Memory, key: str, code: str, line_id: int) -> tuple[Heard, ...]:
    """Return the recordings of a prompt that callers may hear: first the line's own, then those that all lines share."""
    shared = known.recordings.get((0, key, code), ())
    return (*known.recordings.get((line_id, key, code), ()), *shared) if line_id else shared


def _is_stale(known: Memory, found: Heard, key: str, code: str, plan: Plan) -> bool:
    """Tell whether a recording says other words, or another key, than are right on this line."""
    words = known.words.get(key, {}).get(code, "")
    now = words_of(key, code, words, plan)
    return found.is_stale if now == words else found.source_digest != source_digest(now)


def can_say(known: Memory, key: str, code: str, *, line_id: int, is_reachable: bool, plan: Plan) -> bool:
    """Tell whether a language has a prompt: a recording of these words, or words with a voice; words alone where no
    telephone reaches the line (`reachable`).
    """
    has_words = code in known.words.get(key, {}) or (key, code) in plan.own_words
    if has_words and (not is_reachable or key.startswith(SENT) or voice_for(code)):
        return True
    return any(not _is_stale(known, one, key, code, plan) for one in _recordings(known, key, code, line_id))


def unheard(
    codes: Sequence[str], *, is_reachable: bool, is_free: bool | None = None, line_id: int = 0, plan: Plan = USUAL
) -> list[tuple[str, str]]:
    """Return each (prompt, language) that a line needs and cannot say: no recording of these words, no own voice."""
    known = memory()
    needed = {code: needed_by(plan, code, is_free) for code in codes}
    return [
        (key, code)
        for key in sorted(known.words)
        for code in codes
        if key in needed[code] and not can_say(known, key, code, line_id=line_id, is_reachable=is_reachable, plan=plan)
    ]


def needed_by(plan: Plan, code: str, is_free: bool | None = None) -> frozenset[str]:
    """Return the prompts that a line with a plan must be able to say in a language, as if it stood on a key: no others.

    What its flow never says is not among them. A plan without languages has no flow yet: it must say what is usual.
    """
    usual = frozenset(key for key in memory().words if is_needed(key, is_free))
    if not plan.languages:
        return usual
    heard = heard_in(_with_language(plan, code))
    heard |= frozenset(GREETINGS.values()) if heard & frozenset(GREETINGS.values()) else frozenset()
    return (heard & (usual | UNUSUAL)) | beside(usual)


def callers_hear(plan: Plan, code: str, is_free: bool | None = None) -> frozenset[str]:
    """Return the prompts that callers of a line with a plan may hear in a language: what it must say, and when it opens."""
    opening = {key for key in memory().words if key == CLOSED or key.startswith(PIECES)}
    said = {key for key in needed_by(plan, code, is_free) if not key.startswith(SENT)}
    return frozenset(said | opening) - WHISPERED


def beside(needed: frozenset[str]) -> frozenset[str]:
    """Return which of the prompts that a line needs are heard beside the steps of its flow."""
    return needed - heard_in(WHOLE) - UNUSUAL


def _with_language(plan: Plan, code: str) -> Plan:
    """Return a plan as it is once a language is on it: a second one brings the menu of languages.

    What is heard does not hang on which language that is: one stands for all, so that the flow is walked once for them.
    """
    code = code if code in plan.codes else next(one for one in table.CODES if one not in plan.codes)
    taken = {plan.danger_key, plan.silent_key, *(key for key, _code in plan.languages)}
    if code in plan.codes or len(plan.languages) > 1:
        return plan
    return replace(plan, languages=(*plan.languages, (next(key for key in LANGUAGE_KEYS if key not in taken), code)))


def is_needed(key: str, is_free: bool | None = None) -> bool:
    """Tell whether a line cannot do without a prompt: the pieces of a time may be missing, and the other greeting."""
    return (
        not key.startswith(PIECES)
        and key not in OPTIONAL | RETIRED | UNUSUAL
        and (is_free is None or key != GREETINGS[not is_free])
    )


def greeting_of(line: LineFacts) -> str:
    """Return which greeting a line says, that the call is free only where it is; "" before its words are loaded."""
    key = GREETINGS[line.is_free]
    return key if key in last_known().words else ""


def caller_language(code: str, line: LineFacts | None, language: str) -> str:
    """Return the caller's language as a sentence in `language` names it; of one who chose none, all of the line's.

    Never by its own name: the voice that says the sentence could not read it.
    """
    codes = [code] if code else [known for _key, known in line.languages] if line else []
    with translation.override(language):
        return listed((NAMES[one] for one in codes if one in NAMES), language)


def closed_words(line: LineFacts, at: dt.datetime, language: str) -> ivr.Say:
    """Return how a closed line says when it opens: a day and an hour where the language has the pieces."""
    opens = None
    if line.mode != "message" and not line.is_open(at):
        opens = roster.next_change(line.hours, at)
    if opens is None:
        return ivr.Say("message_mode", language)
    known, pieces = last_known(), _pieces(opens.astimezone(line.hours.zone), at.astimezone(line.hours.zone), language)
    say = partial(can_say, known, code=language, line_id=line.id, is_reachable=line.is_reachable, plan=line.plan)
    if pieces and all(say(key) for key in ("closed", *pieces)):
        return ivr.Say("closed", language, (("time", pieces),))
    return ivr.Say("closed_plain" if "closed_plain" in known.words else "message_mode", language)


def _pieces(opens: dt.datetime, now: dt.datetime, language: str) -> tuple[str, ...]:
    """Return the prompts that say an opening of the coming days: its day and its hour, or () when none can."""
    days = (opens.date() - now.date()).days
    if days > 6 or opens.minute not in (0, 30):
        return ()
    day = DAY + ({0: "today", 1: "tomorrow"}.get(days) or str(opens.weekday()))
    hour = f"{HALF if opens.minute else HOUR}{opens.hour}"
    return (hour, day) if language in HOUR_FIRST else (day, hour)


def duty_words(line: LineFacts | None) -> tuple[str, str]:
    """Return ready-made words and the duty phone for a call that the flow cannot serve; never asks the database."""
    known = line or last_known().fallback_line
    language = known.first_language if known else table.SOURCE
    cell = spoken_cell("trouble", language, known, by_voice=True)
    if not cell.text and not cell.recording:
        with translation.override(table.SOURCE):
            cell = twiml.Cell(
                _("Stay on the line. We are connecting you."), table.SOURCE, voice="Polly.Amy", voice_language="en-GB"
            )
    return twiml.spoken(cell), (line.duty_phone if line else "") or settings.DUTY_PHONE


def recording_of(key: str, language: str, content_hash: str) -> PromptRecording | None:
    """Return the recording that an address names, or None; keys stand with hyphens in addresses."""
    return _named(key, language).filter(content_hash=content_hash).first()


def recording_instead(key: str, language: str, line: LineFacts | None) -> PromptRecording | None:
    """Return what is played where the recording that an address names is gone: a caller must not meet an error.

    The same prompt in the same language, of the same line or shared by all, never of another line; None without any. One
    of the words of now comes first; what says another key than the line's is never played.
    """
    prompt, plan = key.replace("-", "_"), line.plan if line else USUAL
    said = words_of(prompt, language, memory().words.get(prompt, {}).get(language, ""), plan)
    is_right = Q(source_digest=source_digest(said))
    of_line = Q(line=line.id) | Q(line=None) if line else Q(line=None)
    rows = _named(key, language).filter(of_line, heard_at__isnull=False)
    if prompt in NAMES_DANGER | NAMES_SILENT:
        rows = rows.filter(is_right)
    return rows.order_by(
        Case(When(is_right, then=0), default=1), F("retired_at").desc(nulls_first=True), F("line").asc(nulls_last=True),
        "-recorded_at",
    ).first()  # fmt: skip


def may_be_silent(key: str, line: LineFacts | None) -> bool:
    """Tell whether words that are lost are left out: of a prompt that is one, at an address that names its line."""
    return line is not None and key.replace("-", "_") in memory().words


def is_played(key: str, language: str, content_hash: str) -> bool:
    """Tell whether a line plays this very recording now: then its loss is one, and no old or invented address."""
    known = memory().recordings
    return any(
        (one[1], one[2], heard.content_hash) == (key.replace("-", "_"), language, content_hash)
        for one, several in known.items()
        for heard in several
    )


def _named(key: str, language: str) -> QuerySet[PromptRecording]:
    return PromptRecording.objects.filter(prompt__key=key.replace("-", "_"), language=language)
