"""Items and the raw blocks of the bank: one into the other, ids kept where the words are the same."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from languages import table
from training import grading
from training.question_files.values import Item, Part, Said
from training.question_files.wording import worded

SPACE = uuid.UUID("2b6a0f6e-0b9d-5a55-9a0c-6f1f0e5f7c11")
Texts = Mapping[str, Mapping[str, str]]  # language -> path -> words


class Place(NamedTuple):
    """Where a text in another language stands: its language, and its path in the block."""

    language: str
    path: str


def item_of(block: dict, texts: Texts | None = None) -> Item:
    """Return the item of a raw block of the bank, with its translations by path."""
    value, kind = block["value"], block["type"]
    path, by_language = f"body.{block['id']}", texts or {}

    def said(name: str, words: str | None) -> Said:
        found = {table.SOURCE: words or ""}
        found |= {code: of_language.get(name, "") for code, of_language in by_language.items()}
        return {code: worded(text, "plain") for code, text in found.items() if text.strip()}

    def own(name: str) -> Said:
        return said(f"{path}.{name}", value.get(name))

    plural = grading.PARTS.get(kind, "")
    parts = tuple(_part(kind, part, f"{path}.{plural}.{part['id']}", said) for part in value.get(plural, []))
    told = {name: own(name) for name in ("unit", "answers", "right_feedback", "wrong_feedback")}
    is_number = kind == "number"
    return Item(
        kind,
        own("question"),
        parts,
        answer=grading.plainest(value["answer"]) if is_number else "",
        tolerance=grading.plainest(value["tolerance"]) if is_number else "0",
        **told,
    )


def _part(kind: str, part: dict, path: str, said) -> Part:
    value = part["value"]
    feedback = said(f"{path}.feedback", value.get("feedback"))
    if kind == "match":
        left, right = (said(f"{path}.{side}", value[side]) for side in ("left", "right"))
        return Part(left, feedback, match=right)
    is_right = bool(value.get("right")) if kind in grading.CHOSEN else False
    return Part(said(f"{path}.text", value["text"]), feedback, is_right)


def block_of(item: Item, key: str, standing: dict | None = None, stored: dict | None = None) -> dict:
    """Return the raw block of an item; what stands keeps its ids, so that answers and translations still refer to it.

    `stored` is what the row says below the draft that stands, if one does: what comes back from it has its ids again.
    """
    value = {"heading": "", "question": item.question[table.SOURCE]}
    if item.kind in grading.PARTS:
        plural = grading.PARTS[item.kind]
        ids = _ids(item, key, *(_parts_of(block, item.kind) for block in (standing, stored)))
        value[plural] = [
            {"type": "item", "id": own, "value": _value(item.kind, part)}
            for own, part in zip(ids, item.parts, strict=True)
        ]
    else:
        value |= {name: getattr(item, name).get(table.SOURCE, "") for name in ("right_feedback", "wrong_feedback")}
    if item.kind == "number":
        value |= {"answer": item.answer, "tolerance": item.tolerance, "unit": item.unit.get(table.SOURCE, "")}
    if item.kind == "short":
        value["answers"] = item.answers[table.SOURCE]
    return {"type": item.kind, "value": value, "id": standing["id"] if standing else str(uuid.uuid5(SPACE, key))}


def _value(kind: str, part: Part) -> dict:
    feedback = part.feedback.get(table.SOURCE, "")
    if kind == "match":
        return {"left": part.text[table.SOURCE], "right": part.match[table.SOURCE], "feedback": feedback}
    value = {"text": part.text[table.SOURCE], "feedback": feedback}
    return value | {"right": part.right} if kind != "order" else value


def _parts_of(block: dict | None, kind: str) -> list[dict]:
    return block["value"][grading.PARTS[kind]] if block and block["type"] == kind else []


def _ids(item: Item, key: str, before: list[dict], stored: list[dict]) -> list[str]:
    """Return an id for each part: that of the standing part that says the same, or of a stored one that stands no more;
    where as many are left on both sides, theirs in order, since their words were changed; else one of its own, which no
    part of this question bears: a standing one may have been made from these very words before it was reworded."""
    standing = {part["id"] for part in before}
    name = "left" if item.kind == "match" else "text"
    free: dict[str, list[str]] = {}
    for part in [*before, *(part for part in stored if part["id"] not in standing)]:
        free.setdefault(worded(part["value"][name], "plain"), []).append(part["id"])
    found: list[str | None] = []
    for part in item.parts:
        same = free.get(part.text[table.SOURCE])
        found.append(same.pop(0) if same else None)
    left = [part["id"] for part in before if part["id"] not in found]
    reworded = iter(left if len(left) == found.count(None) else [])
    own_of = "/".join([key, *(part["id"] for part in [*before, *stored])])
    return [
        own or next(reworded, str(uuid.uuid5(SPACE, f"{own_of}/{place}/{part.text[table.SOURCE]}")))
        for place, (own, part) in enumerate(zip(found, item.parts, strict=True))
    ]


def texts_of(item: Item, block: dict) -> dict[str, dict[str, str]]:
    """Return the translations of an item by language and by path in its block; without a source none has a place."""
    path, value = f"body.{block['id']}", block["value"]
    placed = {f"{path}.{name}": getattr(item, name) for name in ("question", "unit", "answers")}
    placed |= {f"{path}.{name}": getattr(item, name) for name in ("right_feedback", "wrong_feedback")}
    plural = grading.PARTS.get(item.kind, "")
    for raw, part in zip(value.get(plural, []), item.parts, strict=True):
        of_part = f"{path}.{plural}.{raw['id']}"
        sides = {"left": part.text, "right": part.match} if item.kind == "match" else {"text": part.text}
        placed |= {f"{of_part}.{name}": words for name, words in (sides | {"feedback": part.feedback}).items()}
    texts: dict[str, dict[str, str]] = {}
    for place, said in placed.items():
        for code, words in said.items():
            if code != table.SOURCE and words and said.get(table.SOURCE):
                texts.setdefault(code, {})[place] = words
    return texts


def texts_brought(item: Item, block: dict, known: Mapping[Place, Collection[str]]) -> Iterator[tuple[Place, str]]:
    """Yield the translations of an item that its block does not have yet: those that are there, and that no place of it
    says already, as draft or to readers. One that is not there says nothing against what stands."""
    for language, texts in texts_of(item, block).items():
        for path, text in texts.items():
            place = Place(language, path)
            if text not in known.get(place, ()):
                yield place, text
