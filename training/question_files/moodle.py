"""Moodle XML, read: `<quiz>` with its questions. (docs.moodle.org, "Moodle XML format")

Entities and document types are refused before anything is read; a question that does not fit is refused with its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from training.question_files import checking
from training.question_files.facts import facts_of
from training.question_files.gift import LONGEST_BLOCK, LONGEST_CATEGORY
from training.question_files.telling import Telling, name_of
from training.question_files.values import FileRefused, Finding, Item, Part, Row, RowRefused, Said, refuse_too_many

DEEPEST = 30
QUESTION = "question"
FORMS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
NAMED = frozenset({"essay", "description", "cloze", "calculated"})


@dataclass
class Node:
    """One element: its name, attributes, words, children, and the line it begins at."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the words directly in the element."""
        return "".join(self.pieces)

    def all(self, name: str) -> list["Node"]:
        """Return the children of a name."""
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> "Node":
        """Return the first child of a name; an empty element where there is none."""
        return next(iter(self.all(name)), Node(name))

    def text(self, name: str = "text") -> str:
        """Return the words of the first child of a name."""
        return self.one(name).words


class _Builder(ContentHandler):
    """Builds the elements with their lines; refuses what is nested deeper than any question."""

    def __init__(self):
        super().__init__()
        self.root = Node("")
        self.stack = [self.root]

    def startElement(self, name, attrs):  # noqa: N802 -- the name that the standard library calls
        """Open an element."""
        if len(self.stack) > DEEPEST:
            raise FileRefused("too_deep", str(self._locator.getLineNumber()))
        node = Node(name, dict(attrs), self._locator.getLineNumber())
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def endElement(self, name):  # noqa: N802 -- as above
        """Close an element."""
        self.stack.pop()

    def characters(self, content):
        """Keep words."""
        self.stack[-1].pieces.append(content)


def read(content: bytes) -> tuple[Row, ...]:
    """Return a row for every question of a Moodle XML file, in its order; one that stands astray is refused, not passed by."""
    rows, category = [], ""
    quiz = _quiz(content)
    for parent, question in _elements(quiz):
        if not _is_like_question(question):
            continue
        if parent is not quiz or question.name != QUESTION:
            rows.append(_astray(question, parent, category))
        elif question.attributes.get("type") == "category":
            category = question.one("category").text().strip()[:LONGEST_CATEGORY]
        else:
            rows.append(_row(question, category))
        refuse_too_many(rows)
    return tuple(rows)


def _elements(parent: Node) -> Iterator[tuple[Node, Node]]:
    """Yield every element below one, in the order of the file, each with the one in which it stands."""
    for child in parent.children:
        yield parent, child
        if child.children:
            yield from _elements(child)


def _is_like_question(node: Node) -> bool:
    return node.name.rpartition(":")[2].lower() == QUESTION


def _astray(question: Node, parent: Node, category: str) -> Row:
    """Return the row of a question that Moodle would not read either: in another element, or by another name."""
    code, detail = ("question_inside", parent.name) if question.name == QUESTION else ("question_named", question.name)
    return Row(
        question.line, _name_of(question), _type_of(question), refusal=Finding(code, detail[:40]), category=category
    )


def _name_of(question: Node) -> str:
    return name_of(question.one("name").text())


def _type_of(question: Node) -> str:
    return question.attributes.get("type", "")[:40]


