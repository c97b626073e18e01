"""The interface catalogues: compile them, keep them in one shape, check them, count what awaits a native reader.

Pure: callable before Django is set up. `python -m languages.catalogues` compiles all that changed.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polib

from languages import table
from languages.foreign import CALENDAR, FORMS
from languages.text import placeholders

ROOT = Path(__file__).resolve().parent.parent / "locale"
AWAITING = "awaiting native review"
REVIEWED = "reviewed: "
FEW = (
    0.1  # of the words, which a catalogue may lack and yet be whole: the four without the staff's lack more than half
)
# A msgstr, or one of its forms, that nothing follows.
_EMPTY = re.compile(r'^msgstr(?:\[\d\])? ""$(?!\n")', re.MULTILINE)
_ID = re.compile(r'^msgid ((?:".*"\n?)+)', re.MULTILINE)
_LINE = re.compile(r'"(.*)"')
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HEADER_KEYS = ("Project-Id-Version", "Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                "Plural-Forms")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a catalogue: language, message, code, and what it concerns."""

    language: str
    message: str
    code: str
    what: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.language}: {self.code} {self.what} in {self.message[:60]!r}".replace("  ", " ")


@dataclass(frozen=True)
class Count:
    """How far a catalogue is: messages, those translated, and those of them that await a native reader."""

    total: int
    translated: int
    awaiting: int

    @property
    def percent(self) -> int:
        """Return the translated share, rounded down: 100 means all."""
        return self.translated * 100 // self.total if self.total else 0


def path_of(language: str, root: Path = ROOT) -> Path:
    """Return where the catalogue of a language lies."""
    return root / table.BY_CODE[language].folder / "LC_MESSAGES" / "django.po"


def compile_all(root: Path = ROOT) -> list[str]:
    """Compile every catalogue that is newer than its compiled file; return the languages that were compiled."""
    compiled = []
    for language in table.CODES:
        source = path_of(language, root)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(f".{language}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        compiled.append(language)
    return compiled


def key_of(entry: polib.POEntry) -> tuple[str, str, str]:
    """Return what makes an entry one message."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def foreign_words(language: str) -> set[tuple[str, str]]:
    """Return (context, message) of words that Django has for other languages and not for this one."""
    return set() if table.BY_CODE[language].in_django else {*CALENDAR, *FORMS}


def tidy(language: str, before: dict[tuple, polib.POEntry] | None = None, root: Path = ROOT) -> None:
    """Write a catalogue in its one shape: header from the table, all plural forms, sorted, no places, no leftovers.

    `before` holds the entries as they were before a merge with the sources, which loses marks and foreign words.
    """
    path = path_of(language, root)
    before = entries_in(language, root) if before is None else before
    new = polib.POFile(wrapwidth=100)
    new.metadata = header(language)
    kept = entries_in(language, root)
    for context, message in sorted(foreign_words(language)):
        key = (context, message, "")
        if key not in kept:
            kept[key] = before.get(key) or polib.POEntry(msgctxt=context or None, msgid=message)
    for key in sorted(kept, key=lambda key: (key[1].casefold(), key)):
        new.append(_tidied(kept[key], language, mark_of(before[key]) if key in before else ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{str(new).strip()}\n", encoding="utf-8")


def header(language: str) -> dict[str, str]:
    """Return the header of a language's catalogue."""
    row = table.BY_CODE[language]
    values = ("Fanal", row.folder, "1.0", "text/plain; charset=UTF-8", "8bit", row.plural_header)
    return dict(zip(_HEADER_KEYS, values, strict=True))


def _tidied(entry: polib.POEntry, language: str, mark: str) -> polib.POEntry:
    entry.occurrences, entry.previous_msgid, entry.previous_msgctxt, entry.previous_msgid_plural = [], None, None, None
    if "fuzzy" in entry.flags:
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.msgstr, entry.msgstr_plural = "", {}
    if entry.msgid_plural:
        forms = range(table.BY_CODE[language].plurals)
        entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in forms}
    if mark and is_translated(entry) and mark not in entry.comment:
        entry.comment = f"{entry.comment}\n{mark}".strip()
    return entry


def entries_in(language: str, root: Path = ROOT) -> dict[tuple, polib.POEntry]:
    """Return the entries of a catalogue by key; none when there is no file yet."""
    path = path_of(language, root)
    if not path.exists():
        return {}
    return {key_of(entry): entry for entry in polib.pofile(str(path), wrapwidth=0) if not entry.obsolete}


def mark_of(entry: polib.POEntry) -> str:
    """Return "awaiting native review", "reviewed: …" or nothing."""
    lines = (entry.comment or "").split("\n")
    return next((line for line in lines if line == AWAITING or line.startswith(REVIEWED)), "")


