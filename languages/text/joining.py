"""Lists and ends of sentences, with the signs of their language."""

from collections.abc import Iterable

COMMAS = {"ar": "، "}
STOPS = {"bn": "।", "th": ""}
ENDS = (".", "!", "?", "।", "؟", "…")


def listed(parts: Iterable[object], language: str | None) -> str:
    """Join the parts of a list as a language writes it."""
    return COMMAS.get(language or "", ", ").join(str(part) for part in parts)


def ended(words: object, language: str | None) -> str:
    """Return words as a sentence: with the full stop of a language, unless they end with one already."""
    text = str(words).rstrip()
    return text if not text or text.endswith(ENDS) else text + STOPS.get(language or "", ".")
