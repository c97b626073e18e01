"""GIFT, read: one question a block of lines, whether an empty line stands between two or not. (docs.moodle.org, "GIFT format")

A block that is broken is refused with its line and takes no other with it.
"""

import json
import re
from dataclasses import replace

from languages.text import code_of
from training.question_files import checking
from training.question_files.facts import told_in
from training.question_files.gift_blocks import CATEGORY, TAG_OF_LANGUAGE, Block, blocks
from training.question_files.telling import Telling, name_of
from training.question_files.values import BLANK, Finding, Item, Part, Row, RowRefused, Said, refuse_too_many

# An escaped sign is one that no file holds: a noncharacter of Unicode, so that it is no mark of the format any more.
MARKS = "~=#{}:\\"
HIDDEN = {mark: chr(0xFDD0 + place) for place, mark in enumerate(MARKS)}
HIDDEN_BREAK = chr(0xFDD0 + len(MARKS))
SHOWN = {ord(sign): mark for mark, sign in HIDDEN.items()} | {ord(HIDDEN_BREAK): "\n"}
NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
ESCAPED = re.compile(r"\\([~=#{}:\\n])")
NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d*)?)%")
# What follows the sign of an order, in its line: each word at most once, and none is given back once it is taken, since
# spaces between words that may all be missing would be shared out in ever more ways.
_SETTINGS = (
    "ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG",
    "HORIZONTAL|HORI|VERTICAL|VERT|H|V",
    r"ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_\w+|LONGEST_\w+",
    "SHOW|HIDE|TRUE|FALSE|YES|NO",
    "none|123|abc|ABCD|iii|IIII",
)
_GAP = r"[^\S\n]*+"
ORDER = re.compile(
    rf">{_GAP}\d*+{_GAP}" + "".join(rf"(?:(?:{words})\b)?+{_GAP}" for words in _SETTINGS) + r"(?:\n|$)", re.IGNORECASE
)
EXTRAS = re.compile(r"\s*//\s*fanal:\s*(\{.*\})\s*$")
LONGEST_CATEGORY = 1000  # it is read again with each of its questions
LONGEST_BLOCK = 50_000  # signs of one question with all its languages; patterns are not let loose on more
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read(text: str) -> tuple[Row, ...]:
    """Return a row for every block of a GIFT file, in its order."""
    rows, category = [], ""
    for block in blocks(text):
        if found := CATEGORY.match(block.lines[0]):
            category = found[1].strip()[:LONGEST_CATEGORY]
        else:
            row = _row(block, category)
            rows += [row, *_taken_along(block, row)]
            refuse_too_many(rows)
    return tuple(rows)


def _taken_along(block: Block, row: Row) -> list[Row]:
    """Return a refused row for each other question that stands in a block with one that is broken: none is lost unnamed."""
    if row.refusal is None:
        return []
    return [
        Row(number, _plain_name(*_named(_shown(part))), "", refusal=_beside(block, place), category=row.category)
        for place, (number, part) in enumerate(block.questions[1:], start=1)
    ]


def _beside(block: Block, place: int) -> Finding:
    """Return why another question of a block is refused: a name without braces would be read as a part of the first."""
    return Finding("name_inside" if block.opened == 1 and place not in block.braced else "two_in_one")


def _row(block: Block, category: str) -> Row:
    written = "\n".join(block.lines)
    if len(written) > LONGEST_BLOCK:
        return Row(
            block.line, "", "", refusal=Finding("too_long", f"{len(written)} > {LONGEST_BLOCK}"), category=category
        )
    name, rest = _named(_shown(written))
    key, facts = told_in(block.comments, category)
    row = Row(block.line, _plain_name(name, rest), "", key=key, category=category, facts=facts)
    try:
        kind, item, notes = _Question(rest, block.comments, NONCHARACTERS.findall(written)).read()
        item, more = checking.checked(item)
    except RowRefused as error:
        return replace(row, type=_type_of(rest), refusal=Finding(error.code, error.detail))
    if len(block.questions) > 1:
        return replace(row, type=kind, refusal=Finding("two_in_one"))
    return replace(row, type=kind, item=item, notes=(*notes, *more))