def is_translated(entry: polib.POEntry) -> bool:
    """Tell whether every form of an entry has a text."""
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(forms) and all(forms)


def counts(root: Path = ROOT) -> dict[str, Count]:
    """Return how far each catalogue is; the source language counts as translated. Reads our own shape, so it is fast."""
    counted = {}
    for language in table.CODES:
        _head, *entries = path_of(language, root).read_text(encoding="utf-8").strip().split("\n\n")
        done = [entry for entry in entries if language == table.SOURCE or not _EMPTY.search(entry)]
        awaiting = [entry for entry in done if f"#. {AWAITING}" in entry]
        counted[language] = Count(len(entries), len(done), len(awaiting))
    return counted


@lru_cache
def is_whole(language: str, root: Path = ROOT) -> bool:
    """Tell whether a catalogue has, but for a few that are new, all words: those of the staff too. Read once."""
    if language == table.SOURCE:
        return True
    _head, *entries = path_of(language, root).read_text(encoding="utf-8").strip().split("\n\n")
    missing = sum(1 for entry in entries if _EMPTY.search(entry))
    return missing <= len(entries) * FEW


@lru_cache
def awaits_native(language: str, root: Path = ROOT) -> bool:
    """Tell whether words of a catalogue are a machine's draft that no native reader has read. Read once."""
    return f"#. {AWAITING}" in path_of(language, root).read_text(encoding="utf-8")


@lru_cache
def awaiting_ids(language: str, root: Path = ROOT) -> frozenset[str]:
    """Return the messages of a language whose words no native reader has read. Read once; our own shape, so it is fast."""
    entries = path_of(language, root).read_text(encoding="utf-8").strip().split("\n\n")[1:]
    awaiting = [entry for entry in entries if f"#. {AWAITING}" in entry]
    return frozenset(polib.unescape("".join(_LINE.findall(_ID.search(entry)[1]))) for entry in awaiting)


def check(root: Path = ROOT) -> list[Finding]:
    """Return everything wrong in the catalogues."""
    wanted = {key_of(entry) for entry in polib.pofile(str(path_of(table.SOURCE, root))) if not entry.obsolete}
    return [finding for language in table.CODES for finding in _check_catalogue(language, wanted, root)]


def _check_catalogue(language: str, wanted: set[tuple], root: Path) -> Iterable[Finding]:
    po = polib.pofile(str(path_of(language, root)))
    for name, value in header(language).items():
        if po.metadata.get(name) != value:
            yield Finding(language, "", "header", f"{name}: {po.metadata.get(name)}")
    present = {key_of(entry) for entry in po if not entry.obsolete}
    foreign = {(context, message, "") for context, message in foreign_words(language)}
    for key in sorted((wanted | foreign) - present):
        yield Finding(language, key[1], "missing")
    for key in sorted(present - wanted - foreign):
        yield Finding(language, key[1], "not_in_source_catalogue")
    for entry in po:
        yield from _check_entry(language, entry)


def _check_entry(language: str, entry: polib.POEntry) -> Iterable[Finding]:
    if "fuzzy" in entry.flags:
        yield Finding(language, entry.msgid, "fuzzy")
    if entry.msgid_plural:
        expected = set(range(table.BY_CODE[language].plurals))
        if set(entry.msgstr_plural) != expected:
            yield Finding(language, entry.msgid, "plural_forms", str(len(entry.msgstr_plural)))
        if any(entry.msgstr_plural.values()) and not all(entry.msgstr_plural.values()):
            yield Finding(language, entry.msgid, "plural_forms", "some empty")
        targets = list(entry.msgstr_plural.values())
        sources = [entry.msgid, entry.msgid_plural]
    else:
        targets, sources = [entry.msgstr], [entry.msgid]
    for form, target in enumerate(targets):
        if target:
            yield from _check_pair(language, sources[-1], target, may_omit=form < len(targets) - 1)


def _check_pair(language: str, message: str, target: str, *, may_omit: bool) -> Iterable[Finding]:
    """Compare one target with its source; a plural form but the last may leave the number out ("one day")."""
    allowed, given = set(placeholders(message)), set(placeholders(target))
    needed = set() if may_omit else allowed
    for name in sorted((needed - given) | (given - allowed)):
        yield Finding(language, message, "placeholder", name)
    if sorted(_TAG.findall(message)) != sorted(_TAG.findall(target)):
        yield Finding(language, message, "tags")
    if _edges(message) != _edges(target):
        yield Finding(language, message, "edge_spaces")
    if _BIDI.search(target):
        yield Finding(language, message, "bidi")


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


if __name__ == "__main__":
    done = compile_all()
    sys.stdout.write(f"Messages compiled: {', '.join(done) if done else 'nothing new'}.\n")
