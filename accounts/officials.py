"""A file of officials, read and checked row by row. Pure: bytes and what is known in, rows with faults out.

Columns name, e-mail, office, country, language in any order; commas, semicolons or tabs between them.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from languages import table, text

MOST_ROWS = 2000
MOST_COLUMNS, MOST_UNUSED = 100, 20  # columns with a head that a file may have; those not used that are named
MOST_BYTES = 1_000_000
LONGEST = 150
COLUMNS = ("name", "email", "office", "country", "language")
HEADERS = {"name": "name", "e-mail": "email", "email": "email", "office": "office", "country": "country",
           "language": "language"}  # fmt: skip
# How files begin that a spreadsheet program or a printer makes, and that are no text: Excel, OpenDocument, old Excel, PDF.
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF")
OTHER_SORTS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers", ".pdf", ".docx", ".doc", ".zip")
BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
ADDRESS = re.compile(r"[a-z0-9.!#$%&'*/=?^_`{|}~+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
DELIMITER_HINT = re.compile(r"\"?sep=([,;\t])\"?")
NO_OFFICE = ("unknown_office", "office_elsewhere")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def office_name(words: str) -> str:
    """Return the name of an office as it is kept: in one Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def office_key(words: str) -> str:
    """Return by what two names of an office in one country are the same: however they are written."""
    return office_name(words).casefold()


class FileRefused(Exception):
    """Raised when a file cannot be read as a list of officials at all; `code` says why, `detail` where."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: the column and a code; `detail` names the row of a double, or an office's country."""

    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Known:
    """What the installation knows: countries by folded name or code, offices by (country, key of the name), addresses.

    `closed`: the offices that take nobody any more, by the same.
    `headers`: the columns by their folded names in the reader's language; the English ones are known anyway.
    """

    countries: Mapping[str, str]
    offices: Mapping[tuple[str, str], int]
    addresses: frozenset[str] = frozenset()
    allowed_countries: frozenset[str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Official:
    """One row: its number in the file, the cells as typed, what they mean, and what is wrong."""

    number: int
    cells: dict[str, str]
    email: str = ""
    country: str = ""
    office: int = 0
    language: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def office_place(self) -> tuple[str, str]:
        """Return the country of the row and the key of the office it names."""
        return self.country, office_key(self.cells["office"])

    @property
    def lacks_office(self) -> bool:
        """Tell whether nothing is wrong with this row but that its country does not have the office yet."""
        return [fault.code for fault in self.faults] in ([code] for code in NO_OFFICE)


@dataclass(frozen=True)
class NewOffice:
    """An office that rows of a file name and their country does not have: how many rows lack only it."""

    country: str
    name: str
    rows: int
    elsewhere: str = ""


@dataclass(frozen=True)
class Reading:
    """A whole file: rows, the encoding it was read in, and columns that were not used."""

    rows: list[Official]
    encoding: str
    unused: list[str]

    @property
    def good(self) -> list[Official]:
        """Return the rows without a fault."""
        return [row for row in self.rows if not row.faults]

    @property
    def bad(self) -> list[Official]:
        """Return the rows that are refused."""
        return [row for row in self.rows if row.faults]

    @property
    def waiting(self) -> list[Official]:
        """Return the refused rows that lack nothing but their office."""
        return [row for row in self.rows if row.lacks_office]

    @property
    def new_offices(self) -> list[NewOffice]:
        """Return the offices that those rows name, by country, in the order of the file; of one name once."""
        groups: dict[tuple[str, str], list[Official]] = {}
        for row in self.waiting:
            groups.setdefault(row.office_place, []).append(row)
        found = [
            NewOffice(rows[0].country, office_name(rows[0].cells["office"]), len(rows), rows[0].faults[0].detail)
            for rows in groups.values()
        ]
        return sorted(found, key=lambda office: office.country)


def read(content: bytes, known: Known, name: str = "") -> Reading:
    """Return every row of a file with its faults; raise FileRefused when it is no list of officials.

    The name only helps to say what is wrong: a file that reads as a list is taken, whatever it is called.
    """
    with telling_other_sorts(content, name):
        return _read(content, known)


@contextmanager
def telling_other_sorts(content: bytes, name: str) -> Iterator[None]:
    """Say of a file that cannot be read, and is of another sort than text, that it is no CSV file."""
    try:
        yield
    except FileRefused as error:
        if error.code in {"missing_columns", "not_a_table", "unknown_encoding"} and _is_no_text(content, name):
            raise FileRefused("not_csv") from error
        raise


def _is_no_text(content: bytes, name: str) -> bool:
    """Tell whether a file is of another sort than text, by its name, how it begins, or signs no text holds."""
    if name.lower().endswith(OTHER_SORTS) or content.startswith(MAGIC):
        return True
    try:
        return bool(BINARY.search(decode(content)[0]))
    except FileRefused:
        return True


def _read(content: bytes, known: Known) -> Reading:
    numbered, encoding = numbered_lines(content)
    columns, unused = columns_in(numbered[0][1], {**known.headers, **HEADERS}, COLUMNS)
    refuse_length(len(numbered) - 1)
    return Reading(_checked(numbered[1:], columns, known), encoding, unused)


def numbered_lines(content: bytes) -> tuple[list[tuple[int, list[str]]], str]:
    """Return the lines of a CSV file that hold anything, each with its number in the file, and the encoding."""
    if len(content) > MOST_BYTES:
        raise FileRefused("too_large")
    decoded, encoding = decode(content)
    words, delimiter, first = _without_hint(decoded)
    try:
        lines = list(csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefused("not_a_table") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=first) if any(cell.strip() for cell in line)]
    if not numbered:
        raise FileRefused("empty")
    return numbered, encoding


