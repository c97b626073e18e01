"""What a question file says: items with their words in one or several languages, and what became of each row."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

from languages import table

Said = Mapping[str, str]  # language -> words; the source under its code
BLANK = "_____"  # what stands in a question where its answer was
MOST_ROWS = 1000  # questions of one file


class FileRefused(ValueError):
    """Raised when a file cannot be read as questions at all; `code` says why, `detail` where. Mend it and send it again."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"The file of questions cannot be read: {code} {detail}".strip())
        self.code, self.detail = code, detail


class RowRefused(ValueError):
    """Raised when one question cannot be taken as it is; `code` says why. The other questions of the file are not touched."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"The question cannot be taken: {code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Finding:
    """One thing to tell about a row: a code and what it concerns."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """An answer, one side of a pair with the other in `match`, or a step."""

    text: Said
    feedback: Said = field(default_factory=dict)
    right: bool = False
    match: Said = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """A question with its answers, whatever file it came in or goes out by.

    `kind` is one of ours: single, multiple, match, order (steps in the right order), number, short (`answers` one a line).
    """

    kind: str
    question: Said
    parts: tuple[Part, ...] = ()
    answer: str = ""
    tolerance: str = "0"
    unit: Said = field(default_factory=dict)
    answers: Said = field(default_factory=dict)
    right_feedback: Said = field(default_factory=dict)
    wrong_feedback: Said = field(default_factory=dict)

    def told(self) -> list[Said]:
        """Return every group of words of the item."""
        of_parts = [words for part in self.parts for words in (part.text, part.feedback, part.match)]
        return [self.question, self.unit, self.answers, self.right_feedback, self.wrong_feedback, *of_parts]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which the item says something, in the order of the house's table."""
        found = {code for words in self.told() for code in words}
        return tuple(code for code in table.CODES if code in found)

    def in_languages(self, codes) -> "Item":
        """Return the item with the words of some languages only."""
        return mapped(self, lambda words: {code: text for code, text in words.items() if code in codes and text})


@dataclass(frozen=True)
class Row:
    """One question of a file: its line, its name and type as the file gives them, and what it is or why it is refused.

    `key` is the idnumber; `facts` are the tags of ours that it carries: objective, critical, form, track.
    """

    line: int
    name: str
    type: str
    item: Item | None = None
    refusal: Finding | None = None
    notes: tuple[Finding, ...] = ()
    key: str = ""
    category: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A whole file: its rows, its format (gift or moodle_xml) and the encoding it was read in."""

    rows: tuple[Row, ...]
    format: str
    encoding: str

    def plain(self) -> dict:
        """Return the reading as JSON values."""
        return asdict(self)


def reading_of(plain: dict) -> Reading:
    """Return a reading from its JSON values."""
    return Reading(tuple(_row(row) for row in plain["rows"]), plain["format"], plain["encoding"])


def _row(plain: dict) -> Row:
    item, refusal = plain["item"], plain["refusal"]
    return Row(
        **plain
        | {
            "item": Item(**item | {"parts": tuple(Part(**part) for part in item["parts"])}) if item else None,
            "refusal": Finding(**refusal) if refusal else None,
            "notes": tuple(Finding(**note) for note in plain["notes"]),
        }
    )


def mapped(item: Item, change: Callable[[Said], Said]) -> Item:
    """Return an item with each group of words changed."""
    parts = tuple(
        replace(part, text=change(part.text), feedback=change(part.feedback), match=change(part.match))
        for part in item.parts
    )
    return replace(
        item,
        question=change(item.question),
        parts=parts,
        unit=change(item.unit),
        answers=change(item.answers),
        right_feedback=change(item.right_feedback),
        wrong_feedback=change(item.wrong_feedback),
    )


def refuse_too_many(rows: list[Row]) -> None:
    """Raise FileRefused where more rows are read than a file may hold: the rest of a huge file is not read for nothing."""
    if len(rows) > MOST_ROWS:
        raise FileRefused("too_many")
