"""What may stand in a text: one normal form, one kind of line break, no control and no hidden direction."""

import re
import unicodedata
from collections.abc import Iterator

_BREAKS = re.compile("\r\n|[\r\u2028\u2029\u0085]")
_TAGS = "\U000e0000-\U000e007f"  # letters that nobody sees; in the flags of England, Scotland and Wales alone
# Controls but tab and newline, bidi embeddings and isolates, lone surrogates, the byte order mark, tags.
_REMOVED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff{_TAGS}]")
_CONTROLS = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_TAGS}]")
# What a page that shows a refused text shows as a code: the removed, line breaks too, and what ends a line elsewhere.
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff{_TAGS}]")
_NOT_SHOWN = re.compile("[\u2028\u2029\ufeff]")  # separators of lines and paragraphs, the byte order mark
# Arrows, dingbats, emoji: signs that stand for a thing and belong to no writing. Braille between them does.
_PICTURES = re.compile("[\u2190-\u27ff\u2900-\u2bff\ufe0f\U0001f000-\U0001faff]")
_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c",
            "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # fmt: skip
_CLOSERS = {"\u202c", "\u2069"}
MARKS = 3  # on one letter; no text of our languages has more than two


class OddText(ValueError):
    """Raised when a text holds signs that nobody types on purpose; says which. Write it again without them."""


class TooManyMarks(OddText):
    """Raised when a letter bears more marks than any writing has: they run over the lines around it."""


def clean(text: str) -> str:
    """Return the text in normal form C, with plain line breaks, without controls, tags and bidi embeddings.

    Zero-width joiners and the two direction marks stay: Bengali, Arabic and mixed lines need them.
    """
    text = _BREAKS.sub("\n", text)
    return unicodedata.normalize("NFC", _REMOVED.sub("", text))


def code_of(sign: str) -> str:
    """Return the code of a sign, as U+202E."""
    return f"U+{ord(sign):04X}"


def removed_from(text: str) -> list[str]:
    """Return the codes of the signs that cleaning takes out of a text, each once, as U+202E."""
    return [code_of(sign) for sign in dict.fromkeys(_REMOVED.findall(_BREAKS.sub("\n", text)))]


def pictures_in(text: str) -> str:
    """Return the pictures that a text holds, each once."""
    return "".join(dict.fromkeys(_PICTURES.findall(text)))


def check_input(text: str) -> None:
    """Raise OddText when a text from a form holds NUL, controls, tags, lone surrogates, unbalanced bidi signs or piled marks."""
    if found := _CONTROLS.search(text):
        raise OddText(f"The text holds the control sign {code_of(found[0])}. Take it out and send again.")
    waiting: list[str] = []
    for sign in text:
        if sign in _OPENERS:
            waiting.append(_OPENERS[sign])
        elif sign in _CLOSERS and (not waiting or waiting.pop() != sign):
            raise OddText("The text closes a direction that was not opened. Write it again without hidden signs.")
        elif sign == "\n" and waiting:
            break
    if waiting:
        raise OddText("The text opens a direction and does not close it. Write it again without hidden signs.")
    _check_marks(text)


def check_shown(text: str) -> None:
    """Raise OddText as for input, and for separators and the byte order mark: readers are shown the text as it was written.

    Signs without width that a writing needs stay: Thai breaks lines at one, Bengali and Arabic join and part letters.
    """
    check_input(text)
    if found := _NOT_SHOWN.search(text):
        raise OddText(f"The text holds the sign {code_of(found[0])}, which nobody sees. Take it out and send again.")


def _check_marks(text: str) -> None:
    """Raise TooManyMarks when one letter bears more than three; signs without width between them begin no letter."""
    if text.isascii():
        return
    count = 0
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        count = count + 1 if kind in {"Mn", "Me"} else count if kind == "Cf" else 0
        if count > MARKS:
            raise TooManyMarks("The text puts more than three marks on one letter. Write it again without them.")


def signs_apart(text: str, but: str = "") -> Iterator[tuple[str, bool]]:
    """Yield a text as it is, piece by piece, and between the pieces the code of each sign that nobody sees, as U+202E.

    Those in `but` stand as they are.
    """
    end = 0
    for found in _UNSEEN.finditer(text):
        if found[0] in but:
            continue
        if found.start() > end:
            yield text[end : found.start()], False
        yield code_of(found[0]), True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def isolate(text: str) -> str:
    """Wrap a name, number or code so that its direction does not disturb a plain-text line around it."""
    return f"\u2068{text}\u2069"


def safe_cell(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    if text.lstrip(" \u00a0")[:1] in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}:
        return f"'{text}"
    return text


def whole(text: str, digits: int = 9) -> int | None:
    """Return a number of at most so many decimal digits, or None for anything else: `²` is a digit to `isdigit`."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def latin_digits(text: str) -> str:
    """Return the text with every decimal digit of any script (Arabic, Persian, Bengali and others) written 0 to 9."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
