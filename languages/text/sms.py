"""What a text message costs: its encoding, its parts, the signs that make it dear, and the room that is left in it."""

from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[~]|€\f"  # each takes the room of two
_BASIC, _EXTENDED = frozenset(BASIC), frozenset(EXTENDED)
# How much one part holds that is alone, and one of several: in GSM-7, and in UCS-2, where a sign outside Unicode's first
# plane takes the room of two (3GPP TS 23.038 and 23.040).
GSM_ROOM, WIDE_ROOM = (160, 153), (70, 67)


@dataclass(frozen=True)
class SmsParts:
    """Encoding "GSM-7" or "UCS-2", number of parts, and the signs outside GSM-7 in order of appearance."""

    encoding: str
    parts: int
    offending: tuple[str, ...]


@dataclass(frozen=True)
class Room:
    """How many parts a text takes (0 where it is not sent in parts), and how many letters are left; less than 0: too long."""

    parts: int
    left: int


def sms_parts(text: str) -> SmsParts:
    """Count the parts of a text message, never splitting an escaped sign or a pair of surrogates."""
    encoding, offending, parts, _used = _measured(text)
    return SmsParts(encoding, parts, offending)


def sms_room(text: str, most: int) -> Room:
    """Return the room of a text message of at most so many parts; what a part cannot use, as a pair does not fit, is used.

    It is less than 0 exactly where `sms_parts` counts more than `most` parts.
    """
    encoding, _offending, parts, used = _measured(text)
    alone, chained = GSM_ROOM if encoding == "GSM-7" else WIDE_ROOM
    return Room(parts, (alone if most == 1 else most * chained) - used)


def wide_room(text: str, most: int) -> Room:
    """Return the room of a text that is sent whole and may be so long, in units of UTF-16."""
    return Room(0, most - sum(_wide(text)))


def _wide(text: str) -> list[int]:
    """Return the size of each sign in units of UTF-16."""
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text]


def _measured(text: str) -> tuple[str, tuple[str, ...], int, int]:
    """Return encoding, signs outside GSM-7, number of parts, and room used."""
    offending = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENDED))
    sizes = _wide(text) if offending else [2 if sign in _EXTENDED else 1 for sign in text]
    alone, chained = WIDE_ROOM if offending else GSM_ROOM
    return ("UCS-2" if offending else "GSM-7"), offending, *_packed(sizes, alone, chained)


def _packed(sizes: list[int], alone: int, chained: int) -> tuple[int, int]:
    """Return how many parts hold signs of these sizes, one of `alone`, else several of `chained`, and the room used."""
    if sum(sizes) <= alone:
        return (1 if sizes else 0), sum(sizes)
    parts, room = 1, chained
    for size in sizes:
        if size > room:
            parts, room = parts + 1, chained
        room -= size
    return parts, parts * chained - room
