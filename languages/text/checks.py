"""What must hold between a source text and its translation."""

import re
from collections import Counter
from dataclasses import dataclass

from languages.text.captions import HEAD, CaptionsRefused, cues_of, same_times
from languages.text.cleaning import clean
from languages.text.tags import Attributes, lost_tags, tag_faults

_PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[sd]|\{[a-zA-Z_][\w.]*\}|%[sd](?![a-zA-Z])")
_UNSAFE = re.compile(r"<\s*[!/?a-zA-Z]|javascript:|&#", re.IGNORECASE)
_NUMBERED = re.compile(r"</?\d+/?>")
_NUMBER = re.compile(r"\d+")
_DIGITS = {ord(sign): str(value) for zero in (0x0660, 0x06F0, 0x09E6, 0x0E50)
           for value, sign in enumerate(chr(zero + i) for i in range(10))}  # fmt: skip
LONGEST = 20_000


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a code, what it concerns, and whether it stops the text or only warns."""

    code: str
    what: str = ""
    stops: bool = True


def placeholders(text: str) -> Counter:
    """Return the placeholders of a text with how often each comes."""
    return Counter(_PLACEHOLDER.findall(text))


def _numbers(text: str) -> Counter:
    return Counter(_NUMBER.findall(_PLACEHOLDER.sub("", _NUMBERED.sub(" ", text)).translate(_DIGITS)))


def faults_of(
    source: str, target: str, *, kind: str = "text", max_length: int | None = None, tags: Attributes | None = None
) -> list[Fault]:
    """Return what is wrong with a translation: faults that stop it first, warnings after."""
    target = clean(target)
    faults = [*_placeholder_faults(source, target), *_caption_faults(source, target)]
    if kind == "rich":
        faults += [Fault(f"tag_{code}", f"<{number}>") for code, number in tag_faults(target, tags or {})]
    if kind == "rich" and _UNSAFE.search(_NUMBERED.sub("", target)):
        faults.append(Fault("unsafe"))
    if kind == "line" and "\n" in target:
        faults.append(Fault("line_break"))
    limit = max_length or LONGEST
    if len(target) > limit:
        faults.append(Fault("too_long", str(len(target) - limit)))
    if target and _numbers(source) != _numbers(target):
        faults.append(Fault("numbers", stops=False))
    if target and kind == "rich" and (lost := lost_tags(target, tags or {})):
        faults.append(Fault("tag_lost", " ".join(f"<{number}>" for number in lost), stops=False))
    if target and target == clean(source) and any(sign.isalpha() for sign in target):
        faults.append(Fault("same_as_source", stops=False))
    return faults


def _placeholder_faults(source: str, target: str) -> list[Fault]:
    wanted, given = placeholders(source), placeholders(target)
    if not target:
        return []
    return [Fault("placeholder_missing", name) for name in wanted if not given[name]] + [
        Fault("placeholder_unknown", name) for name in given if not wanted[name]
    ]


def _caption_faults(source: str, target: str) -> list[Fault]:
    """Return what is wrong with translated captions of a film: every cue stays, at its times."""
    if not target or not clean(source).startswith(HEAD):
        return []
    try:
        cues_of(target)
    except CaptionsRefused as fault:
        return [Fault("captions_broken", str(fault.line))]
    return [] if same_times(source, target) else [Fault("captions_times")]