def _shown(written: str) -> str:
    """Return a text with its escaped signs, and the braces of language tags, as no marks of the format."""
    bare = NONCHARACTERS.sub("", written)
    shown = ESCAPED.sub(lambda found: HIDDEN_BREAK if found[1] == "n" else HIDDEN[found[1]], bare)
    return TAG_OF_LANGUAGE.sub(lambda found: found[0].translate(_hidden_braces()), shown)


def _hidden_braces() -> dict[int, str]:
    return {ord(mark): HIDDEN[mark] for mark in "{}"}


def _named(shown: str) -> tuple[str, str]:
    found = NAME.match(shown)
    return (found[1].strip(), shown[found.end() :]) if found else ("", shown)


def _plain_name(name: str, rest: str) -> str:
    form = FORM.match(rest)
    return name_of((name or rest[form.end() if form else 0 :].partition("{")[0].strip()).translate(SHOWN))


def _type_of(rest: str) -> str:
    try:
        return _sort(_cut(rest)[1])
    except RowRefused as error:
        return error.code if error.code in {"description", "essay"} else ""


def _cut(rest: str) -> tuple[str, str]:
    """Return the question's text and what stands in its braces."""
    start, stop = rest.find("{"), rest.find("}")
    if start < 0 and stop < 0:
        raise RowRefused("description")
    if start < 0 or stop < start:
        raise RowRefused("broken_braces")
    after = rest[stop + 1 :]
    if "{" in after or "}" in after or "{" in rest[start + 1 : stop]:
        raise RowRefused("two_in_one" if "{" in after else "broken_braces")
    before = rest[:start]
    return (f"{before.rstrip()} {BLANK} {after.strip()}" if after.strip() else before), rest[start + 1 : stop].strip()


def _sort(answers: str) -> str:
    """Return the type of a question by what stands in its braces."""
    answers = answers.partition("####")[0].strip()
    if not answers:
        return "essay"
    if answers.startswith(">"):
        return "ordering"
    if answers.startswith("#"):
        return "numerical"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "matching"
    return "truefalse" if answers.partition("#")[0].strip().upper() in TRUTH else "shortanswer"


