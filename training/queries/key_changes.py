"""Right answers that an edit changes, with what readers are told beside each answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from training import changing, grading, rewording
from training.queries.proposals import blocks_of


@dataclass(frozen=True)
class Answer:
    """An answer as it would be: whether it is right (None where that is no yes or no), its feedback.

    `is_left`: its feedback says what it said, beside another answer or one that counts otherwise now. `is_own_words`: its
    text is the source's.
    """

    text: str
    is_right: bool | None
    feedback: str
    is_left: bool = False
    is_own_words: bool = True


@dataclass(frozen=True)
class KeyChange:
    """A right answer that changes, in the words of its source: what is right for readers now, what would be."""

    question: str
    before: str
    after: str
    answers: tuple[Answer, ...] = ()

    @property
    def is_yes_or_no(self) -> bool:
        """Tell whether each answer by itself is right or wrong, as pairs and steps are not."""
        return any(answer.is_right is not None for answer in self.answers)

    @property
    def is_left(self) -> bool:
        """Tell whether some feedback stayed although its answer is another one, or counts otherwise."""
        return any(answer.is_left for answer in self.answers)


def key_changes(live: models.Model, draft: models.Model) -> Iterator[KeyChange]:
    """Yield each right answer that changes: what is right for readers now, and what would be."""
    blocks = blocks_of(live)
    before = {block["id"]: block for block in blocks if block["type"] in grading.KINDS}
    for block in changing.as_known(blocks, blocks_of(draft)):
        old = before.get(block["id"])
        if old and rewording.is_other(old, block):
            yield KeyChange(block["value"]["question"], *_right_of(old, block), tuple(_answers(old, block)))


def _right_of(old: dict, block: dict) -> tuple[str, str]:
    """Return what is right in a question now and what would be; of pairs, those that change."""
    if old["type"] == block["type"] == "match":
        had, gets = _pairs(old), _pairs(block)
        return "; ".join(one for one in had if one not in gets), "; ".join(one for one in gets if one not in had)
    return _said(old), _said(block)


def _said(block: dict) -> str:
    """Return what is right in a question, in the words of its source."""
    value = block["value"]
    if block["type"] == "number":
        return f"{value['answer']} ± {value['tolerance']}"
    if block["type"] == "short":
        return "; ".join(value["answers"].splitlines())
    if block["type"] == "match":
        return "; ".join(_pairs(block))
    if block["type"] == "order":
        return "; ".join(part["value"]["text"] for part in value["steps"])
    return "; ".join(part["value"]["text"] for part in value["options"] if part["value"].get("right"))


def _pairs(block: dict) -> list[str]:
    return [f"{part['value']['left']} → {part['value']['right']}" for part in block["value"]["pairs"]]


def _answers(old: dict, block: dict) -> Iterator[Answer]:
    """Yield each answer of a question as it would be, with its feedback."""
    if block["type"] in grading.TYPED:
        yield from _of_what_is_typed(old["value"], block["value"])
        return
    before = {key: (place, part) for place, (key, part) in enumerate(_parts(old))}
    twins = rewording.twins(old, block) if old["type"] == block["type"] else {}
    for place, (key, part) in enumerate(_parts(block)):
        there, was = before.get(key), before.get(twins.get(key, key))
        is_beside_another = there is not was and _is_said(there, part)
        is_left = is_beside_another or (_is_said(was, part) and _counts(block, *was) != _counts(block, place, part))
        is_right = bool(part.get("right")) if block["type"] in grading.CHOSEN else None
        yield Answer(_text(part), is_right, _feedback(part), is_left)


def _is_said(had: tuple[int, dict] | None, part: dict) -> bool:
    """Tell whether the feedback of an answer is what another one, or it itself, had."""
    return had is not None and _feedback(had[1]) == _feedback(part)


def _of_what_is_typed(old: dict, value: dict) -> Iterator[Answer]:
    """Yield what is said to who is right and to who is wrong: both speak of one number, or of the words that are accepted."""
    for name, words, is_right in (
        ("right_feedback", _("Who answers rightly"), True),
        ("wrong_feedback", _("Who answers wrongly"), False),
    ):
        said = (value.get(name) or "").strip()
        yield Answer(words, is_right, said, bool(said) and said == (old.get(name) or "").strip(), False)


def _parts(block: dict) -> list[tuple[str, dict]]:
    return [(part["id"], part["value"]) for part in grading.parts_of(block)]


def _counts(block: dict, place: int, part: dict) -> object:
    """Return what an answer counts as: right or not, the side that belongs to it, its place in an order."""
    if block["type"] == "order":
        return place
    return rewording.bare(part.get("right") or "") if block["type"] == "match" else bool(part.get("right"))


def _text(part: dict) -> str:
    return f"{part['left']} → {part['right']}" if "left" in part else part["text"]


def _feedback(part: dict) -> str:
    return (part.get("feedback") or "").strip()