def refuse_length(rows: int) -> None:
    """Refuse a list without rows, or with more than can be looked through."""
    if rows > MOST_ROWS:
        raise FileRefused("too_many_rows", str(rows))
    if rows == 0:
        raise FileRefused("no_rows")


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-8, UTF-16 when it is marked so, else windows-1252."""
    marked = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    for encoding, name in ((marked, marked.removesuffix("-sig")), ("cp1252", "windows-1252")):
        try:
            return content.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise FileRefused("unknown_encoding")


def _without_hint(words: str) -> tuple[str, str, int]:
    """Return the text without the line by which spreadsheets name the delimiter, the delimiter, and its first line's number."""
    first, _, rest = words.partition("\n")
    if hint := DELIMITER_HINT.fullmatch(first.strip()):
        return rest, hint[1], 2
    return words, max(",;\t", key=words.lstrip().split("\n", 1)[0].count), 1


def columns_in(header: list[str], names: Mapping[str, str], needed: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return where each column stands, by folded names, and the first heads that are not used.

    Refuse a header without a needed one, and one of more columns than anybody looks through.
    """
    many = sum(1 for words in header if words.strip())
    if many > MOST_COLUMNS:
        raise FileRefused("too_many_columns", str(many))
    found: dict[str, int] = {}
    unused = []
    for place, words in enumerate(header):
        column = names.get(words.strip().casefold())
        if column is None:
            unused.append(words.strip()[:40])
        elif column in found:
            raise FileRefused("double_column", column)
        else:
            found[column] = place
    missing = [column for column in needed if column not in found]
    if missing:
        raise FileRefused("missing_columns", ", ".join(missing))
    named = [words for words in unused if words]
    return found, [*named[:MOST_UNUSED], *(["…"] if len(named) > MOST_UNUSED else [])]


def _checked(numbered: list[tuple[int, list[str]]], columns: dict[str, int], known: Known) -> list[Official]:
    rows, seen = [], {}
    for number, line in numbered:
        cells = {name: line[place].strip() if place < len(line) else "" for name, place in columns.items()}
        row = _check(number, cells, known)
        first = seen.setdefault(row.email, number) if row.email else number
        if first != number:
            row.faults.append(Fault("email", "double", str(first)))
        rows.append(row)
    return rows


def _check(number: int, cells: dict[str, str], known: Known) -> Official:
    faults = [fault for column in COLUMNS if (fault := shape_fault(column, cells[column])) is not None]
    broken = {fault.column for fault in faults}
    email = cells["email"].lower()
    country = known.countries.get(cells["country"].casefold(), "")
    office = known.offices.get((country, office_key(cells["office"])), 0)
    language = _language(cells["language"])
    is_allowed = known.allowed_countries is None or country in known.allowed_countries
    findings = [
        ("email", not ADDRESS.fullmatch(email), "bad_address"),
        ("email", email in known.addresses, "taken"),
        ("country", not country, "unknown_country"),
        ("country", bool(country) and not is_allowed, "other_country"),
        ("language", not language, "unknown_language"),
    ]
    faults += [Fault(column, code) for column, true, code in findings if true and column not in broken]
    if country and is_allowed and not office and "office" not in broken:
        faults.append(_unknown_office(country, office_key(cells["office"]), known))
    return Official(number, cells, email, country, office, language, faults)


def _unknown_office(country: str, key: str, known: Known) -> Fault:
    """Return that an office is closed, or unknown, or of which other countries it is one."""
    if (country, key) in known.closed:
        return Fault("office", "office_closed")
    elsewhere = sorted(country for country, name in known.offices if name == key)
    return Fault("office", "office_elsewhere" if elsewhere else "unknown_office", ", ".join(elsewhere))


def shape_fault(column: str, cell: str) -> Fault | None:
    """Return what is wrong with a cell whatever it means: empty, too long, a formula, hidden signs."""
    if not cell:
        return Fault(column, "empty")
    if len(cell) > (254 if column == "email" else LONGEST):
        return Fault(column, "too_long")
    if cell.startswith(FORMULA):
        return Fault(column, "formula")
    try:
        text.check_input(cell)
    except text.OddText:
        return Fault(column, "hidden_signs")
    if column == "name" and text.pictures_in(cell):
        return Fault(column, "pictures")
    return Fault(column, "lines") if "\n" in cell or "\r" in cell else None


def _language(words: str) -> str:
    """Return the code of a language given by code, English name or own name."""
    wanted = words.casefold()
    fitting = (row.code for row in table.TABLE if wanted in (row.code, row.english.casefold(), row.own.casefold()))
    return next(fitting, "")