class _Question(Telling):
    """One question being read: its form, the notes that gather, what our own comment says besides."""

    def __init__(self, rest: str, comments: list[str], left_out: list[str]):
        super().__init__()
        self.unseen.update(code_of(sign) for sign in left_out)
        found = FORM.match(rest)
        self.form = found[1].lower() if found else "moodle"
        self.rest = rest[found.end() :] if found else rest
        self.notes += [Finding("markdown")] if self.form == "markdown" else []
        self.extras = self._extras(comments)

    def _extras(self, comments: list[str]) -> dict:
        """Return what GIFT has no place for and our comment keeps: feedback of pairs and steps, the unit of a number."""
        for comment in comments:
            if found := EXTRAS.match(comment):
                try:
                    told = json.loads(found[1])
                except (ValueError, RecursionError):
                    self.notes.append(Finding("extras_lost"))
                    return {}
                return told if isinstance(told, dict) else {}
        return {}

    def read(self) -> tuple[str, Item, tuple[Finding, ...]]:
        """Return the question's type, its item and what is to be told of it."""
        text, answers = _cut(self.rest)
        answers, general = self._general(answers)
        kind = _sort(answers)
        if kind == "essay":
            raise RowRefused("essay")
        item = _READERS[kind](self, self.said(text), answers)
        item, more = checking.with_general(item, general)
        return kind, checking.tidy(item), self.told(more)

    def _general(self, answers: str) -> tuple[str, Said]:
        answers, _mark, general = answers.partition("####")
        return answers.strip(), self.said(general)

    def said(self, shown: str) -> Said:
        """Return words by language, as plain text."""
        return self.in_words(shown.translate(SHOWN), self.form)

    def besides(self, name: str, place: int = 0) -> Said:
        """Return words that our comment keeps."""
        told = self.extras.get(name)
        words = told[place] if isinstance(told, list) and place < len(told) else told
        return self.said(NONCHARACTERS.sub("", words)) if isinstance(words, str) else {}

    def choice(self, question: Said, answers: str) -> Item:
        is_single = "=" in answers
        texts = []
        for written in _split(answers.replace("=", "~="), "~"):
            if written.startswith("="):
                weight, words = 100.0, written[1:]
            else:
                weight, words = _weighed(written, 0.0)
            text, _mark, feedback = words.partition("#")
            texts.append((weight, self.said(text), self.said(feedback)))
        kind, parts, notes = checking.choice(texts, is_single=is_single)
        self.notes += notes
        return Item(kind, question, parts)

    def truth(self, question: Said, answers: str) -> Item:
        word, *feedback = answers.split("#")
        wrong, right = (*(self.said(text) for text in feedback), {}, {})[:2]
        is_true = TRUTH[word.strip().upper()]
        told = {True: right if is_true else wrong, False: wrong if is_true else right}
        return Item(
            "single", question, tuple(Part(said, told[which], which is is_true) for which, said in checking.TRUE_FALSE)
        )

    def match(self, question: Said, answers: str) -> Item:
        parts = []
        for place, written in enumerate(_split(answers, "=")):
            left, arrow, right = written.partition("->")
            if not arrow:
                raise RowRefused("broken_pair", str(place + 1))
            if not left.strip():
                raise RowRefused("extra_right_sides")
            parts.append(Part(self.said(left), self.besides("feedback", place), match=self.said(right)))
        return Item("match", question, tuple(parts))

    def order(self, question: Said, answers: str) -> Item:
        found = ORDER.match(answers)
        listed = answers[found.end() :] if found else answers.lstrip("> ")
        steps = [line for line in listed.split("\n") if line.strip()]
        parts = tuple(Part(self.said(step), self.besides("feedback", place)) for place, step in enumerate(steps))
        return Item("order", question, parts)

    def number(self, question: Said, answers: str) -> Item:
        signed = answers[1:].replace("=", "~=").split("~")
        rights = [one for place, one in enumerate(signed) if one.startswith("=") or not place and one.strip()]
        wrong_feedback = self._of_every_wrong_number([one for one in signed[1:] if not one.startswith("=")])
        texts = [_weighed(written.removeprefix("="), 100.0) for written in rights]
        if any(weight < 100 for weight, _words in texts):
            raise RowRefused("partial_weights")
        if len(texts) != 1:
            raise RowRefused("several_numbers", str(len(texts)))
        value, _mark, feedback = texts[0][1].partition("#")
        answer, tolerance = checking.interval(value.strip())
        return Item(
            "number", question, answer=answer, tolerance=tolerance, unit=self.besides("unit"),
            right_feedback=self.said(feedback), wrong_feedback=wrong_feedback,
        )  # fmt: skip

    def _of_every_wrong_number(self, wrongs: list[str]) -> Said:
        """Return the feedback that is told of any wrong number; what is told of one of them only is left out, and noted."""
        told: Said = {}
        named = []
        for written in wrongs:
            weight, words = _weighed(written, 0.0)
            value, _mark, feedback = words.partition("#")
            if weight > 0:
                raise RowRefused("partial_weights")
            if value.strip() in {"", "*"}:
                told = told or self.said(feedback)
            else:
                named.append(value.strip().translate(SHOWN))
        if named:
            self.notes.append(Finding("wrong_numbers_left_out", ", ".join(named)[:80]))
        return told

    def short(self, question: Said, answers: str) -> Item:
        texts = []
        for written in _split(answers, "="):
            weight, words = _weighed(written, 100.0)
            text, _mark, feedback = words.partition("#")
            texts.append((weight, self.said(text), self.said(feedback)))
        return checking.short(question, texts)


def _split(answers: str, mark: str) -> list[str]:
    """Return the answers between marks; what stands before the first mark is one only when it is not empty."""
    return [part.strip() for place, part in enumerate(answers.split(mark)) if part.strip() or place]


def _weighed(written: str, default: float) -> tuple[float, str]:
    found = WEIGHT.match(written)
    return (float(found[1]), written[found.end() :]) if found else (default, written)


_READERS = {
    "multichoice": _Question.choice,
    "truefalse": _Question.truth,
    "matching": _Question.match,
    "ordering": _Question.order,
    "numerical": _Question.number,
    "shortanswer": _Question.short,
}
