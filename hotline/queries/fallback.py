"""What callers hear when everything of ours is down: one document a line, and the recordings that it plays.

And one for the proxy in front of a dead application, written as nginx reads it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from hotline.models import PromptRecording
from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import LineFacts, facts_now, memory
from hotline.queries.spoken import spoken_cell
from hotline.queries.way_out import last_words
from hotline.telephony import twiml
from languages import table

SUFFIXES = {"audio/wav": "wav", "audio/mpeg": "mp3"}
UNKNOWN = "any-other-number"
PROXY = "nginx-duty.conf"
CHUNK = 600  # signs in one value: nginx takes none beyond 4096 bytes
GUARDED = {"\\": "&#92;", "$": "&#36;", "'": "&#39;"}  # what nginx reads as more than a sign


@dataclass(frozen=True)
class Fallback:
    """The files of one export: name to text, and name to sound. `unheard`: (number, prompt, language) left out."""

    documents: dict[str, str]
    sounds: dict[str, bytes]
    unheard: list[tuple[str, str, str]]


class NoLiveLine(LookupError):
    """Raised when no telephone reaches any line: without callers there is nothing to fall back for."""


class NoPlaceForSounds(ValueError):
    """Raised when recordings are to be played and nobody said under which address they will lie."""


def fallback_of(sounds_at: str = "") -> Fallback:
    """Return the documents of all lines that a telephone reaches, also to practise; recordings are played from the address `sounds_at`.

    Each rings the duty phone of its line, then says the other number and that of the police in every language of the line
    that can be heard. The one for any other number rings the installation's and says each live line's in the language that
    it says first; the proxy, which cannot tell lines apart, has that one too, or the one of the only live line. A language that
    has neither a recording nor a voice of its own is left out: it is never read in another one's voice.
    """
    memory()  # what spoken_cell reads
    lines = [line for line in facts_now() if line.is_reachable]
    if not lines:
        raise NoLiveLine("No line is live: there are no callers yet. Set one up at /en/lines/, then run this again.")
    made = Fallback({}, {}, [])
    for line in lines:
        made.documents[_file_of(line)] = _document([line], made, sounds_at)
    live = [line for line in lines if not line.is_practice] or lines
    if settings.DUTY_PHONE:
        made.documents[f"{UNKNOWN}.xml"] = _document(live, made, sounds_at, settings.DUTY_PHONE)
    if len(live) == 1 or settings.DUTY_PHONE:
        whole = _file_of(live[0]) if len(live) == 1 else f"{UNKNOWN}.xml"
        made.documents[PROXY] = _for_nginx(made.documents[whole])
    made.unheard[:] = dict.fromkeys(made.unheard)
    return made


def _file_of(line: LineFacts) -> str:
    return f"{re.sub(r'[^0-9a-z]', '', line.number.lower())}.xml"


def _document(lines: list[LineFacts], made: Fallback, sounds_at: str, duty_phone: str = "") -> str:
    """Return the document of a line, or of several with a duty phone for all; these begin in the language that all have."""
    firsts = {line.first_language for line in lines}
    begins = firsts.pop() if len(firsts) == 1 else table.SOURCE
    words = _said(lines[0], made, sounds_at, "trouble", begins)
    after = "".join(
        _said(line, made, sounds_at, say.prompt, say.language, say.values) for say, line in last_words(lines).items()
    )
    return twiml.duty_document(words, duty_phone or lines[0].duty_phone, caller_id(lines[0]), after)


def _for_nginx(document: str) -> str:
    """Return the map that `deploy/nginx.conf.example` has as $duty_call, with this document in pieces."""
    chunks = [document[start : start + CHUNK] for start in range(0, len(document), CHUNK)]
    guarded = ["".join(GUARDED.get(sign, sign) for sign in chunk) for chunk in chunks]
    maps = [f"map $uri $duty_{number} {{ default '{chunk}'; }}" for number, chunk in enumerate(guarded, 1)]
    whole = "".join(f"${{duty_{number}}}" for number in range(1, len(maps) + 1))
    return "\n".join(
        ["# Written by manage.py export_fallback.", *maps, f'map $uri $duty_call {{ default "{whole}"; }}', ""]
    )


def _said(line: LineFacts, made: Fallback, sounds_at: str, key: str, code: str, values: twiml.Values = ()) -> str:
    """Return how a prompt is heard in a language, or "" where it cannot be: that is told."""
    cells = _cells(line, made, sounds_at)
    cell = cells(key, code)
    if cell.language != code or not (cell.recording or cell.voice):
        made.unheard.append((line.number, key, code))
        return ""
    return twiml.spoken(cell, values, cells)


def _cells(line: LineFacts, made: Fallback, sounds_at: str) -> Callable[[str, str], twiml.Cell]:
    """Return cells whose recordings lie with the documents, on the other hosting."""

    def cell_of(key: str, code: str) -> twiml.Cell:
        cell = spoken_cell(key, code, line)
        if not cell.recording:
            return cell
        if not sounds_at:
            raise NoPlaceForSounds(
                "The lines play recordings: say with --sounds under which https address of the other hosting they will lie."
            )
        name = _kept(made, urlsplit(cell.recording).path.rstrip("/").rpartition("/")[2])
        return replace(cell, recording=f"{sounds_at.rstrip('/')}/{name}")

    return cell_of


def _kept(made: Fallback, content_hash: str) -> str:
    """Put a recording among the files, and return its name there."""
    row = PromptRecording.objects.filter(content_hash=content_hash).first()
    name = f"{content_hash[:16]}.{SUFFIXES[row.content_type]}"
    made.sounds[name] = bytes(row.audio)
    return name
