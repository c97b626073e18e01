"""GIFT, cut into questions: by empty lines, and where one question follows another without one."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TAG_OF_LANGUAGE = re.compile(r"\{ ?mlang(?: [\w, -]{1,80})? ?\}", re.IGNORECASE)
CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
TITLED = re.compile(r"\s*::.+?::")
_NAME_INSIDE = re.compile(r"(?<=[\s}])::(?:(?!::)[^{}])+::")
ANSWER_SIGNS = ("=", "~", "}")
_HIDDEN = re.compile(r"\\.")  # an escaped sign is no mark of the format


@dataclass
class Block:
    """Lines that belong together: the first line's number, the lines, and the comments between them.

    `later` are the comments since its last line, `questions` what stands in it as a question, with the numbers of the lines:
    where nothing is broken that is one. One `awaits` its braces as long as none opened after its name; `braced` are the
    places of those for which some did.
    """

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    questions: list[tuple[int, str]] = field(default_factory=list)
    awaits: bool = False
    braced: set[int] = field(default_factory=set)
    opened: int = 0
    closed: int = 0
    is_whole: bool = False

    def add(self, number: int, line: str) -> None:
        """Add a line; with its last brace closed at the end of a line, a question is whole."""
        bare = _bare(line)
        self.line = self.line or number
        self.lines.append(line)
        self._take_comments()
        for part in _apart(line):
            self._note(number, part)
        self.opened, self.closed = self.opened + bare.count("{"), self.closed + bare.count("}")
        self.is_whole = self.opened == self.closed and bare.rstrip().endswith("}")

    def _note(self, number: int, part: str) -> None:
        """Keep a part of a line as a question when it bears a name, or opens braces for which no other one waits."""
        bare = _bare(part)
        opens = "{" in bare and not bare.lstrip().startswith(ANSWER_SIGNS)
        if not self.questions or TITLED.match(part) or (opens and not self.awaits):
            self.questions.append((number, part))
            self.awaits = True
        self.awaits = self.awaits and not opens
        if opens:
            self.braced.add(len(self.questions) - 1)

    def is_followed_by(self, line: str) -> bool:
        """Tell whether a line begins the next question: a question has one name and one pair of braces.

        A line with a whole name does so too where a brace was left open, or none came yet: else one that is broken would
        take the next with it.
        """
        if line.lstrip().startswith("::"):
            return 0 < self.opened == self.closed or self.is_unfinished_before(line)
        return self.is_whole and "{" in _bare(line)

    def is_unfinished_before(self, line: str) -> bool:
        """Tell whether a brace is open, or none came yet, where a line bears a whole name."""
        return (self.opened > self.closed or not self.opened) and bool(TITLED.match(line))

    def ended(self) -> "Block":
        """Return the block with the comments after its last line."""
        self._take_comments()
        return self

    def _take_comments(self) -> None:
        self.comments += self.later
        self.later = []


def _apart(line: str) -> list[str]:
    """Return a line cut before each name that stands in it: there another question begins."""
    bare = _HIDDEN.sub("..", line)  # as long as it was
    begins = len(bare) - len(bare.lstrip())
    places = [0, *(found.start() for found in _NAME_INSIDE.finditer(bare) if found.start() > begins), len(line)]
    return [line[start:end] for start, end in itertools.pairwise(places)]


def _bare(line: str) -> str:
    return _HIDDEN.sub("", TAG_OF_LANGUAGE.sub("", line))


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions and categories of a file, each as its lines; comments stand before what they speak of."""
    block = Block(0)
    for number, line in enumerate(text.split("\n"), start=1):
        is_comment, is_category = line.lstrip().startswith("//"), bool(CATEGORY.match(line))
        is_next = is_category or not line.strip() or block.is_followed_by(line)
        if block.lines and (is_next or is_comment and block.is_whole):
            after = Block(0)
            if block.is_unfinished_before(line):
                after.later, block.later = block.later, []
            yield block.ended()
            block = after
        if is_comment:
            block.later.append(line)
        elif is_category:
            yield Block(number, [line])
        elif line.strip():
            block.add(number, line)
    if block.lines:
        yield block.ended()
