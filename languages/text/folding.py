"""Folding for search: what looks or is typed the same becomes the same."""

import unicodedata

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})


def _drops(sign: str) -> bool:
    """Tell whether a sign goes: format characters everywhere, marks of Latin and Arabic, never Thai or Bengali ones."""
    category = unicodedata.category(sign)
    if category == "Cf":
        return True
    if category not in {"Mn", "Me"}:
        return False
    code = ord(sign)
    return 0x0300 <= code <= 0x036F or 0x0610 <= code <= 0x061A or 0x064B <= code <= 0x0670 or 0x06D6 <= code <= 0x06ED


def _once(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.translate(_ARABIC).casefold())
    kept = "".join(sign for sign in spread if not _drops(sign))
    return unicodedata.normalize("NFC", kept.translate(_ARABIC))


def fold(text: str) -> str:
    """Return a text as search compares it: no case, no accents of Latin, no vowel signs of Arabic."""
    folded = _once(text)
    while (again := _once(folded)) != folded:
        folded = again
    return folded
