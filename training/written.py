"""What a person writes for an answer: a number in her own digits and marks, a word or a few. Pure: text in, values out."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

MAX_TEXT = 200
GROUPED = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+)|[1-9]\d?(?:,\d{2})+,\d{3})")
SHAPED = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.IGNORECASE)
ARABIC_MARK = "\u066b"
# What has no shape of its own: soft hyphens, marks of direction, spaces of no width, joiners but in writings that they shape.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
    "|(?<![\u0600-\u1fff])[\u200c\u200d]+"
)
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters that look like a space


def number(text: str) -> Decimal | None:
    """Return the number a person typed, in any digits and with either decimal mark, or None; also None of one beyond measure."""
    return decimal(_plainly(text))


def is_number(text: str) -> bool:
    """Tell whether a person typed a number and nothing else, be it beyond all measure."""
    return bool(SHAPED.fullmatch(_plainly(text)))


def bare(text: str, units: Iterable[str] = ()) -> str | None:
    """Return what a person typed where a number is asked for, without the unit of the question behind it; None of no number."""
    typed = text.strip()
    if is_number(typed):
        return typed
    wanted = {as_compared(unit) for unit in units} - {""}
    heads = (typed[:end].strip() for end in range(1, len(typed)) if as_compared(typed[end:]) in wanted)
    return next((head for head in heads if is_number(head)), None)


def _plainly(text: str) -> str:
    """Return a number as a computer writes it, where it is one.

    Commas or points group where they stand as people group: "480,000", "480.000", "1.000.000", in Bangla "1,50,000".
    Any other one is the decimal mark, so that "0.125" and "1234,567" are what they look like; the Arabic decimal mark
    never groups.
    """
    written = "".join(_plain(character) for character in text.strip())
    plain = _ungrouped(written)
    last = max(plain.rfind(","), plain.rfind("."))
    if ARABIC_MARK in written:
        whole, _mark, fraction = written.partition(ARABIC_MARK)
        plain = f"{_ungrouped(whole)}.{fraction}"
    elif last >= 0:
        whole, mark, fraction = plain[:last], plain[last], plain[last + 1 :]
        plain = f"{whole if mark in whole else _ungrouped(whole)}.{fraction}"
    return plain


def decimal(plain: str, size: int = MAX_TEXT) -> Decimal | None:
    """Return the number that plain digits say, or None; `size` is how many powers of ten it may have.

    Any two such numbers can be added and compared: of `1e1000000` a sum would overflow.
    """
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= size else None


def plainest(value: object) -> str:
    """Return a number in its plainest writing, so that 3, 3.0 and 3.00 are one; what is no number comes back as text."""
    known = decimal(str(value))
    if not known:
        return str(value) if known is None else "0"
    plain = format(known, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _ungrouped(plain: str) -> str:
    return plain.replace(",", "").replace(".", "") if GROUPED.fullmatch(plain) else plain


def _plain(character: str) -> str:
    if character.isspace() or character in "\u066c'’_":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def as_compared(text: str) -> str:
    """Return a short text as it is compared: one Unicode form, no difference of case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def as_seen(text: str) -> str:
    """Return a short text as it is compared, without the signs that nobody sees."""
    return as_compared(_BLANK.sub(" ", _UNSEEN.sub("", text)))
