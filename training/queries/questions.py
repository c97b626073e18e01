"""A question as it is asked and, once answered, explained."""

from dataclasses import dataclass, replace

from training import grading


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen, or one place that can be filled."""

    id: str
    text: str
    is_chosen: bool = False
    reason: str = ""
    feedback: str = ""
    is_right: bool = False
    value: str = ""


@dataclass(frozen=True)
class Question:
    """A question with its answers and, once answered, with what each part is worth and why."""

    id: str
    kind: str
    question: str
    choices: tuple[Choice, ...]
    targets: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    source_unit: str = ""
    response: object = None
    is_answered: bool = False
    is_right: bool = False
    feedback: str = ""
    answer: str = ""
    item: grading.Item | None = None

    @property
    def units(self) -> tuple[str, str]:
        """Return the units that may stand behind a typed number: the reader's and the source's."""
        return self.unit, self.source_unit

    @property
    def numbers(self) -> range:
        """Return the places of an order question."""
        return range(1, len(self.choices) + 1)


def check_of(block: dict, source: dict) -> dict:
    """Return a question as compiled rows keep it: words beside ids; what belongs together comes from the source."""
    value = block["value"]
    found = {
        name: value.get(name) or "" for name in ("heading", "question", "unit", "right_feedback", "wrong_feedback")
    }
    parts = grading.parts_of(block)
    groups = dict(grading.item_of_block(source).groups)
    found["parts"] = [
        {"id": part["id"]} | ({"group": groups[part["id"]]} if groups else {}) | part["value"] for part in parts
    ]
    found["answer"] = str(value.get("answer", value.get("answers", "")))
    found["tolerance"] = str(value.get("tolerance", "0"))
    if found["unit"]:
        found["source_unit"] = source["value"].get("unit") or ""
    return found


def item_of(entry: dict) -> grading.Item:
    """Return the key of a compiled question."""
    parts = entry["parts"]
    ids = tuple(part["id"] for part in parts)
    if entry["kind"] == "match":
        return grading.Item(
            entry["id"], "match", ids, groups=tuple((part["id"], _group(parts, part)) for part in parts)
        )
    right = ids if entry["kind"] == "order" else tuple(part["id"] for part in parts if part.get("right"))
    return grading.Item(
        entry["id"], entry["kind"], ids, right=right, answer=entry["answer"], tolerance=entry["tolerance"]
    )


def _group(parts: list[dict], part: dict) -> str:
    return part["group"]


def question_of(entry: dict, response=None, seed: str = "", key: grading.Item | None = None) -> Question:
    """Return a question to be asked or, with a response, explained."""
    item = key or item_of(entry)
    answered = not grading.is_empty(response) and grading.fits(item, response)
    mark = grading.grade(item, response) if answered else grading.UNANSWERED
    asked = Question(
        id=entry["id"],
        kind=entry["kind"],
        question=entry["question"],
        choices=_choices(entry, item, response if answered else None, mark, seed),
        targets=_targets(entry, item),
        unit=entry["unit"],
        source_unit=entry.get("source_unit", ""),
        response=response if answered else None,
        is_answered=answered,
        is_right=mark.right,
        answer=item.answer,
        item=item,
    )
    if entry["kind"] in grading.TYPED and answered:
        return replace(asked, feedback=entry["right_feedback" if mark.right else "wrong_feedback"])
    return asked


def _targets(entry: dict, item: grading.Item) -> tuple[tuple[str, str], ...]:
    """Return what the left sides of a match may be given, once each, in a fixed order that is not the key's."""
    if entry["kind"] != "match":
        return ()
    texts = {part["id"]: part["right"] for part in entry["parts"]}
    groups = list(dict.fromkeys(group for _left, group in item.groups))
    return tuple((group, texts[group]) for group in grading.shuffled("targets", item.id, groups) if group in texts)


def _choices(entry: dict, item: grading.Item, response, mark: grading.Mark, seed: str) -> tuple[Choice, ...]:
    order = [part["id"] for part in entry["parts"]]
    if seed or entry["kind"] == "order":
        order = grading.shuffled(seed or "order", item.id, order)
    parts = {part["id"]: part for part in entry["parts"]}
    reasons = dict(mark.reasons)
    return tuple(_choice(parts[key], entry["kind"], item, response, reasons) for key in order)


def _choice(part: dict, kind: str, item: grading.Item, response, reasons: dict[str, str]) -> Choice:
    key, value, chosen = part["id"], "", False
    if response is not None:
        if kind == "single":
            chosen = response == key
        elif kind == "multiple":
            chosen = key in response
        elif kind == "match":
            value = dict(tuple(pair) for pair in response).get(key, "")
        elif kind == "order":
            value = str(response.index(key) + 1)
    return Choice(
        id=key,
        text=part["left"] if kind == "match" else part["text"],
        is_chosen=chosen,
        reason=reasons.get(key, ""),
        feedback=part["feedback"],
        is_right=key in item.right,
        value=value,
    )