def _quiz(content: bytes) -> Node:
    builder = _Builder()
    try:
        parseString(content, builder, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused("entities") from error
    except SAXParseException as error:
        raise FileRefused("broken_xml", str(error.getLineNumber())) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused("unknown_encoding") from error
    quiz = builder.root.one("quiz")
    if not builder.root.all("quiz"):
        raise FileRefused("not_questions")
    return quiz


def _row(question: Node, category: str) -> Row:
    kind = _type_of(question)
    tags = [tag.text() for tag in question.one("tags").all("tag")]
    row = Row(
        question.line,
        _name_of(question),
        kind,
        key=question.text("idnumber").strip(),
        category=category,
        facts=facts_of(tags, category),
    )
    try:
        item, notes = _Question(question).read(kind)
        item, more = checking.checked(item)
    except RowRefused as error:
        return replace(row, refusal=Finding(error.code, error.detail))
    return replace(row, item=item, notes=(*notes, *more))


class _Question(Telling):
    """One question being read, and the notes that gather."""

    def __init__(self, node: Node):
        super().__init__()
        self.node = node
        self.form = FORMS.get(node.one("questiontext").attributes.get("format", ""), "html")

    def read(self, kind: str) -> tuple[Item, tuple[Finding, ...]]:
        """Return the question's item and what is to be told of it; refuse a type that the bank does not have."""
        if kind not in _READERS:
            raise RowRefused(kind if kind in NAMED else "unknown_type", kind)
        item = _READERS[kind](self, self.said(self.node.one("questiontext")))
        item, more = checking.with_general(item, self.said(self.node.one("generalfeedback")))
        return checking.tidy(item), self.told(more)

    def said(self, node: Node) -> Said:
        """Return the words of an element by language, as plain text; a file with it is refused."""
        if any(file.attributes.get("name") for file in node.all("file")):
            raise RowRefused("picture")
        if len(node.text()) > LONGEST_BLOCK:
            raise RowRefused("too_long", f"{len(node.text())} > {LONGEST_BLOCK}")
        form = FORMS.get(node.attributes.get("format", ""), self.form)
        if form == "markdown":
            self.notes.append(Finding("markdown"))
        return self.in_words(node.text(), form)

    def answers(self) -> list[tuple[float, Said, Said]]:
        """Return the answers as (per cent, words, feedback)."""
        return [
            (_fraction(answer), self.said(answer), self.said(answer.one("feedback")))
            for answer in self.node.all("answer")
        ]

    def choice(self, question: Said) -> Item:
        is_single = self.node.text("single").strip().lower() not in {"false", "0"}
        kind, parts, notes = checking.choice(self.answers(), is_single=is_single)
        self.notes += notes
        return Item(kind, question, parts)

    def truth(self, question: Said) -> Item:
        told = {answer.text().strip().lower(): answer for answer in self.node.all("answer")}
        if set(told) != {"true", "false"}:
            raise RowRefused("not_one_right", str(len(told)))
        parts = [
            Part(said, self.said(told[word].one("feedback")), _fraction(told[word]) > 0)
            for word, (_is_true, said) in zip(("true", "false"), checking.TRUE_FALSE, strict=True)
        ]
        return Item("single", question, tuple(parts))

    def match(self, question: Said) -> Item:
        pairs = self.node.all("subquestion")
        lefts = [self.said(pair) for pair in pairs]
        if not all(any(words.values()) for words in lefts):
            raise RowRefused("extra_right_sides")
        parts = [
            Part(left, self.said(pair.one("feedback")), match=self.said(pair.one("answer")))
            for left, pair in zip(lefts, pairs, strict=True)
        ]
        return Item("match", question, tuple(parts))

    def order(self, question: Said) -> Item:
        return Item("order", question, tuple(Part(text, feedback) for _share, text, feedback in self.answers()))

    def number(self, question: Said) -> Item:
        wrong: Said = {}
        rights = []
        for answer in self.node.all("answer"):
            if answer.text().strip() == "*" and _fraction(answer) <= 0:
                wrong = self.said(answer.one("feedback"))
            elif _fraction(answer) < 100:
                raise RowRefused("partial_weights")
            else:
                rights.append(answer)
        if len(rights) != 1:
            raise RowRefused("several_numbers", str(len(rights)))
        return Item(
            "number", question, answer=rights[0].text().strip(), tolerance=rights[0].text("tolerance").strip() or "0",
            unit=self.unit(), right_feedback=self.said(rights[0].one("feedback")), wrong_feedback=wrong,
        )  # fmt: skip

    def unit(self) -> Said:
        """Return the unit; several, which Moodle converts, are refused."""
        units = self.node.one("units").all("unit")
        if len(units) > 1:
            raise RowRefused("several_units", str(len(units)))
        return self.in_words(units[0].text("unit_name") if units else "", "plain")

    def short(self, question: Said) -> Item:
        if self.node.text("usecase").strip() == "1":
            self.notes.append(Finding("case_left_out"))
        return checking.short(question, self.answers())


def _fraction(answer: Node) -> float:
    return float(checking.decimal(answer.attributes.get("fraction", "0")))


_READERS = {
    "multichoice": _Question.choice,
    "truefalse": _Question.truth,
    "matching": _Question.match,
    "numerical": _Question.number,
    "shortanswer": _Question.short,
    "ordering": _Question.order,
}
