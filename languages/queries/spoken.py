"""Words of the interface in a wanted language, or along its fallback chain, and the language they are really in."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise

from languages import table
from languages.catalogues import awaiting_ids


@dataclass(frozen=True)
class Spoken:
    """Words in the language in which they exist; `wanted` names the language asked for when they fell back."""

    text: str
    language: str
    wanted: str
    is_draft: bool = False  # by a machine or by us: no native reader has read them

    @property
    def is_fallback(self) -> bool:
        """Tell whether the words do not exist in the language asked for."""
        return self.language != self.wanted

    @property
    def own(self) -> str:
        """Return the own name of the language in which the words are."""
        return table.BY_CODE[self.language].own

    @property
    def wanted_own(self) -> str:
        """Return the own name of the language asked for."""
        return table.BY_CODE[self.wanted].own

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr" of the words."""
        return table.BY_CODE[self.language].direction


def in_language(words: Promise | str, language: str) -> Spoken:
    """Return words of the interface in a language, else along its fallback chain, and in which they are."""
    with translation.override(None):
        source = str(words)
    wanted = language if language in table.BY_CODE else table.SOURCE
    for code in (wanted, *table.BY_CODE[wanted].chain):
        with translation.override(code):
            text = str(words)
        if code == table.SOURCE or text != source:
            return Spoken(text, code, wanted, code != table.SOURCE and source in awaiting_ids(code))
    return Spoken(source, table.SOURCE, wanted)
