"""What a text message costs: its encoding, its parts and the signs that make it dear."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True)
class SmsParts:
    """Encoding "GSM-7" or "UCS-2", number of parts, and the signs outside GSM-7 in order of appearance."""

    encoding: str
    parts: int
    offending: tuple[str, ...]


def sms_parts(text: str) -> SmsParts:
    """Count the parts of a text message, never splitting an escaped sign or a pair of surrogates."""
    offending = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENDED))
    if offending:
        sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        return SmsParts("UCS-2", _packed(sizes, 70, 67), offending)
    sizes = [2 if sign in _EXTENDED else 1 for sign in text]
    return SmsParts("GSM-7", _packed(sizes, 160, 153), ())


def _packed(sizes: list[int], alone: int, chained: int) -> int:
    """Return how many parts hold signs of these sizes: one of `alone`, else several of `chained`."""
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    parts, room = 1, chained
    for size in sizes:
        if size > room:
            parts, room = parts + 1, chained
        room -= size
    return parts
