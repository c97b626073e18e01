"""What may be cited as a public source: an address of the web, or a document by name and year."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

SCHEME = re.compile(r"\w+:(?!\s)")
BETWEEN = re.compile(r"[\r\n]+|\s;\s")  # the seeds put several addresses on a line
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
FEWEST_WORDS = 3
_is_address = URLValidator(schemes=["http", "https"])


def refuse_no_source(value: str) -> None:
    """Raise a message for the person when a line leads nobody to a source."""
    for line in filter(None, map(str.strip, BETWEEN.split(value))):
        if not (_leads(line.partition(" ")[0]) or _names_a_document(line)):  # a note may follow an address
            raise ValidationError(
                _(
                    "“%(line)s” leads to no source. Write an address that begins with https://, or the name of a "
                    "document with its year, for example: Labour Act 2015, section 21."
                ),
                params={"line": line[:80]},
                code="source",
            )


def _leads(line: str) -> bool:
    try:
        _is_address(line)
    except ValidationError:
        return False
    return True


def _names_a_document(line: str) -> bool:
    return not SCHEME.match(line) and len(line.split()) >= FEWEST_WORDS and bool(YEAR.search(line))
