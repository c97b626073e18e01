"""Translation lines to PO and back, and what an import would do. Pure: bytes and values, no rows."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import polib

from languages import table
from languages.text import Fault, clean, faults_of

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 20_000
MAX_TEXT = 20_000
OBJECT_HEADER, FORMAT_HEADER = "X-Fanal-Object", "X-Fanal-Format"
# Short enough that no editor breaks the line.
DIGEST = 32
# Numbers that fit their columns: int() refuses those of thousands of digits, a database those of twenty.
_FACTS = re.compile(r"^fanal ([0-9a-f]{32}) unit=(\d{1,9}) kind=([a-z]+) limit=(\d{1,9})$")
_LINE_NUMBER = re.compile(r"line (\d+)")
# A line that opens a string closes it too; polib takes one that was cut off for whole.
_OPENS = re.compile(r"""\s*(?:#~\s*)?(?:msg[a-z_]+(?:\[\d+\])?\s*)?\"""")
_CLOSES = re.compile(r"""[^"]*"(?:[^"\\]|\\.)*"\s*""")

WRITTEN = ("matched", "stale")
REFUSED = ("conflict", "unknown", "placeholder_broken", "unsafe", "too_long", "line_break", "captions", "doubled")


class BadFile(ValueError):
    """Raised when a file cannot be read at all: `code` says why, `what` where. Export anew and fill that in."""

    def __init__(self, code: str, what: str = ""):
        self.code, self.what = code, what
        super().__init__(f"The file cannot be read: {code} {what}".strip())


class WrongObject(ValueError):
    """Raised when a file is about another thing or language than the page it is loaded into; open that page."""

    def __init__(self, what: str):
        self.code, self.what = "wrong_object", what
        super().__init__(f"The file is about {what}.")


@dataclass(frozen=True)
class Line:
    """One string as it travels: its path, what it says, its translation, and the versions it was taken at.

    `digest` is the beginning of the source's digest, DIGEST signs long.
    """

    path: str
    source: str
    target: str
    digest: str
    unit_version: int = 0
    kind: str = "text"
    max_length: int | None = None
    note: str = ""
    previous: str = ""


@dataclass(frozen=True)
class File:
    """The lines of one thing in one language."""

    thing: str
    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Current:
    """What stands now for a path: source, digest, tags, limits, the draft and its version."""

    source: str
    digest: str
    draft: str = ""
    unit_version: int = 0
    kind: str = "text"
    max_length: int | None = None
    tags: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What an import does with one line, and why."""

    line: Line
    code: str
    faults: tuple[Fault, ...] = ()

    @property
    def is_written(self) -> bool:
        """Tell whether the line becomes a draft."""
        return self.code in WRITTEN


def write_po(file: File) -> bytes:
    """Return the lines of a thing as a PO file."""
    row = table.BY_CODE[file.language]
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "Project-Id-Version": "Fanal",
        "Language": row.folder,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": row.plural_header,
        OBJECT_HEADER: file.thing,
        FORMAT_HEADER: "1",
    }
    for line in file.lines:
        po.append(_entry(file.thing, line))
    return str(po).encode()


def _entry(thing: str, line: Line) -> polib.POEntry:
    facts = f"fanal {line.digest} unit={line.unit_version} kind={line.kind} limit={line.max_length or 0}"
    entry = polib.POEntry(
        msgctxt=f"{thing} {line.path}",
        msgid=line.source,
        msgstr=line.target,
        comment=f"{line.note}\n{facts}" if line.note else facts,
    )
    if line.previous:
        entry.flags, entry.previous_msgid = ["fuzzy"], line.previous
    return entry


def read_po(content: bytes) -> File:
    """Return the lines of a PO file; raise BadFile before anything is believed."""
    text = _decoded(content)
    for number, line in enumerate(text.split("\n"), 1):
        if _OPENS.match(line) and not _CLOSES.fullmatch(line):
            raise BadFile("broken_line", str(number))
    try:
        # The first line keeps polib from taking the text for the name of a file.
        po = polib.pofile("# \n" + text, wrapwidth=0)
    except (OSError, ValueError, IndexError, UnicodeError) as error:
        where = _LINE_NUMBER.search(str(error))
        raise BadFile("broken_line", str(int(where[1]) - 1) if where else "?") from error
    charset = po.metadata.get("Content-Type", "").lower()
    if "charset=utf-8" not in charset:
        raise BadFile("charset")
    thing, folder = po.metadata.get(OBJECT_HEADER, ""), po.metadata.get("Language", "")
    language = next((row.code for row in table.TABLE if row.folder == folder), "")
    if not thing or not language:
        raise BadFile("header")
    entries = [entry for entry in po if not entry.obsolete]
    if len(entries) > MAX_LINES:
        raise BadFile("too_many", str(len(entries)))
    return File(thing, language, tuple(_line(thing, entry) for entry in entries))


def texts_of(po_text: str) -> dict[str, tuple[str, str]]:
    """Return msgctxt -> (msgid, msgstr) of the translated entries of a PO file that came with the product."""
    po = polib.pofile("# \n" + clean(po_text), wrapwidth=0)
    return {
        entry.msgctxt or "": (entry.msgid, entry.msgstr)
        for entry in po
        if entry.msgstr and "fuzzy" not in entry.flags and not entry.obsolete
    }


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise BadFile("too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise BadFile("not_utf8", str(number)) from error
    if "msgid" not in text:
        raise BadFile("no_po")
    return clean(text)


def _line(thing: str, entry: polib.POEntry) -> Line:
    *notes, last = (entry.comment or "").split("\n")
    facts = _FACTS.match(last)
    if not facts or not (entry.msgctxt or "").startswith(f"{thing} "):
        raise BadFile("lost_comment", entry.msgid[:40])
    digest, version, kind, limit = facts.groups()
    return Line(
        path=entry.msgctxt.removeprefix(f"{thing} "),
        source=entry.msgid,
        target=entry.msgstr,
        digest=digest,
        unit_version=int(version),
        kind=kind,
        max_length=int(limit) or None,
        note="\n".join(notes),
        previous=entry.previous_msgid or "",
    )


def outcomes(file: File, thing: str, language: str, current: Mapping[str, Current]) -> list[Outcome]:
    """Return what an import of this file would do, line by line."""
    if (file.thing, file.language) != (thing, language):
        raise WrongObject(f"{file.thing} {file.language}")
    counts = Counter(line.path for line in file.lines)
    return [_outcome(line, counts[line.path], current.get(line.path)) for line in file.lines]


def _outcome(line: Line, times: int, now: Current | None) -> Outcome:
    if times > 1:
        return Outcome(line, "doubled")
    if now is None:
        return Outcome(line, "unknown")
    if not line.target:
        return Outcome(line, "empty")
    if line.target == now.draft:
        return Outcome(line, "unchanged")
    faults = faults_of(now.source, line.target, kind=now.kind, max_length=now.max_length, tags=now.tags)
    if stopping := tuple(fault for fault in faults if fault.stops):
        return Outcome(line, _code_of(stopping[0]), stopping)
    if line.unit_version != now.unit_version:
        return Outcome(line, "conflict")
    return Outcome(line, "matched" if now.digest.startswith(line.digest) else "stale", tuple(faults))


def _code_of(fault: Fault) -> str:
    if fault.code.startswith(("placeholder", "tag_")):
        return "placeholder_broken"
    return "captions" if fault.code.startswith("captions") else fault.code
