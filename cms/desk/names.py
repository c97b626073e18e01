"""How things are called at the desk: in the reader's language where that stands, else in the source; which, is kept along."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from languages import table


class Name(str):
    """A name with the language of its words ("": the one being written) and the same in the source, by which it is found too."""

    language: str = ""
    source: str = ""

    @classmethod
    def of(cls, text: str, language: str = "", source: str = "") -> Self:
        """Return a name."""
        made = cls(text)
        made.language, made.source = language, source
        return made


def reader() -> str:
    """Return the code of the language being written, as the table spells it."""
    return table.known(get_language() or table.SOURCE) or table.SOURCE


def columns(field: str) -> tuple[str, ...]:
    """Return the columns in which a name stands for this reader: the source, and her own language."""
    return tuple(dict.fromkeys(build_localized_fieldname(field, code) for code in (table.SOURCE, reader())))


def name_in(row: models.Model, field: str) -> Name:
    """Return a field as a name: in the reader's language where it stands there, else in the source."""
    source = getattr(row, build_localized_fieldname(field, table.SOURCE)) or ""
    own = getattr(row, build_localized_fieldname(field, reader())) or ""
    return Name.of(own, reader(), source) if own else Name.of(source, table.SOURCE, source)
