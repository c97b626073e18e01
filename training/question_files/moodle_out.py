"""Moodle XML, written. Feedback of pairs and steps stands where Moodle passes over it and we read it again."""

from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape, quoteattr

from training.question_files.facts import tags_of
from training.question_files.gift_out import Outgoing
from training.question_files.tongues import together
from training.question_files.values import Item, Said

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "match": "matching",
    "order": "ordering",
    "number": "numerical",
    "short": "shortanswer",
}


def write(questions: Iterable[Outgoing]) -> str:
    """Return a Moodle XML file."""
    parts, category = [], None
    for question in questions:
        if question.category and question.category != category:
            category = question.category
            path = escape(f"$course$/top/{category}")
            parts.append(f'<question type="category"><category><text>{path}</text></category></question>')
        parts.append(_question(question))
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(parts) + "\n</quiz>\n"


def _question(question: Outgoing) -> str:
    item = question.item
    tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(question.facts))
    return "\n  ".join(
        [
            f'<question type="{TYPES[item.kind]}">',
            f"<name>{_text(question.key)}</name>",
            f'<questiontext format="plain_text">{_text(together(item.question))}</questiontext>',
            '<generalfeedback format="plain_text"><text></text></generalfeedback>',
            "<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>",
            f"<idnumber>{escape(question.key)}</idnumber>",
            *_WRITERS[item.kind](item),
            f"<tags>{tags}</tags>\n</question>",
        ]
    )


def _text(words: str) -> str:
    return f"<text>{escape(words)}</text>"


def _feedback(words: Said) -> str:
    return f'<feedback format="plain_text">{_text(together(words))}</feedback>' if words else ""


def _answer(share: str, words: str, more: str = "") -> str:
    return f'<answer fraction={quoteattr(share)} format="plain_text">{_text(words)}{more}</answer>'


def _choice(item: Item) -> list[str]:
    is_single = item.kind == "single"
    share = 100 / sum(part.right for part in item.parts)
    right, wrong = f"{share:.5f}", "0" if is_single else f"-{share:.5f}"
    return [
        f"<single>{'true' if is_single else 'false'}</single><shuffleanswers>true</shuffleanswers>",
        "<answernumbering>abc</answernumbering>",
        *(
            _answer(right if part.right else wrong, together(part.text), _feedback(part.feedback))
            for part in item.parts
        ),
    ]


def _match(item: Item) -> list[str]:
    return ["<shuffleanswers>true</shuffleanswers>"] + [
        f'<subquestion format="plain_text">{_text(together(part.text))}'
        f"<answer>{_text(together(part.match))}</answer>{_feedback(part.feedback)}</subquestion>"
        for part in item.parts
    ]


def _order(item: Item) -> list[str]:
    return [
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount>",
        "<gradingtype>ABSOLUTE_POSITION</gradingtype><showgrading>SHOW</showgrading>",
        *(_answer("100", together(part.text), _feedback(part.feedback)) for part in item.parts),
    ]


def _number(item: Item) -> list[str]:
    right = f"<tolerance>{escape(item.tolerance)}</tolerance>{_feedback(item.right_feedback)}"
    lines = [_answer("100", item.answer, right)]
    if item.wrong_feedback:
        lines.append(_answer("0", "*", f"<tolerance>0</tolerance>{_feedback(item.wrong_feedback)}"))
    if item.unit:
        name = escape(together(item.unit))
        lines.append(f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>")
    return lines


def _short(item: Item) -> list[str]:
    accepted = item.answers.get("en", "").split("\n") if set(item.answers) <= {"en"} else [together(item.answers)]
    lines = [
        "<usecase>0</usecase>",
        *(_answer("100", words, _feedback(item.right_feedback)) for words in accepted),
    ]
    return lines + ([_answer("0", "*", _feedback(item.wrong_feedback))] if item.wrong_feedback else [])


_WRITERS: dict[str, Callable[[Item], list[str]]] = {
    "single": _choice,
    "multiple": _choice,
    "match": _match,
    "order": _order,
    "number": _number,
    "short": _short,
}
