"""Lists and ends of sentences, with the signs of their language."""

from collections.abc import Iterable

COMMAS = {"ar": "، "}
COLONS = {"fr": "\u202f: "}
STOPS = {"bn": "।", "th": ""}
ENDS = (".", "!", "?", "।", "؟", "…")


def listed(parts: Iterable[object], language: str | None) -> str:
    """Join the parts of a list as a language writes it."""
    return COMMAS.get(language or "", ", ").join(str(part) for part in parts)


def colon(language: str | None) -> str:
    """Return the colon of a language between a name and what is said of it: French has a narrow blank before it that never breaks."""
    return COLONS.get(language or "", ": ")


def beside(name: object, words: object, language: str | None) -> str:
    """Join a name and what is said of it as a language writes it."""
    return f"{name}{colon(language)}{words}"


def ended(words: object, language: str | None) -> str:
    """Return words as a sentence: with the full stop of a language, unless they end with one already."""
    text = str(words).rstrip()
    return text if not text or text.endswith(ENDS) else text + STOPS.get(language or "", ".")
