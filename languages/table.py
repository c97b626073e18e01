"""The fifteen languages, in one table that settings, forms, tests and documents read.

Pure: imports nothing of Django. Plural headers follow Django's catalogues where Django ships the language.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One language: code as in URLs, names, direction, plural rule, fallback chain."""

    code: str
    english: str
    own: str
    plurals: int
    plural_rule: str
    chain: tuple[str, ...]
    rtl: bool = False
    script: str = "Latn"
    in_django: bool = True

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.rtl else "ltr"

    @property
    def folder(self) -> str:
        """Return the catalogue folder: pt-br lives in pt_BR."""
        head, _, region = self.code.partition("-")
        return f"{head}_{region.upper()}" if region else head

    @property
    def plural_header(self) -> str:
        """Return the Plural-Forms header of this language's catalogue."""
        return f"nplurals={self.plurals}; plural={self.plural_rule};"


SOURCE = "en"

_SPANISH = "n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2"
_ARABIC = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"

TABLE: tuple[Row, ...] = (
    Row("en", "English", "English", 2, "(n != 1)", ()),
    Row("fr", "French", "français", 2, "(n > 1)", ("en",)),
    Row("es", "Spanish", "español", 3, _SPANISH, ("en",)),
    Row("pt", "Portuguese", "português", 2, "(n != 1)", ("pt-br", "en")),
    Row("pt-br", "Brazilian Portuguese", "português do Brasil", 2, "(n > 1)", ("pt", "en")),
    Row("ar", "Arabic", "العربيّة", 6, _ARABIC, ("en",), rtl=True, script="Arab"),
    Row("ht", "Haitian Creole", "Kreyòl ayisyen", 2, "(n > 1)", ("fr", "en"), in_django=False),
    Row("rw", "Kinyarwanda", "Ikinyarwanda", 2, "(n != 1)", ("en",), in_django=False),
    Row("wo", "Wolof", "Wolof", 1, "0", ("fr", "en"), in_django=False),
    Row("bn", "Bengali", "বাংলা", 2, "(n != 1)", ("en",), script="Beng"),
    Row("id", "Indonesian", "Bahasa Indonesia", 1, "0", ("en",)),
    Row("th", "Thai", "ภาษาไทย", 1, "0", ("en",), script="Thai"),
    Row("mg", "Malagasy", "Malagasy", 2, "(n > 1)", ("fr", "en"), in_django=False),
    Row("ny", "Chichewa", "Chichewa", 2, "(n != 1)", ("en",), in_django=False),
    Row("sw", "Swahili", "Kiswahili", 2, "(n != 1)", ("en",)),
)

BY_CODE: dict[str, Row] = {row.code: row for row in TABLE}
CODES: tuple[str, ...] = tuple(BY_CODE)
LANGUAGES: tuple[tuple[str, str], ...] = tuple((row.code, row.english) for row in TABLE)
CHAINS: dict[str, tuple[str, ...]] = {"default": (SOURCE,)} | {row.code: row.chain for row in TABLE if row.chain}
LANG_INFO: dict[str, dict] = {
    row.code: {"bidi": row.rtl, "code": row.code, "name": row.english, "name_local": row.own}
    for row in TABLE
    if not row.in_django
}
ADMIN: tuple[tuple[str, str], ...] = (
    ("en", "English"),
    ("fr", "français"),
    ("es", "español"),
    ("pt-br", "português do Brasil"),
    ("pt-pt", "português"),
    ("ar", "العربيّة"),
    ("th", "ภาษาไทย"),
    ("id-id", "Bahasa Indonesia"),
)


def known(head: str) -> str:
    """Return the language that a first part of a path means: exact, in other case, or with a region; "" when none."""
    if head in BY_CODE:
        return head
    spelled = head.lower().replace("_", "-")
    if spelled in BY_CODE:
        return spelled
    base, dash, region = spelled.partition("-")
    is_region = bool(dash) and region.isalnum() and len(region) in {2, 3}
    return base if is_region and base in BY_CODE else ""


def editor_language(code: str) -> str:
    """Return the language in which Wagtail's editor speaks to a reader of ours: the first of the chain that it knows."""
    spelled = {admin.partition("-")[0] if len(set(admin.split("-"))) == 1 else admin: admin for admin, _own in ADMIN}
    chain = BY_CODE[code].chain if code in BY_CODE else ()
    return next((spelled[one] for one in (code, *chain) if one in spelled), SOURCE)
