"""Word by word: what went and what came. Pure."""

import difflib
import re
from dataclasses import dataclass

from languages.text import NUMBERED_TAG

_WORDS = re.compile(r"</?\d+/?>|\s+|[^\s<]+|<")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: "same", "gone", "new", or "tag" for a numbered tag."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return the pieces of two texts in reading order; spaces between words count as words."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for change, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if change == "equal":
            pieces += _marked(old[old_from:old_to], "same")
            continue
        pieces += _marked(old[old_from:old_to], "gone") + _marked(new[new_from:new_to], "new")
    return pieces


def plainly(text: str) -> list[Piece]:
    """Return a text as pieces without any change in it."""
    return _marked(_WORDS.findall(text), "same")


def _marked(words: list[str], kind: str) -> list[Piece]:
    """Return neighbouring words as one piece; numbered tags each as their own, unless they are gone."""
    pieces: list[Piece] = []
    for word in words:
        if NUMBERED_TAG.fullmatch(word):
            if kind != "gone":
                pieces.append(Piece("tag", word.strip("<>")))
        elif pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, pieces[-1].text + word)
        else:
            pieces.append(Piece(kind, word))
    return pieces
