"""The way out that asks neither flow nor database: words, the duty phone, and what is said when that does not answer.

Nothing is asked between (the address that would be asked is what is away), so the words that follow are heard by whoever
nobody answered, and by whoever was answered when the other side hangs up first: they are right for both.
"""

from collections.abc import Sequence

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from hotline import ivr
from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import LineFacts, last_known
from hotline.queries.spoken import cells_by_voice, duty_words
from hotline.telephony import twiml
from languages import table
from languages.voices import VOICES

ROOMS = {"wait": "still_waiting", "hold": "hold"}  # what is said in a room, by the step that asks for it


def way_out(line: LineFacts | None, *, called: str = "", account: str = "") -> str:
    """Return the document for a call that the flow cannot serve, of a line or of none; never asks the database."""
    words, duty_phone = duty_words(line)
    lines = [line] if line else last_known().lines_with_callers
    shown = caller_id(line, called=called, account=account)
    return twiml.duty_document(words, duty_phone, shown, _heard(last_words(lines)))


def room_out(line: LineFacts | None, *, step: str, again: str) -> str:
    """Return what somebody hears who waits, or is held, in a room that the flow cannot serve; never asks the database.

    That the line is open, and the numbers that can be called meanwhile; after twelve seconds the same `again`, an address,
    until the flow answers. A star while she waits leaves the room for the duty phone.
    """
    lines = [line] if line else last_known().lines_with_callers
    said = {ivr.Say(ROOMS[step], code): one for one in lines for code in _codes(one, lines)}
    numbers = {say: one for say, one in last_words(lines).items() if say.prompt != "goodbye"}
    redirect = f'<Redirect method="POST">{escape(again)}</Redirect>'
    return twiml.document(_heard(said | numbers), '<Pause length="12"/>', redirect)


def _codes(line: LineFacts, lines: Sequence[LineFacts]) -> list[str]:
    """Return the languages in which a line's words are said: all of one line, since nobody knows which one was chosen."""
    codes = [code for _key, code in line.languages] if len(lines) == 1 else [line.first_language]
    return list(dict.fromkeys(codes))


def last_words(lines: Sequence[LineFacts]) -> dict[ivr.Say, LineFacts | None]:
    """Return what is said after the duty phone, in order, each with the line by which it is heard.

    It is what the flow says after a fault: the other number, the number of the police, goodbye. Of one line in each of
    its languages, since nobody knows which one was chosen; of several, for a number of none, each line's numbers in the
    language that it says first. The same words are said once.
    """
    said: dict[ivr.Say, LineFacts | None] = {}
    for line in lines:
        for code in _codes(line, lines):
            for prompt, number in (("other_number", line.other_number), ("police_number", line.police_number)):
                if number:
                    said.setdefault(ivr.Say(prompt, code, (("number", number),)), line)
    first = lines[0] if lines else None
    said[ivr.Say("goodbye", first.first_language if first else table.SOURCE)] = first
    return said


def _heard(said: dict[ivr.Say, LineFacts | None]) -> str:
    """Return the verbs; of a process that has read no prompts yet, a sentence that needs no line."""
    parts: dict[str, None] = {}
    for say, line in said.items():
        cells = cells_by_voice(line)
        cell = cells(say.prompt, say.language)
        if cell.text or cell.recording:
            parts[twiml.spoken(cell, say.values, cells)] = None
    return "".join(parts) or _without_prompts()


def _without_prompts() -> str:
    voice = VOICES[table.SOURCE]
    with translation.override(table.SOURCE):
        words = _("If you or someone near you is in danger, call your country's emergency number now.")
    return twiml.spoken(twiml.Cell(words, table.SOURCE, voice=voice.name, voice_language=voice.locale))
