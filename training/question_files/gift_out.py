"""GIFT, written, as Moodle reads it. What GIFT has no place for stands in a comment of ours, which Moodle passes over."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from training.question_files.facts import tags_of
from training.question_files.tongues import together
from training.question_files.values import Item, Part, Said

ESCAPE = re.compile(r"[~=#{}:\\]")
WEIGHTED = re.compile(r"\s*%")


class CannotBeWritten(ValueError):
    """Raised when GIFT cannot say a question without changing it; `keys` name them. Moodle XML can."""

    def __init__(self, keys: list[str]):
        super().__init__(f"GIFT cannot say these questions: {', '.join(keys)}")
        self.keys = keys


@dataclass(frozen=True)
class Outgoing:
    """A question to be written: its key, item, facts, and the category it stands in."""

    key: str
    item: Item
    category: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def write(questions: Iterable[Outgoing]) -> str:
    """Return a GIFT file; raise CannotBeWritten with every question that GIFT cannot say."""
    blocks, category, refused = [], "", []
    for question in questions:
        if question.category != category:
            category = question.category
            blocks.append(f"$CATEGORY: $course$/top/{category}")
        if _is_beyond(question.item):
            refused.append(question.key)
        blocks.append(_block(question))
    if refused:
        raise CannotBeWritten(refused)
    return "\n\n".join(blocks) + "\n"


def _is_beyond(item: Item) -> bool:
    """Tell whether words would be read as marks that GIFT cannot escape: an arrow, which makes pairs, a comment as a step."""
    texts = [together(part.text) for part in item.parts]
    if item.kind == "match":
        return any("->" in text for text in texts)
    if item.kind == "order":
        return any(text.lstrip().startswith(("//", "$CATEGORY")) for text in texts)
    if item.kind == "short":
        said = map(together, (item.answers, item.right_feedback, item.wrong_feedback))
        return "*" in together(item.answers) or any("->" in text for text in said)
    return False


def _block(question: Outgoing) -> str:
    item = question.item
    lines = [f"// [id:{question.key}]" + "".join(f" [tag:{tag}]" for tag in tags_of(question.facts))]
    if extras := _extras(item):
        lines.append(f"// fanal: {json.dumps(extras, ensure_ascii=False)}")
    head = f"::{question.key}::[plain]{_said(item.question)}{{"
    return "\n".join([*lines, head + _WRITERS[item.kind](item), "}"])


def _extras(item: Item) -> dict:
    extras: dict[str, object] = {}
    if item.kind in {"match", "order"} and any(part.feedback for part in item.parts):
        extras["feedback"] = [together(part.feedback) for part in item.parts]
    if item.unit:
        extras["unit"] = together(item.unit)
    return extras


def _said(words: Said) -> str:
    return ESCAPE.sub(lambda mark: f"\\{mark[0]}", together(words)).replace("\n", "\\n")


def _answer(mark: str, words: str, feedback: Said) -> str:
    return f"\n\t{mark}{words}" + (f"#{_said(feedback)}" if feedback else "")


def _single(item: Item) -> str:
    return "".join(_choice("=" if part.right else "~", part) for part in item.parts)


def _choice(mark: str, part: Part) -> str:
    words = _said(part.text)
    is_wrong = mark == "~" and WEIGHTED.match(words)
    return _answer(f"{mark}%0%" if is_wrong else mark, words, part.feedback)


def _multiple(item: Item) -> str:
    share = f"{100 / sum(part.right for part in item.parts):.5f}".rstrip("0").rstrip(".")
    return "".join(
        _answer(f"~%{share}%" if part.right else f"~%-{share}%", _said(part.text), part.feedback)
        for part in item.parts
    )


def _match(item: Item) -> str:
    return "".join(f"\n\t={_said(part.text)} -> {_said(part.match)}" for part in item.parts)


def _order(item: Item) -> str:
    steps = "".join(f"\n\t{_said(part.text)}" for part in item.parts)
    return f">{len(item.parts)} ALL VERTICAL ABSOLUTE_POSITION SHOW none{steps}"


def _number(item: Item) -> str:
    wrong = f"\n\t~#{_said(item.wrong_feedback)}" if item.wrong_feedback else ""
    return f"#{_answer('=', f'{item.answer}:{item.tolerance}', item.right_feedback)}{wrong}"


def _short(item: Item) -> str:
    accepted = [{"en": line} for line in item.answers.get("en", "").split("\n")]
    if set(item.answers) - {"en"}:
        accepted = [item.answers]
    right = "".join(_answer("=%100%", _said(words), item.right_feedback) for words in accepted)
    return right + (_answer("=%0%", "*", item.wrong_feedback) if item.wrong_feedback else "")


_WRITERS: dict[str, Callable[[Item], str]] = {
    "single": _single,
    "multiple": _multiple,
    "match": _match,
    "order": _order,
    "number": _number,
    "short": _short,
}
