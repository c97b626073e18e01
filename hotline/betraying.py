"""What betrays the matter of a text to whoever reads it on the person's phone: words, names, addresses. Pure.

The words of all languages of the product count in every text, whatever it is written in: betraying.toml. Source of the
rule: the neutral text of the design of the hotline (no name, no place, no word that says what the line is for).
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from languages.text import fold

WORDS = Path(__file__).with_suffix(".toml")
SHORTEST_NAME = 4  # letters; a shorter name of a place or body is an everyday word of some language
ADDRESS = re.compile(r"://|www\.|\S@\S|[^\W\d_]\.(?:com|org|net|info|int|gov|ngo|help|me|ly)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)")
# What Arabic writes in one with a word: "and", "by, like, for", the article. Each is tried, for a word may begin so itself.
_LEADS = tuple(map(re.compile, (r" [وف](?=..)", r" [وف]?[بكل](?=..)", r" [وف]?(?:[بكل]?ال|لل)(?=..)")))


def says_matter(text: str) -> bool:
    """Tell whether a text holds a word, in any language of the product, that says what the line is for."""
    return any(needle in spoken for spoken, needles in zip(_readings(_in_words(text)), _needles(), strict=True) for needle in needles)  # fmt: skip


def names_one(text: str, names: Iterable[str]) -> bool:
    """Tell whether a text holds one of the names, as a whole; what stands in brackets in a name is no part of it."""
    wanted = [_in_words(_BRACKETED.sub(" ", name)) for name in names]
    wanted = [name for name in wanted if sum(map(str.isalpha, name)) >= SHORTEST_NAME]
    return any(name in spoken for name in wanted for spoken in _readings(_in_words(text)))


def has_address(text: str) -> bool:
    """Tell whether a text holds a web or e-mail address."""
    return ADDRESS.search(text) is not None


def awaiting() -> list[str]:
    """Return the codes of the languages whose words no native reader has read."""
    return [code for code, row in _rows().items() if row["review"]]


def _in_words(text: str) -> str:
    """Return a text folded, its words with one space before, between and after them.

    A sign of a word is a letter, a digit or a mark: the vowel signs of Bengali and Thai are marks, which "\\w" leaves out.
    """
    signs = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in fold(text))
    return f" {' '.join(''.join(signs).split())} "


def _readings(spoken: str) -> tuple[str, ...]:
    """Return a text as it stands, and as it reads without each of what Arabic writes in one with a word."""
    return (spoken, *(lead.sub(" ", spoken) for lead in _LEADS))


@cache
def _rows() -> dict[str, dict]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def _needles() -> tuple[frozenset[str], ...]:
    """Return what is looked for in each reading: a star lets other letters stand before or after a word."""
    entries = [entry for row in _rows().values() for entry in row["words"]]
    read = zip(*(_readings(_in_words(entry)) for entry in entries), strict=True)
    return tuple(frozenset(_open(entry, one) for entry, one in zip(entries, ones, strict=True)) for ones in read)


def _open(entry: str, spoken: str) -> str:
    start, end = entry.startswith("*"), entry.endswith("*")
    return spoken[1 if start else 0 : -1 if end else None]
