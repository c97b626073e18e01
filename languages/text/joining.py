"""Lists within a sentence, with the comma of their language."""

from collections.abc import Iterable

COMMAS = {"ar": "، "}


def listed(parts: Iterable[object], language: str | None) -> str:
    """Join the parts of a list as a language writes it."""
    return COMMAS.get(language or "", ", ").join(str(part) for part in parts)
