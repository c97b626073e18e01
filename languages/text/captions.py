"""Captions of a film as WebVTT: the head, then cues with their times. Comments, styles and regions are passed over."""

import re
from dataclasses import dataclass

from languages.text.cleaning import clean

HEAD = "WEBVTT"
ARROW = "-->"
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_PASSED_OVER = re.compile(r"(NOTE|STYLE|REGION)\b")


@dataclass(frozen=True)
class Cue:
    """One caption: from when to when, in milliseconds, and its words."""

    begins: int
    ends: int
    text: str


class CaptionsRefused(ValueError):
    """Raised when a text is no WebVTT that a browser shows; `code` says why, `line` where. Mend that line."""

    def __init__(self, code: str, line: int = 1):
        super().__init__(f"{code} in line {line}")
        self.code, self.line = code, line


def cues_of(text: str) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT text in order; raise CaptionsRefused at the first fault.

    `code`: `head` (the first line is not WEBVTT), `times` (no or broken times), `order` (ends before it begins, or
    begins before the cue above), `words` (a cue without words), `none` (no cue at all).
    """
    lines = clean(text).split("\n")
    if lines[0].split(" ")[0].split("\t")[0] != HEAD:
        raise CaptionsRefused("head")
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if not _PASSED_OVER.match(block[0]):
            cues.append(_cue(number, block, cues[-1].begins if cues else 0))
    if not cues:
        raise CaptionsRefused("none")
    return tuple(cues)


def same_times(one: str, other: str) -> bool:
    """Tell whether two texts are captions whose cues stand at the same times: the words alone may differ."""
    try:
        return _times(one) == _times(other)
    except CaptionsRefused:
        return False


def _times(text: str) -> list[tuple[int, int]]:
    return [(cue.begins, cue.ends) for cue in cues_of(text)]


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Return what stands between empty lines below the head, each with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    is_new = False
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            is_new = True
        elif is_new:
            found.append((number, [line]))
            is_new = False
        elif found:
            found[-1][1].append(line)
        elif ARROW in line:
            raise CaptionsRefused("head", number)  # an empty line must stand below the head
    return found


def _cue(number: int, block: list[str], not_before: int) -> Cue:
    at = 0 if ARROW in block[0] else 1  # a cue may have a name above its times
    times = _TIMES.fullmatch(block[at].strip()) if len(block) > at else None
    if times is None:
        raise CaptionsRefused("times", number + min(at, len(block) - 1))
    begins, ends = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
    if ends <= begins or begins < not_before:
        raise CaptionsRefused("order", number + at)
    words = "\n".join(block[at + 1 :]).strip()
    if not words or ARROW in words:
        raise CaptionsRefused("words", number + at)
    return Cue(begins, ends, words)


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
