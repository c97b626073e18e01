"""Word by word: what went and what came. Pure."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from languages.text.tags import NUMBERED_TAG

_WORDS = re.compile(r"</?\d+/?>|\s+|[^\s<]+|<")
_LAID = re.compile(r"\n|[^\S\n]+|\S+")


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


def beside(before: Iterable[str], after: Iterable[str]) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Return the paragraphs of two texts, each in pieces: what is "gone" stands in the first, what is "new" in the second."""
    old, new = _LAID.findall("\n".join(before)), _LAID.findall("\n".join(after))
    left, right = [[]], [[]]
    for change, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        gone, come = old[old_from:old_to], new[new_from:new_to]
        is_same = change == "equal" and not "".join(gone).isspace()  # a space alone would cut what is new in bits
        _lay(left, gone, "same" if is_same else "gone")
        _lay(right, come, "same" if is_same else "new")
    return [one for one in left if one], [one for one in right if one]


def _lay(paragraphs: list[list[Piece]], words: Sequence[str], kind: str) -> None:
    for word in words:
        if word == "\n":
            paragraphs.append([])
        elif paragraphs[-1] and paragraphs[-1][-1].kind == kind:
            paragraphs[-1][-1] = Piece(kind, paragraphs[-1][-1].text + word)
        else:
            paragraphs[-1].append(Piece(kind, word))


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
