"""A file of questions, read whatever it is: GIFT or Moodle XML, in UTF-8 or, shown before anything is written, windows-1252."""

import codecs
import re
from dataclasses import replace

from training.question_files import gift, moodle
from training.question_files.values import FileRefused, Finding, Reading, Row

MOST_BYTES = 5 * 1024 * 1024
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")
DECLARED = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.-]+)[\"']", re.IGNORECASE)
OWN_KEY = re.compile(r"[-a-zA-Z0-9_]{1,50}")
LONGEST_KEY = 50
# What an XML file may say that it is written in; Python knows others that cost ever more the longer a text is.
ENCODINGS = {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "koi8-r", "koi8-u"}
ENCODINGS |= {f"cp125{n}" for n in range(9)} | {f"iso8859-{n}" for n in range(1, 17)}


def read(content: bytes) -> Reading:
    """Return every question of a file, taken or refused; raise FileRefused when it is no file of questions."""
    if len(content) > MOST_BYTES:
        raise FileRefused("too_large")
    if not content.strip():
        raise FileRefused("empty")
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if content.startswith(MAGIC) or (BINARY.search(content) and not is_marked):
        raise FileRefused("not_text")
    text, encoding = _decoded(content)
    if _is_xml(text.lstrip()):
        rows, form = moodle.read(_undeclared(text.lstrip()).encode()), "moodle_xml"
    else:
        rows, form = gift.read(text.replace("\r\n", "\n").replace("\r", "\n")), "gift"
    if not any(row.item for row in rows) and not any(row.type for row in rows):
        raise FileRefused("not_questions")
    return Reading(_each_once(rows), form, encoding)


def _is_xml(text: str) -> bool:
    """Tell whether a text is XML; a question in GIFT may begin with markup too, but it has braces."""
    return text[:5].lower().startswith(("<?xml", "<quiz", "<!")) or (text.startswith("<") and "{" not in text)


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding: what an XML file declares, else UTF-8, else windows-1252."""
    marked = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    named = DECLARED.match(content.lstrip()[:200])
    tried = [(_known(named[1].decode("ascii")), named[1].decode("ascii").lower())] if named else []
    tried += [(marked, marked.removesuffix("-sig")), ("cp1252", "windows-1252")]
    for codec, name in tried:
        try:
            text = content.decode("utf-8-sig" if codec == "utf-8" else codec)
        except UnicodeError:
            continue
        return text, name
    raise FileRefused("unknown_encoding")


def _known(encoding: str) -> str:
    """Return the codec of an encoding that a file declares; raise FileRefused where it is none in which letters are kept."""
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        codec = ""
    if codec not in ENCODINGS:
        raise FileRefused("unknown_encoding")
    return codec


def _undeclared(text: str) -> str:
    """Return an XML text without the encoding it declares: it is decoded already."""
    return re.sub(r"^<\?xml[^>]*\?>", "", text, count=1)


def _each_once(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Refuse a key that is no key of the bank, and the second question of one key."""
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        if row.key and row.refusal is None:
            if not OWN_KEY.fullmatch(row.key):
                row = replace(row, key="", notes=(*row.notes, Finding("key_left_out", row.key[:LONGEST_KEY])))
            elif row.key in seen:
                row = replace(row, item=None, refusal=Finding("double_key", str(seen[row.key])))
            else:
                seen[row.key] = row.line
        kept.append(row)
    return tuple(kept)
