"""Words to say, in the person's language beside the operator's; what is missing in a language says so."""

from dataclasses import dataclass

from django.utils import translation

from languages import table

FIRST_STRONG, POP = "\u2068", "\u2069"


def isolated(text: str, language: str) -> str:
    """Return a name for a sentence that runs from the right, held so that it does not turn the sentence."""
    return f"{FIRST_STRONG}{text}{POP}" if table.BY_CODE[language].rtl else text


@dataclass(frozen=True)
class Spoken:
    """A text as it is said, and the language it is really in."""

    text: str
    language: str
    wanted: str

    @property
    def is_fallback(self) -> bool:
        """Tell whether the text fell back to another language."""
        return self.language != self.wanted

    @property
    def direction(self) -> str:
        """Return the direction of the language the text is in."""
        return table.BY_CODE[self.language].direction

    @property
    def own_name(self) -> str:
        """Return the wanted language's own name."""
        return table.BY_CODE[self.wanted].own


@dataclass(frozen=True)
class Pair:
    """What to say, and what it means."""

    say: Spoken
    mean: Spoken


def in_language(words, language: str) -> Spoken:
    """Return an interface text in a language, or along its chain, with the language it is in."""
    with translation.override(table.SOURCE):
        source = str(words)
    for code in (language, *table.BY_CODE[language].chain):
        with translation.override(code):
            text = str(words)
        if text != source or code == table.SOURCE:
            return Spoken(text, code, language)
    return Spoken(source, table.SOURCE, language)


def pair_of(words, person: str, operator: str) -> Pair:
    """Return a text for the person beside the same for the operator."""
    return Pair(in_language(words, person), in_language(words, operator))
