"""GIFT, cut into questions: by empty lines, and where one question follows another without one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TAG_OF_LANGUAGE = re.compile(r"\{ ?mlang(?: [\w, -]{1,80})? ?\}", re.IGNORECASE)
CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
_HIDDEN = re.compile(r"\\.")  # an escaped sign is no mark of the format


@dataclass
class Block:
    """Lines that belong together: the first line's number, the lines, and the comments between them."""

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    is_whole: bool = False

    def add(self, number: int, line: str) -> None:
        """Add a line; with its last brace closed at the end of a line, a question is whole."""
        bare = _bare(line)
        self.line = self.line or number
        self.lines.append(line)
        self.opened, self.closed = self.opened + bare.count("{"), self.closed + bare.count("}")
        self.is_whole = self.opened == self.closed and bare.rstrip().endswith("}")

    def is_followed_by(self, line: str) -> bool:
        """Tell whether a line begins the next question: a question has one name and one pair of braces."""
        if line.lstrip().startswith("::"):
            return 0 < self.opened == self.closed
        return self.is_whole and "{" in _bare(line)


def _bare(line: str) -> str:
    return _HIDDEN.sub("", TAG_OF_LANGUAGE.sub("", line))


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions and categories of a file, each as its lines; comments stand before what they speak of."""
    block = Block(0)
    for number, line in enumerate(text.split("\n"), start=1):
        is_comment, is_category = line.lstrip().startswith("//"), bool(CATEGORY.match(line))
        is_next = is_category or not line.strip() or block.is_followed_by(line)
        if block.lines and (is_next or is_comment and block.is_whole):
            yield block
            block = Block(0)
        if is_comment:
            block.comments.append(line)
        elif is_category:
            yield Block(number, [line])
        elif line.strip():
            block.add(number, line)
    if block.lines:
        yield block
